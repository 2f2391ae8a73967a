/* The city: all state of one replicate, and nothing that is not state or derived from
 * it. */
#ifndef ALLOSTAT_ENGINE_CITY_H
#define ALLOSTAT_ENGINE_CITY_H

#include "care/kits.h"
#include "care/oat.h"
#include "care/requests.h"
#include "care/sites.h"
#include "care/therapy.h"
#include "care/witnesses.h"
#include "engine/found.h"
#include "engine/records.h"
#include "engine/settled.h"
#include "engine/tally.h"
#include "mind/ptsd.h"
#include "opioid/pain.h"
#include "opioid/prescribing.h"
#include "params/scenario.h"
#include "people/apart.h"
#include "people/becoming.h"
#include "people/entry.h"
#include "people/homes.h"
#include "people/life_course.h"
#include "people/projection.h"
#include "people/residents.h"
#include "people/ties_month.h"
#include "people/turn.h"
#include "people/users.h"

/* A day reads and writes some 256 bytes of a user. Where so many users stay in the
 * third cache from one day to the next, one thread lives day by day, so that nobody
 * need live a day twice; otherwise the days of a month are lived at once, see span.h.
 */
enum { ALLOSTAT_ROWS_THAT_STAY = 32768 };

/* Rows of users who are few, block by block of a day, in row order. */
typedef struct {
    size_t capacity; /* rows */
    uint32_t *row;   /* [capacity]: those of a block start where its rows do */
    uint32_t *count; /* [capacity]: of each block, by its first row */
} allostat_row_list;

typedef struct {
    const allostat_scenario *scenario;
    allostat_draw_key key;
    allostat_share share; /* who shares out work */
    allostat_projection projection;
    allostat_residents residents;
    allostat_turn turn; /* of the month that is lived */
    allostat_users users;
    allostat_entry entry;
    allostat_ptsd_entry ptsd_entry;
    allostat_becoming becoming;
    allostat_homes homes;
    allostat_ties ties;
    allostat_sites sites;
    allostat_witnesses witnesses;
    allostat_kit_stock kit_stock;
    allostat_therapy_idle therapy_idle; /* not state: see care/therapy.h */
    allostat_care_rest care_rest;       /* nor is this: see care/requests.h */
    double rx_mean_ratio; /* see allostat_prescribing_mean_ratio; 0 before the first
                             day */
    allostat_requests requests;
    allostat_found_parts found;
    const allostat_params *hazards_params;   /* whose oat_hazards these are */
    const allostat_params *refreshed_params; /* by which users' rows were refreshed */
    allostat_oat_hazards *oat_hazards;
    allostat_month prepared_month;      /* for whose days the next holds; 0 none */
    bool is_plain;                      /* all users: see allostat_is_plain */
    size_t rows_that_stay;              /* ALLOSTAT_ROWS_THAT_STAY, but in a test */
    allostat_row_list treated;          /* see allostat_oat_rows */
    allostat_row_list inside;           /* see allostat_institution_rows */
    allostat_row_list overdoses;        /* of today, then all in order of person */
    allostat_apart apart;               /* users who overdose, within a span of days */
    allostat_settled_list settled;      /* what they need not live apart for */
    const allostat_params *life_params; /* whose life_terms these are */
    allostat_life_terms life_terms[ALLOSTAT_PACE_COUNT];
    const allostat_params *pain_params; /* whose pain_terms and rx_terms these are */
    int32_t pain_months;                /* of a turn in them */
    allostat_pain_month_terms pain_terms[ALLOSTAT_PACE_COUNT];
    allostat_prescribing_terms rx_terms[ALLOSTAT_PACE_COUNT];
    allostat_tally tally;
} allostat_city;

/* Tables for everybody who will ever enter, and the people of the first day with their
 * users. thread_count 1 means no team of threads. Errors: NO_MEMORY, DATA. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_city_init(allostat_city *self, const allostat_scenario *scenario,
                   int32_t replicate, int32_t thread_count, allostat_error *error);

/* The same with any key in place of that of the scenario's seed and the replicate. */
ALLOSTAT_MUST_CHECK allostat_status allostat_city_init_with_key(
    allostat_city *self, const allostat_scenario *scenario, allostat_draw_key key,
    int32_t thread_count, allostat_error *error);

/* Tables without anybody, for a city that was saved, see checkpoint.h, or is settled
 * next, see newcomers.h; and who shares out its work. Errors: NO_MEMORY, DATA. */
ALLOSTAT_MUST_CHECK allostat_status allostat_city_init_empty(
    allostat_city *self, const allostat_scenario *scenario, allostat_draw_key key,
    allostat_share share, allostat_error *error);
void allostat_city_free(allostat_city *self);

/* Recount from the tables what is kept as totals, and look at rows in rotation. Every
 * month: alive + dead + moved = entered, deaths and departures; and of an eleventh of
 * the users' rows, in December of all, that each and its resident point at each other,
 * and that nobody uses inside. Every quarter: as many residents point at users' rows as
 * there are, kits handed out = held + lost + used + gone. Each December one of three:
 * ties; residents by area, sex and age; users' traits and that patients have nothing of
 * the street. In the last month of the run everything: no run ends well with a broken
 * city. Error: INVARIANT, saying which. */
ALLOSTAT_MUST_CHECK allostat_status allostat_city_verify(const allostat_city *self,
                                                         allostat_error *error);

/* Months of a turn, see people/turn.h. */
static inline int32_t allostat_city_turn_months(const allostat_city *self)
{
    return (int32_t)self->scenario->epochs[0].params.population_resident_step;
}

/* Bytes of all tables of the city. */
size_t allostat_city_bytes(const allostat_city *self);

#endif
