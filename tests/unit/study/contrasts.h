/* Two made-up runs of a city of two areas, three replicates, output of 2015 and 2016:
 * all zero until a test puts something in. */
#ifndef ALLOSTAT_TESTS_CONTRASTS_H
#define ALLOSTAT_TESTS_CONTRASTS_H

#include "study/contrast.h"

enum { CONTRASTS_REPLICATES = 3, CONTRASTS_FIRST = 2015 * 12 };

typedef struct {
    allostat_scenario scenario[2];
    allostat_records replicate[2][CONTRASTS_REPLICATES];
    allostat_results base, policy;
    allostat_contrast contrast;
} contrasts;

contrasts *contrasts_new(void);
void contrasts_free(contrasts *self);

/* Make the contrast of all months; it must succeed. */
void contrasts_make(contrasts *self);

/* Deaths by overdose of women of the youngest group in the first area, month m. */
void contrasts_kill(allostat_results *run, int r, int m, int persons);

#endif
