/* Parts of the tally that have files of their own; for the files of the tally only. */
#ifndef ALLOSTAT_ENGINE_TALLY_PARTS_H
#define ALLOSTAT_ENGINE_TALLY_PARTS_H

#include "engine/tally.h"
#include "engine/tally_kinds.h"
#include "engine/tally_sums.h"
#include "people/traits.h"

/* The cells of a counted series, to add to; and the number of a person's cell in an
 * area. */
static inline int32_t *allostat_tally_cells(allostat_tally *self,
                                            allostat_counted series)
{
    self->touched[series] = true;
    return self->counted + (size_t)series * (size_t)self->cell_count;
}

static inline size_t allostat_tally_cell_at(const allostat_tally *self, int32_t area,
                                            int32_t sex, int32_t birth_month)
{
    const int32_t age = allostat_age_in_month(birth_month, self->month);

    return ((size_t)area * ALLOSTAT_SEX_COUNT + (size_t)sex) *
               ALLOSTAT_AGE_GROUP_COUNT +
           self->age_group[age];
}

static inline size_t allostat_tally_cell(const allostat_tally *self,
                                         const allostat_residents *residents,
                                         uint32_t person, int32_t area)
{
    return allostat_tally_cell_at(self, area, residents->sex[person],
                                  residents->birth_month[person]);
}

/* The same of a user, by who that is, see allostat_who_of. */
static inline size_t allostat_tally_cell_of(const allostat_tally *self, int32_t who,
                                            int32_t area)
{
    return allostat_tally_cell_at(self, area, allostat_who_sex(who),
                                  allostat_who_birth_month(who));
}

/* The month in which the youngest of each age group were born, and the group of those
 * born in a month. */
typedef struct {
    int32_t month[ALLOSTAT_AGE_GROUP_COUNT];
} allostat_last_births;

allostat_last_births allostat_last_births_of(allostat_month month);

static inline int32_t allostat_age_group_born(const allostat_last_births *last,
                                              int32_t birth_month)
{
    int32_t group = 0;

    for (int32_t g = 1; g < ALLOSTAT_AGE_GROUP_COUNT; g++)
        group += birth_month <= last->month[g];
    return group;
}

/* A death, before the person leaves, whose row among `users` is `row`, -1 without one;
 * `overdose` is NULL for another cause. */
void allostat_tally_death(allostat_tally *self, const allostat_residents *residents,
                          const allostat_users *users, int32_t row, uint32_t person,
                          const allostat_overdose *overdose);

/* The deaths of a part of the books. */
void allostat_tally_add_deaths(allostat_tally *self, const allostat_tally *books);

/* The month's deaths go to the records, by day, then by person, and are left sorted.
 * Error: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_tally_keep_deaths(
    const allostat_tally *self, allostat_records *records, allostat_error *error);

/* The groups of a person, of which there are as many as kinds of groups. */
enum { ALLOSTAT_GROUP_KINDS = 3 };

typedef struct {
    int32_t group[ALLOSTAT_GROUP_KINDS];
} allostat_person_groups;

/* Every combination of groups, one of each kind: style, PTSD, ACE. */
enum {
    ALLOSTAT_GROUP_KEY_PTSD = (int)ALLOSTAT_STYLE_COUNT,
    ALLOSTAT_GROUP_KEY_ACE = 2 * ALLOSTAT_GROUP_KEY_PTSD,
    ALLOSTAT_GROUP_KEYS = 3 * ALLOSTAT_GROUP_KEY_ACE
};

static inline int32_t allostat_group_key(int32_t style, int32_t ace_score, int32_t ptsd)
{
    const int32_t ace =
        (int32_t)allostat_ace_group(ace_score) - (int32_t)ALLOSTAT_GROUP_ace_none;

    return style + ptsd * (int32_t)ALLOSTAT_GROUP_KEY_PTSD +
           ace * (int32_t)ALLOSTAT_GROUP_KEY_ACE;
}

static inline bool allostat_key_has_ptsd(int32_t key)
{
    return key % ALLOSTAT_GROUP_KEY_ACE >= ALLOSTAT_GROUP_KEY_PTSD;
}

static inline allostat_person_groups allostat_groups_of_key(int32_t key)
{
    return (allostat_person_groups){
        {(int32_t)ALLOSTAT_GROUP_secure + key % ALLOSTAT_GROUP_KEY_PTSD,
         (int32_t)ALLOSTAT_GROUP_no_ptsd + (int32_t)allostat_key_has_ptsd(key),
         (int32_t)ALLOSTAT_GROUP_ace_none + key / ALLOSTAT_GROUP_KEY_ACE}};
}

static inline allostat_person_groups
allostat_groups_of(const allostat_residents *residents, uint32_t person, bool ptsd)
{
    const int32_t style = (int32_t)allostat_style(
        residents->attachment_anxiety[person], residents->attachment_avoidance[person]);

    return allostat_groups_of_key(
        allostat_group_key(style, residents->ace_score[person], ptsd));
}

static inline allostat_person_groups allostat_groups_of_who(int32_t who, bool ptsd)
{
    return allostat_groups_of_key(
        allostat_group_key(allostat_who_style(who), allostat_who_ace_score(who), ptsd));
}

static inline void allostat_groups_add(allostat_tally *self, allostat_grouped series,
                                       const allostat_person_groups *groups,
                                       int32_t amount)
{
    for (int32_t kind = 0; kind < ALLOSTAT_GROUP_KINDS; kind++)
        self->grouped[series][groups->group[kind]] += amount;
}

/* Add to a grouped series in every group of a person. */
void allostat_tally_add_grouped(allostat_tally *self, allostat_grouped series,
                                const allostat_residents *residents, uint32_t person,
                                bool ptsd, int32_t amount);

/* The same of an overdose, whether who had it has PTSD or not. */
void allostat_tally_group_overdose(allostat_tally *self,
                                   const allostat_overdose *overdose, int32_t who,
                                   bool ptsd);

/* What a user's days count as: a kind of health state and what lies over it. */
enum {
    ALLOSTAT_LIVED_STATE_AT = 0,
    ALLOSTAT_LIVED_STATE_MASK = 7,
    ALLOSTAT_LIVED_ACTIVE_AT = 3,
    ALLOSTAT_LIVED_INJURED_AT = 4,
    ALLOSTAT_LIVED_OVERDOSED_AT = 5
};
void allostat_find_lived(const allostat_users *users, size_t first, size_t count,
                         int32_t *kind);

/* Days of the month by health state. Residents, once their stocks are known, as if
 * nobody had used; and users of the street by what they have lived, by cell and by
 * group key, who take their days out of them. A death by overdose adds the days up to
 * it. `cell` is that of the area of residence. */
void allostat_tally_residents_days(allostat_tally *self);
void allostat_tally_month_days(allostat_tally *self, const allostat_kinds *by_cell,
                               const allostat_kinds *by_group);
void allostat_tally_last_days(allostat_tally *self, const allostat_residents *residents,
                              const allostat_users *users, size_t row, size_t cell);

/* How residents live, of the bites of rows that this thread takes, see base/share.h;
 * how many there are the census knows. */
void allostat_tally_lives(allostat_tally *self, const allostat_residents *residents,
                          size_t *next_bite);

/* Users' rows: what they have gathered, which begins again at zero, and their stocks if
 * they are wanted, of the blocks of ALLOSTAT_SUMS_ROWS that this thread takes. */
typedef struct {
    bool stocks, year_ends;
} allostat_user_counts;

void allostat_tally_users(allostat_tally *self, const allostat_residents *residents,
                          allostat_users *users, size_t *next_block,
                          allostat_user_counts wanted);

/* Who of the present is in each therapy, and how often people wait for one. */
void allostat_tally_therapies(allostat_tally *self, const allostat_users *users,
                              size_t first, const allostat_sum_rows *rows);

/* Starts, stops, days in and episodes a year long of each treatment, and safer supply;
 * the rows begin again at zero. */
void allostat_tally_treatment_flows(allostat_tally *self, allostat_users *users,
                                    size_t first, const allostat_sum_rows *rows);

#endif
