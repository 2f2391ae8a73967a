/* The overdoses of a day, one by one. */
#ifndef ALLOSTAT_ENGINE_OVERDOSES_H
#define ALLOSTAT_ENGINE_OVERDOSES_H

#include "engine/day.h"

/* Days of a city under the same parameters. */
typedef struct {
    allostat_city *city;
    const allostat_params *params;
    const allostat_day_terms *terms; /* [day_count] */
    int32_t day_count;
    double *seconds; /* [ALLOSTAT_DAY_PROCESS_COUNT], or NULL when nobody measures */
    allostat_response_chances chances; /* of params */
} allostat_span;

/* A block has lived a day: who overdosed is listed. */
void allostat_overdoses_list(allostat_row_list *self, const allostat_day_block *block);

/* All blocks of everybody's table have lived day `day` of the span: what
 * befalls those who overdosed is settled in order of person, whatever the order of the
 * table. */
void allostat_overdoses_settle(const allostat_span *span, int32_t day);

/* What a block keeps of some days. */
typedef struct {
    allostat_evening_places evenings;
    allostat_share_bunch settled;
} allostat_block_places;

/* A block has lived day `day` of the span, and others have not: overdoses that concern
 * nobody else are settled, the others remain, see engine/settled.h. */
allostat_some_rows allostat_overdoses_settle_own(const allostat_span *span, int32_t day,
                                                 allostat_day_block *block,
                                                 allostat_block_places *places);

/* All blocks have lived all days of the span: who lives apart lives day `day`, and
 * overdoses are settled in the same way. */
void allostat_overdoses_live(const allostat_span *span, int32_t day);

#endif
