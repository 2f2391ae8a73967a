/* The daily processes of the opioid floor, their terms together, in the order of the
 * model page. */
#ifndef ALLOSTAT_OPIOID_DAILY_H
#define ALLOSTAT_OPIOID_DAILY_H

#include "mind/regulation.h"
#include "opioid/craving.h"
#include "opioid/dsm5.h"
#include "opioid/exposure.h"
#include "opioid/overdose.h"
#include "opioid/pain.h"
#include "opioid/supply.h"
#include "opioid/tolerance.h"
#include "opioid/use.h"

#include <stdbool.h>

typedef struct {
    allostat_supply supply;
    allostat_use_terms use;
    allostat_overdose_terms overdose;
    allostat_exposure_terms exposure;
    allostat_tolerance_terms tolerance;
    allostat_pain_terms pain;
    allostat_regulation_terms regulation; /* a day */
    allostat_craving_terms craving;
    allostat_dsm5_terms dsm5;
} allostat_opioid_terms;

void allostat_opioid_terms_make(allostat_opioid_terms *self,
                                const allostat_params *params, allostat_day day);

/* For another day under the same parameters. */
void allostat_opioid_terms_turn_to(allostat_opioid_terms *self,
                                   const allostat_params *params, allostat_day day);

/* Has nobody of rows first .. first + count - 1 naltrexone, now, granted or left in the
 * body, safer supply or a therapy that acts on doses, lapse or craving? */
bool allostat_is_plain(const allostat_users *users, size_t first, size_t count);

/* Terms for rows of which allostat_is_plain was true and where none of this has been
 * granted since: the steps pass over what would add zeros. The same bits. */
void allostat_opioid_terms_plain(allostat_opioid_terms *self);

/* Terms of a day made those of a step of `days` days, for people whose doses and
 * treatment stand still: what is kept of a distance over the step is keep^days. The
 * personal shares in the users' table are the caller's. */
void allostat_opioid_terms_stretch(allostat_opioid_terms *self,
                                   const allostat_params *params, double days);

/* One process of adaptation over rows first .. first + count - 1. */
typedef struct {
    const char *name;
    void (*run)(const allostat_opioid_terms *terms, allostat_users *users, size_t first,
                size_t count);
} allostat_adaptation;

/* How the body and the mind answer to today's doses, in this order: exposure,
 * tolerance, withdrawal, pain, regulation (oxytocin, stress, load, defence state),
 * craving, the year's means for DSM-5. */
enum { ALLOSTAT_ADAPTATION_COUNT = 7 };
extern const allostat_adaptation allostat_adaptations[ALLOSTAT_ADAPTATION_COUNT];

/* All of them. */
void allostat_opioid_adapt(const allostat_opioid_terms *terms, allostat_users *users,
                           size_t first, size_t count);

enum {
    ALLOSTAT_START_ROWS_MAX = 1024, /* rows that allostat_opioid_start takes at once */
    ALLOSTAT_DAYS_OF_HISTORY = 183,
    ALLOSTAT_STEPS_OF_HISTORY = 24 /* of those who took nothing: four a month */
};

/* State of people whose rows have just been made: those with years of use behind them,
 * and not in remission, have lived their last half year at mean doses; the others know
 * what the market sells. `steps` are days, or those of stretched terms for rows without
 * years of use, whose paces must be those of a step. */
void allostat_opioid_start(const allostat_opioid_terms *terms, allostat_users *users,
                           size_t first, size_t count, int32_t steps);

#endif
