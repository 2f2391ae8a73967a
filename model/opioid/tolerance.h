/* Daily step: tolerance, believed tolerance, dependence and withdrawal. */
#ifndef ALLOSTAT_OPIOID_TOLERANCE_H
#define ALLOSTAT_OPIOID_TOLERANCE_H

#include "params/params.h"
#include "people/users.h"

#include <stdbool.h>

typedef struct {
    bool plain; /* see allostat_opioid_terms_plain */
    float fast_share, residual_max, inverse_residual_years;
    float believed_keep;   /* on days of use */
    float idle_keep;       /* on other days: 1, or 0 when belief has no lag */
    float antagonist_gain; /* as in exposure */
    float day_years;
    float dependence_up_keep, dependence_down_keep, dependence_down_oat_keep;
    float precipitated_keep;
} allostat_tolerance_terms;

void allostat_tolerance_terms_make(allostat_tolerance_terms *self,
                                   const allostat_params *params);

/* Rows first .. first + count - 1: use_years, tolerance_fast, tolerance_slow, tolerance
 * and believed_tolerance from effect. */
void allostat_tolerance_step(const allostat_tolerance_terms *terms,
                             allostat_users *users, size_t first, size_t count);

/* Rows first .. first + count - 1: dependence, precipitated and withdrawal from effect.
 */
void allostat_withdrawal_step(const allostat_tolerance_terms *terms,
                              allostat_users *users, size_t first, size_t count);

#endif
