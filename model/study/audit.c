#include "study/audit.h"

#include "base/dmath.h"
#include "study/replicate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* LEAST: pairs or draws under which a check says too little; BINS of the chi-square. */
enum { LEAST = 200, BINS = 16, FIRST_ROOM = 1 << 16 };

/* ---- the city that is listened to ---- */

typedef struct {
    allostat_draw_note *note;
    size_t count, room;
    bool failed; /* no memory */
} notebook;

static void write_down(void *context, const allostat_draw_note *note)
{
    notebook *self = context;

    if (self->failed) return;
    if (self->count == self->room) {
        const size_t room = self->room == 0 ? FIRST_ROOM : 2 * self->room;
        allostat_draw_note *more = realloc(self->note, room * sizeof *more);

        if (more == NULL) {
            self->failed = true;
            return;
        }
        self->note = more;
        self->room = room;
    }
    self->note[self->count++] = *note;
}

static allostat_status run(const allostat_scenario *scenario, int32_t months,
                           allostat_draw_key key, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = &scenario->epochs[0].params;
    const allostat_month first = allostat_month_of_day(params->run_start);
    const allostat_month end = allostat_month_of_day(params->run_end) + 1;
    allostat_records records;
    allostat_city city;

    memset(&city, 0, sizeof city);
    ALLOSTAT_TRY(allostat_records_init(&records, scenario, error));
    ALLOSTAT_TRY(allostat_city_init_with_key(&city, scenario, key, 1, error));
    for (allostat_month month = first; month < end && month < first + months; month++) {
        ALLOSTAT_TRY(allostat_replicate_month(&city, NULL, month, &records, error));
    }
cleanup:
    allostat_city_free(&city);
    allostat_records_free(&records);
    return status;
}

/* ---- order ---- */

static int by_number(int64_t a, int64_t b) { return (a > b) - (a < b); }

/* Who, when and for what; a draw of a block before one made alone. */
static int by_purpose_person_date(const void *a, const void *b)
{
    const allostat_draw_note *x = a, *y = b;
    int order = by_number(x->draw, y->draw);

    if (order == 0) order = by_number(x->person, y->person);
    if (order == 0) order = by_number(x->index, y->index);
    if (order == 0) order = by_number(x->date, y->date);
    return order != 0 ? order : by_number(y->in_block, x->in_block);
}

static int by_purpose_date_person(const void *a, const void *b)
{
    const allostat_draw_note *x = a, *y = b;
    int order = by_number(x->draw, y->draw);

    if (order == 0) order = by_number(x->index, y->index);
    if (order == 0) order = by_number(x->date, y->date);
    return order != 0 ? order : by_number(x->person, y->person);
}

static int by_person_date_purpose(const void *a, const void *b)
{
    const allostat_draw_note *x = a, *y = b;
    int order = by_number(x->person, y->person);

    if (order == 0) order = by_number(x->index, y->index);
    if (order == 0) order = by_number(x->date, y->date);
    return order != 0 ? order : by_number(x->draw, y->draw);
}

static void sort(allostat_draw_note *note, size_t count,
                 int (*order)(const void *a, const void *b))
{
    qsort(note, count, sizeof *note, order);
}

/* ---- repeated draws ---- */

static bool same_draw(const allostat_draw_note *a, const allostat_draw_note *b)
{
    return a->draw == b->draw && a->person == b->person && a->date == b->date &&
           a->index == b->index;
}

/* Purposes that a block makes beside others and that are read alone, once: those of
 * entry, for the few who use; housing, whose draw also says how a user lives; and what
 * is decided for few patients of a month, for all of whom rx_rotation is drawn. */
static bool is_read_later(allostat_draw draw)
{
    return draw == ALLOSTAT_DRAW_entry_use || draw == ALLOSTAT_DRAW_entry_career ||
           draw == ALLOSTAT_DRAW_trait_housing ||
           draw == ALLOSTAT_DRAW_rx_dose_change || draw == ALLOSTAT_DRAW_rx_overdose;
}

/* Purposes that a block makes for all its residents, and that are made again for those
 * of them who have a user's row, whose draw from the block nobody reads. */
static bool is_made_beside(allostat_draw draw)
{
    return draw == ALLOSTAT_DRAW_month_violence ||
           draw == ALLOSTAT_DRAW_month_trauma_stays ||
           draw == ALLOSTAT_DRAW_month_trauma_level ||
           draw == ALLOSTAT_DRAW_month_ptsd_recovery;
}

/* Facts that hold for life and that nobody keeps: the draw is asked again. A patient's
 * row is given up some months after the last prescription, and a later row of the same
 * person gets the same traits of use; whether a man is prone to hypogonadism is asked
 * each month of those with long exposure, whether a user is a regular of drug checking
 * while there is any. */
static bool is_fixed_fact(allostat_draw draw)
{
    return draw == ALLOSTAT_DRAW_user_frailty ||
           draw == ALLOSTAT_DRAW_user_recovery_pace ||
           draw == ALLOSTAT_DRAW_user_route || draw == ALLOSTAT_DRAW_user_stimulants ||
           draw == ALLOSTAT_DRAW_using_wanted ||
           draw == ALLOSTAT_DRAW_user_hypogonadism ||
           draw == ALLOSTAT_DRAW_checking_regular;
}

/* Purposes of studies of finished runs: no run makes these draws. */
static bool is_of_a_study(allostat_draw draw)
{
    return draw == ALLOSTAT_DRAW_value_parameter;
}

/* Keeps one note a draw and counts the repeats. Needs by_purpose_person_date. */
static size_t drop_repeats(allostat_draw_note *note, size_t count,
                           allostat_audit *result)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        const bool again = i > 0 && same_draw(&note[i], &note[kept - 1]);
        const bool later = again && note[kept - 1].in_block &&
                           (note[i].in_block ? is_made_beside(note[i].draw)
                                             : is_read_later(note[i].draw));

        if (again && !later && !is_fixed_fact(note[i].draw)) {
            result->purpose[note[i].draw].repeated++;
            if (result->repeated++ == 0) result->repeat = note[i];
        }
        if (again) { /* a second reading alone is then a repeat too */
            note[kept - 1].in_block = note[kept - 1].in_block && !later;
            continue;
        }
        note[kept++] = note[i];
    }
    return kept;
}

/* ---- checks ---- */

static double centred(const allostat_draw_note *note)
{
    return allostat_double_uniform_from_bits(note->bits) - 0.5;
}

static bool on_dates_that_follow(const allostat_draw_note *a,
                                 const allostat_draw_note *b)
{
    return a->draw == b->draw && a->person == b->person && a->index == b->index;
}

static bool of_people_who_follow(const allostat_draw_note *a,
                                 const allostat_draw_note *b)
{
    return a->draw == b->draw && a->date == b->date && a->index == b->index;
}

static bool of_purposes_that_follow(const allostat_draw_note *a,
                                    const allostat_draw_note *b)
{
    return a->person == b->person && a->date == b->date && a->index == b->index;
}

/* Correlation of neighbours that belong together, by the purpose of the first. For two
 * independent uniforms the mean of (u - 1/2)(v - 1/2) has SD 1 / (12 sqrt(n)). */
static void correlate(const allostat_draw_note *note, size_t count,
                      bool (*belong)(const allostat_draw_note *a,
                                     const allostat_draw_note *b),
                      allostat_audit_check check, allostat_audit *result)
{
    const double variance = 1.0 / 12.0;
    double sum[ALLOSTAT_DRAW_COUNT] = {0};
    int64_t pairs[ALLOSTAT_DRAW_COUNT] = {0};

    for (size_t i = 1; i < count; i++) {
        if (!belong(&note[i - 1], &note[i])) continue;
        sum[note[i - 1].draw] += centred(&note[i - 1]) * centred(&note[i]);
        pairs[note[i - 1].draw]++;
    }
    for (int draw = 0; draw < ALLOSTAT_DRAW_COUNT; draw++) {
        const double n = (double)pairs[draw];
        const double z = sum[draw] / (variance * sqrt(n > 0.0 ? n : 1.0));

        result->purpose[draw].p[check] =
            n < LEAST ? (double)NAN : 2.0 * allostat_normal_cdf(-fabs(z));
    }
}

/* Chi-square of equal bins; its tail by Wilson and Hilferty (1931). */
static void check_uniform(const allostat_draw_note *note, size_t count,
                          allostat_audit *result)
{
    const double k = BINS - 1, third = 1.0 / 3.0, spread = 2.0 / (9.0 * k);
    int64_t bin[ALLOSTAT_DRAW_COUNT][BINS] = {{0}};

    for (size_t i = 0; i < count; i++) {
        bin[note[i].draw][note[i].bits / (UINT32_MAX / BINS + 1)]++;
        result->purpose[note[i].draw].draws++;
    }
    for (int draw = 0; draw < ALLOSTAT_DRAW_COUNT; draw++) {
        const double n = (double)result->purpose[draw].draws, expected = n / BINS;
        double sum = 0.0;

        for (int b = 0; b < BINS && n > 0.0; b++) {
            const double off = (double)bin[draw][b] - expected;
            sum += off * off / expected;
        }
        const double z = (pow(sum / k, third) - (1.0 - spread)) / sqrt(spread);
        result->purpose[draw].p[ALLOSTAT_AUDIT_uniform] =
            n < LEAST ? (double)NAN : allostat_normal_cdf(-z);
    }
}

static void count_failures(allostat_audit *result)
{
    const double *p = NULL;

    result->error_rate = 0.001;
    for (int draw = 0; draw < ALLOSTAT_DRAW_COUNT; draw++) {
        result->draws += result->purpose[draw].draws;
        result->unused +=
            result->purpose[draw].draws == 0 && !is_of_a_study((allostat_draw)draw);
        p = result->purpose[draw].p;
        for (int c = 0; c < ALLOSTAT_AUDIT_CHECK_COUNT; c++)
            result->check_count += !isnan(p[c]);
    }
    result->limit =
        result->error_rate / (result->check_count > 0 ? result->check_count : 1);
    for (int draw = 0; draw < ALLOSTAT_DRAW_COUNT; draw++) {
        p = result->purpose[draw].p;
        for (int c = 0; c < ALLOSTAT_AUDIT_CHECK_COUNT; c++)
            result->failed_count += p[c] < result->limit;
    }
}

void allostat_audit_judge(allostat_draw_note *note, size_t count,
                          allostat_audit *result)
{
    memset(result, 0, sizeof *result);
    sort(note, count, by_purpose_person_date);
    count = drop_repeats(note, count, result);
    check_uniform(note, count, result);
    correlate(note, count, on_dates_that_follow, ALLOSTAT_AUDIT_days, result);
    sort(note, count, by_purpose_date_person);
    correlate(note, count, of_people_who_follow, ALLOSTAT_AUDIT_people, result);
    sort(note, count, by_person_date_purpose);
    correlate(note, count, of_purposes_that_follow, ALLOSTAT_AUDIT_purposes, result);
    count_failures(result);
}

allostat_status allostat_audit_run(const allostat_scenario *scenario, int32_t months,
                                   allostat_audit *result, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    notebook book = {0};
    const allostat_draw_listener listener = {write_down, &book};
    allostat_draw_key key =
        allostat_draw_key_make((uint64_t)scenario->epochs[0].params.run_seed, 0);

    key.listener = &listener;
    ALLOSTAT_TRY(run(scenario, months, key, error));
    if (book.failed) {
        status = ALLOSTAT_FAIL(error, NO_MEMORY, "for %zu draws", book.count);
        goto cleanup;
    }
    allostat_audit_judge(book.note, book.count, result);
cleanup:
    free(book.note);
    return status;
}
