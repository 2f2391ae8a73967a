#include "care/oat.h"

#include "base/hot.h"

#include "base/dmath.h"
#include "care/drawing.h"
#include "care/waiting.h"

void allostat_oat_hazards_make(allostat_oat_hazards *self,
                               const allostat_params *params)
{
    for (int t = 0; t < ALLOSTAT_TREATMENT_COUNT - 1; t++) {
        const double shape = params->oat_stop_shape[t],
                     scale = params->oat_stop_scale[t];
        double reached = 0.0;

        for (int32_t day = 0; day < ALLOSTAT_OAT_DAYS; day++) {
            const double next =
                allostat_weibull_cumulative_hazard(day + 1.0, shape, scale);
            self->increment[t * ALLOSTAT_OAT_DAYS + day] = (float)(next - reached);
            reached = next;
        }
    }
}

void allostat_oat_terms_make(allostat_oat_terms *self, const allostat_params *params,
                             const allostat_oat_hazards *hazards, double fentanyl_share,
                             allostat_day day)
{
    self->day = day;
    self->lived = allostat_days_before(day);
    self->hazards = hazards;
    self->hazard_ratio =
        (float)allostat_exp(params->oat_stop_fentanyl * fentanyl_share);
    self->stress_slope = (float)params->stress_oat_stop_log_ratio;
    self->stress_reference = (float)params->stress_oat_reference;
}

enum { STEP_ROWS = 256 }; /* at a time */

static void begin(const allostat_oat_terms *terms, allostat_users *users, size_t row)
{
    const int32_t before = users->treatment[row], drug = users->treatment_next[row];
    const int32_t begun = allostat_packed_one(drug, ALLOSTAT_PACKED_MOVES_BITS);
    const allostat_counted_days lived = allostat_days_lived(users, row, terms->lived);
    const int32_t ended = allostat_packed_one(before, ALLOSTAT_PACKED_MOVES_BITS);

    users->oat_starts_month[row] +=
        allostat_is_agonist(drug) & (allostat_is_agonist(before) ^ 1);
    users->treatment_moves_month[row] +=
        begun + ended * (1 << ALLOSTAT_PACKED_STOPS_AT);
    users->treatment[row] = users->treatment_last[row] = drug;
    allostat_days_settle(users, row, terms->lived, &lived);
    users->treatment_next[row] = 0;
    users->treatment_began[row] = terms->day;
    users->oat_month[row] |= allostat_is_agonist(drug);
}

void allostat_oat_stop(allostat_day day, allostat_users *users, size_t row)
{
    const int32_t drug = users->treatment[row];

    users->oat_stops_month[row] += allostat_is_agonist(drug);
    users->treatment_moves_month[row] +=
        allostat_packed_one(drug, ALLOSTAT_PACKED_MOVES_BITS) *
        (1 << ALLOSTAT_PACKED_STOPS_AT);
    users->treatment[row] = ALLOSTAT_TREATMENT_none;
    users->treatment_end[row] = day;
}

static void stop(const allostat_oat_terms *terms, allostat_users *users, size_t row)
{
    const allostat_counted_days lived = allostat_days_lived(users, row, terms->lived);

    allostat_oat_stop(terms->day, users, row);
    allostat_days_settle(users, row, terms->lived, &lived);
}

/* The treated, taken together so that loops over them are loops over rows. */
typedef struct {
    size_t count;
    uint32_t row[STEP_ROWS];
    float stress[STEP_ROWS];
    float lost[STEP_ROWS]; /* of the hazard that is left */
} treated_rows;

/* Starts that are due, and of those in treatment the day's hazard by drug and age of
 * the episode. Without a branch, for most of the rows are. */
static void open_day(const allostat_oat_terms *terms, allostat_users *users,
                     allostat_some_rows rows, treated_rows *self)
{
    const int32_t last = ALLOSTAT_OAT_DAYS - 1;
    size_t found = 0;

    for (size_t i = 0; i < rows.count; i++) {
        const uint32_t row = rows.row[i];

        if (users->treatment_next[row] != 0 &&
            users->treatment_start[row] == terms->day)
            begin(terms, users, row);
        const int32_t treated = users->treatment[row] != 0;
        const int32_t age = terms->day - users->treatment_began[row];
        const int32_t drug = (users->treatment[row] - treated) * ALLOSTAT_OAT_DAYS;

        self->row[found] = row;
        self->stress[found] = users->stress[row];
        self->lost[found] = terms->hazards->increment[drug + (age < last ? age : last)];
        found += (size_t)treated;
    }
    self->count = found;
}

/* Strain makes episodes shorter. */
ALLOSTAT_HOT
static void weigh_hazards(const allostat_oat_terms *terms, treated_rows *self)
{
    const float ratio = terms->hazard_ratio;
    const float slope = terms->stress_slope, reference = terms->stress_reference;
    const float *restrict stress = self->stress;
    float *restrict lost = self->lost;
    const size_t count = self->count;

#pragma omp simd
    for (size_t k = 0; k < count; k++)
        lost[k] = lost[k] * ratio * allostat_expf(slope * (stress[k] - reference));
}

/* Who begins during a month is marked on that day. */
static void mark_month(allostat_users *users, const treated_rows *self)
{
    for (size_t k = 0; k < self->count; k++) {
        const size_t row = self->row[k];

        users->oat_month[row] |= allostat_is_agonist(users->treatment[row]);
    }
}

static void close_day(const allostat_oat_terms *terms, allostat_users *users,
                      const treated_rows *self)
{
    const allostat_day year_ago = terms->day - ALLOSTAT_OAT_YEAR + 1;

    for (size_t k = 0; k < self->count; k++) {
        const size_t row = self->row[k];
        const float left = users->episode_left[row] - self->lost[k];

        users->episode_left[row] = left;
        if (left <= 0.0f)
            stop(terms, users, row);
        else if (users->treatment_began[row] == year_ago)
            users->oat_year_month[row] += users->treatment[row];
    }
}

void allostat_oat_step(const allostat_oat_terms *terms, allostat_users *users,
                       allostat_some_rows rows)
{
    treated_rows all;

    for (size_t done = 0; done < rows.count; done += STEP_ROWS) {
        const size_t left = rows.count - done;

        open_day(
            terms, users,
            (allostat_some_rows){rows.row + done, left < STEP_ROWS ? left : STEP_ROWS},
            &all);
        if (terms->lived.count == 0) mark_month(users, &all);
        weigh_hazards(terms, &all);
        close_day(terms, users, &all);
    }
}

static double uniform(const allostat_care_month *care, allostat_draw draw, size_t row)
{
    return allostat_draw_uniform(allostat_draw_key_of_numbers(care->key), draw,
                                 care->users->number[row],
                                 allostat_month_first_day(care->month), 0);
}

/* Chance of asking, with what therapies add to the rate. */
static double request_chance(const allostat_care_month *care, double more)
{
    return -allostat_expm1(-care->params->oat_request_rate * (1.0 + more));
}

typedef struct {
    const allostat_care_month *care;
    double request, give_up; /* chances */
} ask_context;

/* Flags for rows first .. first + count - 1 of who is not in treatment and waits for
 * it, and of who uses and does not wait; returns how many have a place. Injectable
 * treatment has places of its own. */
ALLOSTAT_HOT
static int32_t look(const allostat_users *users, size_t first, size_t count,
                    uint8_t *restrict waits, uint8_t *restrict may_ask)
{
    const int32_t *restrict present = users->present + first;
    const int32_t *restrict active = users->active + first;
    const int32_t *restrict treatment = users->treatment + first;
    const int32_t *restrict next = users->treatment_next + first;
    const int32_t *restrict since = users->waiting_since + first;
    int32_t clients = 0;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t without = (present[i] != 0) & ((treatment[i] | next[i]) == 0);
        const int32_t waiting = since[i] != 0;

        waits[i] = (uint8_t)(without & waiting);
        may_ask[i] = (uint8_t)(without & (waiting ^ 1) & (active[i] != 0));
    }
    for (size_t i = 0; i < count; i++) {
        clients += allostat_is_agonist(treatment[i]) &
                   (treatment[i] != ALLOSTAT_TREATMENT_ioat);
    }
    return clients;
}

static void ask_some(const ask_context *self, allostat_drawing *people)
{
    const allostat_care_month *care = self->care;
    allostat_users *users = care->users;
    const allostat_day day = allostat_month_first_day(care->month);

    allostat_drawing_make(people, care, ALLOSTAT_DRAW_oat_request);
    for (size_t i = 0; i < people->count; i++) {
        const uint32_t row = people->row[i];
        const double more = (double)users->oat_request_more[row];
        const double chance = more == 0.0 ? self->request : request_chance(care, more);

        if (allostat_drawing_uniform(people, i) < chance)
            users->waiting_since[row] = day;
    }
}

/* Who uses no longer waits no longer. */
static void give_up_some(const ask_context *self, allostat_drawing *people)
{
    allostat_users *users = self->care->users;

    allostat_drawing_make(people, self->care, ALLOSTAT_DRAW_oat_give_up);
    for (size_t i = 0; i < people->count; i++) {
        const uint32_t row = people->row[i];

        if (allostat_drawing_uniform(people, i) < self->give_up || !users->active[row])
            users->waiting_since[row] = 0;
    }
}

/* Returns the places that are taken. */
static int32_t ask_rows(void *context, allostat_requests *list, size_t first,
                        size_t count)
{
    const ask_context *self = context;
    const allostat_users *users = self->care->users;
    uint8_t waits[ALLOSTAT_DRAWING_ROWS], may_ask[ALLOSTAT_DRAWING_ROWS];
    allostat_drawing people;
    int32_t clients = 0;
    size_t now;

    for (size_t row = first; row < first + count; row += now) {
        now = allostat_drawing_rows(row, first + count);
        clients += look(users, row, now, waits, may_ask);
        allostat_drawing_pick(&people, users, row, now, waits);
        give_up_some(self, &people);
        allostat_drawing_pick(&people, users, row, now, may_ask);
        ask_some(self, &people);
        allostat_waiting_queue(self->care, users->waiting_since, ALLOSTAT_DRAW_oat_rank,
                               list, row, now);
    }
    return clients;
}

void allostat_oat_grant(const allostat_care_month *care, size_t row, allostat_day start)
{
    allostat_users *users = care->users;
    const double drug = uniform(care, ALLOSTAT_DRAW_oat_drug, row);
    const double length = uniform(care, ALLOSTAT_DRAW_oat_episode, row);

    users->treatment_next[row] = (int32_t)allostat_oat_drug(care->params, drug);
    users->treatment_start[row] = start;
    users->episode_left[row] = (float)-allostat_log(length);
    users->waiting_since[row] = 0;
}

/* Place a granted person on a drawn day of the month. */
static void place(const void *context, size_t row)
{
    const allostat_care_month *care = context;
    const int32_t days = allostat_month_day_count(care->month);
    const double start = uniform(care, ALLOSTAT_DRAW_oat_start_day, row);

    allostat_oat_grant(care, row,
                       allostat_month_first_day(care->month) + (int32_t)(start * days));
}

allostat_status allostat_oat_admit(const allostat_care_month *care,
                                   allostat_oat_month *result, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const double half = 0.5;
    const double clients =
        allostat_series_value(&care->params->oat_clients,
                              allostat_month_first_day(care->month)) *
        care->params->population_scale * care->params->oat_places_ratio;
    ask_context context = {care, request_chance(care, 0.0),
                           -allostat_expm1(-care->params->oat_give_up_rate)};

    ALLOSTAT_TRY(
        allostat_requests_reserve(care->requests, care->users->row_count, error));
    const int32_t clients_now =
        allostat_requests_collect(care->requests, care->users, ask_rows, &context);
    result->places = (int32_t)(clients + half);
    const int32_t free_places = result->places - clients_now;
    const size_t open = free_places > 0 ? (size_t)free_places : 0;
    const size_t granted = allostat_requests_grant(care->requests, open);
    allostat_requests_serve(care->requests, care->users, place, care);
    result->unfilled = (int32_t)(open - granted);
cleanup:
    return status;
}
