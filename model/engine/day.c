#include "engine/day.h"

#include "base/clock.h"

#include <assert.h>

#define LANE(draw) block->bits[allostat_draw_table[ALLOSTAT_DRAW_##draw].lane]

static void do_draws(allostat_day_block *block, const allostat_day_terms *terms)
{
    allostat_draws_fill(block->key, allostat_draw_table[ALLOSTAT_DRAW_day_use].call,
                        terms->day, 0, block->users->number + block->first,
                        block->count, ALLOSTAT_DAY_ROWS_MAX, block->bits[0]);
}

static void do_treatment(allostat_day_block *block, const allostat_day_terms *terms)
{
    allostat_oat_step(&terms->oat, block->users, block->treated);
}

static void do_institutions(allostat_day_block *block, const allostat_day_terms *terms)
{
    allostat_institutions_step(&terms->institutions, block->users, block->inside);
}

static void do_use(allostat_day_block *block, const allostat_day_terms *terms)
{
    allostat_use_step(&terms->opioid.use, block->users, block->first, block->count,
                      LANE(day_use), LANE(day_cessation));
}

static void do_site_visits(allostat_day_block *block, const allostat_day_terms *terms)
{
    (void)terms;
    allostat_visit_step(block->users, block->first, block->count,
                        LANE(day_site_visits));
}

static void do_overdose(allostat_day_block *block, const allostat_day_terms *terms)
{
    block->overdosed = (allostat_some_rows){
        block->overdosed_row,
        allostat_overdose_step(&terms->opioid.overdose, block->users, block->first,
                               block->count, LANE(day_overdose), block->overdosed_row)};
}

#undef LANE

/* The day of a block, in this order; the adaptations follow. */
static const struct {
    const char *name;
    void (*run)(allostat_day_block *block, const allostat_day_terms *terms);
} processes[] = {
    {"draws", do_draws},
    {"treatment", do_treatment},
    {"institutions", do_institutions},
    {"use", do_use},
    {"site_visits", do_site_visits},
    {"overdose", do_overdose},
};

enum {
    BEFORE_ADAPTATION = sizeof processes / sizeof processes[0],
    PATIENTS = (int)BEFORE_ADAPTATION + (int)ALLOSTAT_ADAPTATION_COUNT /* monthly */
};

_Static_assert((int)PATIENTS + 1 == (int)ALLOSTAT_DAY_PROCESS_COUNT,
               "as many processes as the header says");

const char *allostat_day_process_name(int32_t process)
{
    if (process < BEFORE_ADAPTATION) return processes[process].name;
    return process == PATIENTS ? "patients"
                               : allostat_adaptations[process - BEFORE_ADAPTATION].name;
}

static void run_process(allostat_day_block *block, const allostat_day_terms *terms,
                        int32_t process)
{
    if (process < BEFORE_ADAPTATION) {
        processes[process].run(block, terms);
    } else {
        allostat_adaptations[process - BEFORE_ADAPTATION].run(
            &terms->opioid, block->users, block->first, block->count);
    }
}

static void make_others(allostat_day_terms *self, const allostat_city *city,
                        const allostat_params *params, allostat_day day)
{
    const double fentanyl = allostat_series_value(&params->supply_fentanyl_share, day);

    self->day = day;
    allostat_oat_terms_make(&self->oat, params, city->oat_hazards, fentanyl, day);
    allostat_institution_terms_make(&self->institutions, params, day);
}

void allostat_day_terms_make(allostat_day_terms *self, const allostat_city *city,
                             const allostat_params *params, allostat_day day)
{
    allostat_opioid_terms_make(&self->opioid, params, day);
    if (city->is_plain) allostat_opioid_terms_plain(&self->opioid);
    make_others(self, city, params, day);
}

void allostat_day_terms_turn_to(allostat_day_terms *self, const allostat_city *city,
                                const allostat_params *params, allostat_day day)
{
    allostat_opioid_terms_turn_to(&self->opioid, params, day);
    make_others(self, city, params, day);
}

void allostat_day_block_open(allostat_day_block *self, uint32_t *treated,
                             uint32_t *inside)
{
    const allostat_users *users = self->users;

    self->treated = (allostat_some_rows){
        treated, allostat_oat_rows(users, self->first, self->count, treated)};
    self->inside = (allostat_some_rows){
        inside, allostat_institution_rows(users, self->first, self->count, inside)};
}

void allostat_day_block_live(allostat_day_block *self, const allostat_day_terms *terms)
{
    assert(!terms->opioid.use.plain ||
           allostat_is_plain(self->users, self->first, self->count));
    for (int32_t p = 0; p < PATIENTS; p++) {
        const double begun = self->seconds != NULL ? allostat_seconds_now() : 0.0;

        run_process(self, terms, p);
        if (self->seconds != NULL) self->seconds[p] += allostat_seconds_now() - begun;
    }
}
