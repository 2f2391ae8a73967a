/* Opioid agonist treatment: asking, waiting, starting, stopping (model page 6.1).
 *
 * Treatment changes nothing by itself: it brings a level at the effect site, and
 * occupancy, tolerance, withdrawal and craving follow. */
#ifndef ALLOSTAT_CARE_OAT_H
#define ALLOSTAT_CARE_OAT_H

#include "base/draws.h"
#include "care/requests.h"
#include "params/params.h"
#include "people/person_days.h"
#include "people/users.h"

enum {
    ALLOSTAT_OAT_DAYS = 8192, /* longest with a hazard of its own; then the last */
    ALLOSTAT_OAT_YEAR = 365   /* days after which retention is counted (OPTIMA) */
};

/* Cumulative Weibull hazard of each day of an episode: H(t + 1) - H(t), H(t) =
 * (t/scale)^shape. Indexed by (treatment - 1) x ALLOSTAT_OAT_DAYS + day of the episode.
 */
typedef struct {
    float increment[((int)ALLOSTAT_TREATMENT_COUNT - 1) * ALLOSTAT_OAT_DAYS];
} allostat_oat_hazards;

void allostat_oat_hazards_make(allostat_oat_hazards *self,
                               const allostat_params *params);

typedef struct {
    allostat_day day;
    allostat_month_days lived;
    float hazard_ratio;                   /* of stopping, as fentanyl spreads */
    float stress_slope, stress_reference; /* log ratio of stopping, around its centre */
    const allostat_oat_hazards *hazards;
} allostat_oat_terms;

void allostat_oat_terms_make(allostat_oat_terms *self, const allostat_params *params,
                             const allostat_oat_hazards *hazards, double fentanyl_share,
                             allostat_day day);

/* A treatment that the row is in ends; its days are the caller's to settle, see
 * people/person_days.h. */
void allostat_oat_stop(allostat_day day, allostat_users *users, size_t row);

/* Lists in row[count] who of rows first .. first + count - 1 is in treatment or has one
 * granted, and returns their number: whom days can concern until the next grant. */
static inline size_t allostat_oat_rows(const allostat_users *users, size_t first,
                                       size_t count, uint32_t *row)
{
    return allostat_rows_with(users->treatment, users->treatment_next, first, count,
                              row);
}

/* A day of such rows: starts that are due, days in treatment, stops, episodes that
 * reach day ALLOSTAT_OAT_YEAR. A start during another treatment ends that one.
 * Naltrexone goes through the same step. */
void allostat_oat_step(const allostat_oat_terms *terms, allostat_users *users,
                       allostat_some_rows rows);

/* The drug of a start by mouth for a draw u: buprenorphine below its share; morphine
 * takes its share from methadone at the other end, so that nobody else's drug changes.
 */
static inline allostat_treatment allostat_oat_drug(const allostat_params *p, double u)
{
    const allostat_treatment other = u >= 1.0 - p->oat_srom_share
                                         ? ALLOSTAT_TREATMENT_srom
                                         : ALLOSTAT_TREATMENT_methadone;

    return u < p->oat_buprenorphine_share ? ALLOSTAT_TREATMENT_buprenorphine : other;
}

/* Treatment that begins on a day to come: drug and length of the episode drawn, the
 * person waits no longer. */
void allostat_oat_grant(const allostat_care_month *care, size_t row,
                        allostat_day start);

/* What a month of treatment places looked like. */
typedef struct {
    int32_t places;   /* open this month, taken ones included */
    int32_t unfilled; /* that nobody asked for */
} allostat_oat_month;

/* First day of a month: active users ask, some who wait give up, and free places go to
 * those who wait, the longest first. A granted place starts on a drawn day of the
 * month. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_oat_admit(const allostat_care_month *care,
                                                       allostat_oat_month *result,
                                                       allostat_error *error);

#endif
