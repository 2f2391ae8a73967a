/* The timetable of a day, for one block of users' rows. */
#ifndef ALLOSTAT_ENGINE_DAY_H
#define ALLOSTAT_ENGINE_DAY_H

#include "care/institutions.h"
#include "care/oat.h"
#include "engine/city.h"
#include "opioid/daily.h"

/* The daily processes of users of the street, in the order in which a block of rows
 * goes through them; the last is the month of patients. */
enum { ALLOSTAT_DAY_PROCESS_COUNT = 14 };
const char *allostat_day_process_name(int32_t process);

/* What all blocks of a day share. */
typedef struct {
    allostat_day day;
    allostat_opioid_terms opioid;
    allostat_oat_terms oat;
    allostat_institution_terms institutions;
} allostat_day_terms;

/* The city's hazards of treatment must be those of `params`, and what was seen of its
 * users on the first of the month must hold (allostat_is_plain). */
void allostat_day_terms_make(allostat_day_terms *self, const allostat_city *city,
                             const allostat_params *params, allostat_day day);

/* For another day under the same parameters. */
void allostat_day_terms_turn_to(allostat_day_terms *self, const allostat_city *city,
                                const allostat_params *params, allostat_day day);

/* Rows on their way through days. */
enum { ALLOSTAT_DAY_ROWS_MAX = ALLOSTAT_SHARE_ROWS };
typedef struct {
    allostat_users *users;
    size_t first, count; /* rows, ALLOSTAT_DAY_ROWS_MAX at most */
    allostat_draw_key key;
    double *seconds; /* [ALLOSTAT_DAY_PROCESS_COUNT], or NULL when nobody measures */
    allostat_some_rows treated, inside;
    uint32_t bits[ALLOSTAT_DRAW_LANES][ALLOSTAT_DAY_ROWS_MAX];
    uint32_t overdosed_row[ALLOSTAT_DAY_ROWS_MAX];
    allostat_some_rows overdosed; /* on the last day, in order */
} allostat_day_block;

/* Before the first of some days within a month, in which nothing is granted: lists in
 * treated[count] and inside[count] who has treatment or a stay, now or to come. */
void allostat_day_block_open(allostat_day_block *self, uint32_t *treated,
                             uint32_t *inside);

/* One day of all its rows, as if nobody overdosed; who did is listed. */
void allostat_day_block_live(allostat_day_block *self, const allostat_day_terms *terms);

#endif
