/* The life of ties, month by month (model page 3.3): some end, people with free places
 * find others. Time in proportion to residents; nothing depends on the order of the
 * users' table. */
#ifndef ALLOSTAT_PEOPLE_TIES_MONTH_H
#define ALLOSTAT_PEOPLE_TIES_MONTH_H

#include "base/cut.h"
#include "base/draws.h"
#include "base/marks.h"
#include "base/share.h"
#include "people/meeting.h"
#include "people/ties.h"
#include "people/turn.h"

/* Somebody's end of a tie that ends. */
typedef struct {
    uint32_t person, partner;
} allostat_ending;

typedef struct {
    size_t count, capacity;
    allostat_ending *ending; /* [capacity] */
} allostat_ending_list;

/* What ends this month among some of the people, found by one thread; zeroed, nothing.
 */
typedef struct {
    /* ties of using together, by their ends of lower rows, in the order of these */
    allostat_ending_list found;
    /* both ends of support ties, for the parts that take them away, in the order in
       which they do */
    allostat_ending_list own[ALLOSTAT_CUT_PARTS_MAX];
    allostat_status status;
    allostat_error error;
} allostat_endings_found;

/* What the pairing needs from month to month; zeroed at first. */
typedef struct {
    allostat_meeting meeting[ALLOSTAT_TIE_KIND_COUNT];
    /* how often seekers look among people of their area, of their band of age */
    double among_area[ALLOSTAT_TIE_KIND_COUNT];
    double among_age[ALLOSTAT_TIE_KIND_COUNT];
    size_t part_count;
    allostat_seeker_list *part; /* [part_count]: who seeks, found by one thread each */
    allostat_endings_found *ends; /* [part_count]: by pieces */
    allostat_cut cut;             /* of people, whose ends of ties end */
    allostat_marks active;        /* people who use today */
    allostat_marks using_wanted;  /* people who want ties of using together */
    uint8_t *target; /* [residents]: ties on the first day, while they are made */
} allostat_ties;

void allostat_ties_free(allostat_ties *self);
size_t allostat_ties_bytes(const allostat_ties *self);

/* The people whose ties live a month, and under which parameters. */
typedef struct {
    const allostat_params *params;
    allostat_draw_key key;
    allostat_month month;
    allostat_residents *residents;
    allostat_users *users;
    allostat_share share; /* zeroed: all in this thread */
    allostat_turn turn;   /* of the month, for the monthly step */
} allostat_ties_people;

/* Chance that a tie ends within some months: 1 - exp(-ratio^n months / (12 life)), n of
 * its ends use. */
static inline double allostat_tie_end_chance(double life_years, double use_ratio,
                                             int32_t using_ends, int32_t months)
{
    const double ratio =
        (using_ends > 0 ? use_ratio : 1.0) * (using_ends > 1 ? use_ratio : 1.0);

    return -allostat_expm1(-ratio * months / (ALLOSTAT_MONTHS_A_YEAR * life_years));
}

/* Monthly chance that a person meets somebody: 1 - exp(-mean number of meetings). */
static inline double allostat_tie_search_chance(double meetings)
{
    return -allostat_expm1(-meetings);
}

/* Ties of the people of the first day, in the state to which the monthly step would
 * bring them. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_ties_settle(
    allostat_ties *self, const allostat_ties_people *people, allostat_error *error);

/* First day of a month, after deaths, departures and arrivals: ties end, ties form,
 * peers are counted. formed[kind] is the number of new ties. Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_ties_month(allostat_ties *self, const allostat_ties_people *people,
                    int32_t formed[ALLOSTAT_TIE_KIND_COUNT], allostat_error *error);

#endif
