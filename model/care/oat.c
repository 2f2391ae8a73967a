#include "care/oat.h"

#include "base/hot.h"

#include "base/dmath.h"
#include "care/drawing.h"

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
    self->hazards = hazards;
    self->hazard_ratio =
        (float)allostat_exp(params->oat_stop_fentanyl * fentanyl_share);
    self->stress_slope = (float)params->stress_oat_stop_log_ratio;
    self->stress_reference = (float)params->stress_oat_reference;
}

ALLOSTAT_HOT
void allostat_oat_step(const allostat_oat_terms *terms, allostat_users *users,
                       size_t first, size_t count)
{
    const allostat_day day = terms->day;
    const float ratio = terms->hazard_ratio;
    const float stress_slope = terms->stress_slope;
    const float stress_reference = terms->stress_reference;
    const float *restrict increment = terms->hazards->increment;
    const float *restrict stress = users->stress + first;
    const int32_t *restrict start = users->treatment_start + first;
    int32_t *restrict next = users->treatment_next + first;
    int32_t *restrict treatment = users->treatment + first;
    int32_t *restrict days = users->treatment_days + first;
    int32_t *restrict starts = users->oat_starts_month + first;
    int32_t *restrict moves = users->treatment_moves_month + first;
    int32_t *restrict last = users->treatment_last + first;
    int32_t *restrict end = users->treatment_end + first;
    int32_t *restrict year = users->oat_year_month + first;
    int32_t *restrict stops = users->oat_stops_month + first;
    int32_t *restrict dispensed = users->oat_month + first;
    float *restrict left = users->episode_left + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const int32_t starts_now = (next[i] != 0) & (start[i] == day);
        const int32_t before = treatment[i];
        /* sums, not choices: gcc 12 makes one truth value of two choices that hang on
         * the same condition, and then does not vectorise */
        const int32_t drug = before + starts_now * (next[i] - before);
        const int32_t treated = drug != 0;
        const int32_t agonist = allostat_is_agonist(drug);
        const int32_t age = starts_now ? 0 : days[i];
        const int32_t day_index = age < ALLOSTAT_OAT_DAYS ? age : ALLOSTAT_OAT_DAYS - 1;
        const int32_t drug_index = (drug - treated) * ALLOSTAT_OAT_DAYS;
        const float strain =
            allostat_expf(stress_slope * (stress[i] - stress_reference));
        /* An episode that is granted begins some days later, and lasts from then. */
        const float lost = increment[drug_index + day_index] * ratio * strain;
        const float rest = left[i] - (float)treated * lost;
        const int32_t stops_now = treated & (rest <= 0.0f);
        const int32_t unit = allostat_packed_one(drug, ALLOSTAT_PACKED_MOVES_BITS);
        const int32_t unit_before =
            allostat_packed_one(before, ALLOSTAT_PACKED_MOVES_BITS);

        dispensed[i] |= agonist;
        starts[i] += starts_now & agonist & (allostat_is_agonist(before) ^ 1);
        moves[i] += starts_now * unit + (stops_now * unit + starts_now * unit_before) *
                                            (1 << ALLOSTAT_PACKED_STOPS_AT);
        year[i] += (1 - stops_now) * (age == ALLOSTAT_OAT_YEAR - 1) * drug;
        stops[i] += stops_now & agonist;
        last[i] += starts_now * (drug - last[i]);
        next[i] -= starts_now * next[i];
        treatment[i] = stops_now ? 0 : drug;
        days[i] = age + 1;
        end[i] += stops_now * (day - end[i]);
        left[i] = rest;
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
    double give_up; /* chance */
} ask_context;

static void ask_some(const allostat_care_month *care, allostat_drawing *people)
{
    allostat_users *users = care->users;
    const allostat_day day = allostat_month_first_day(care->month);
    const double usual = request_chance(care, 0.0);

    allostat_drawing_make(people, care, ALLOSTAT_DRAW_oat_request);
    for (size_t i = 0; i < people->count; i++) {
        const uint32_t row = people->row[i];
        const double more = (double)users->oat_request_more[row];
        const double chance = more == 0.0 ? usual : request_chance(care, more);

        if (allostat_double_uniform_from_bits(people->bits[i]) < chance)
            users->waiting_since[row] = day;
    }
    people->count = 0;
}

static void ask(const ask_context *self, size_t first, size_t count)
{
    const allostat_care_month *care = self->care;
    allostat_users *users = care->users;
    allostat_drawing people = {.count = 0};

    for (size_t i = first; i < first + count; i++) {
        const int32_t in_care = users->treatment[i] | users->treatment_next[i];

        if (!users->present[i] || in_care) continue;
        if (users->waiting_since[i] != 0) {
            const bool tired =
                uniform(care, ALLOSTAT_DRAW_oat_give_up, i) < self->give_up;
            if (tired || !users->active[i]) users->waiting_since[i] = 0;
        } else if (users->active[i]) {
            if (allostat_drawing_is_full(&people)) ask_some(care, &people);
            allostat_drawing_add(&people, users, i, 0);
        }
    }
    ask_some(care, &people);
}

static int32_t ask_rows(void *context, allostat_requests *list, size_t first,
                        size_t count)
{
    const ask_context *self = context;
    const allostat_users *users = self->care->users;
    const allostat_day day = allostat_month_first_day(self->care->month);

    ask(self, first, count);
    for (size_t i = first; i < first + count; i++) {
        if (users->waiting_since[i] == 0) continue;
        const uint32_t rank =
            allostat_draw_bits(allostat_draw_key_of_numbers(self->care->key),
                               ALLOSTAT_DRAW_oat_rank, users->number[i], day, 0);
        allostat_requests_add(
            list, allostat_request_order(users->waiting_since[i], rank), (uint32_t)i);
    }
    return 0;
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
static void place(const allostat_care_month *care, size_t row)
{
    const int32_t days = allostat_month_day_count(care->month);
    const double start = uniform(care, ALLOSTAT_DRAW_oat_start_day, row);

    allostat_oat_grant(care, row,
                       allostat_month_first_day(care->month) + (int32_t)(start * days));
}

/* Injectable treatment has places of its own. */
static int32_t count_clients(const allostat_users *users)
{
    int32_t clients = 0;

    for (size_t i = 0; i < users->row_count; i++) {
        clients += allostat_is_agonist(users->treatment[i]) &
                   (users->treatment[i] != ALLOSTAT_TREATMENT_ioat);
    }
    return clients;
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
    ask_context context = {care, -allostat_expm1(-care->params->oat_give_up_rate)};

    ALLOSTAT_TRY(
        allostat_requests_reserve(care->requests, care->users->row_count, error));
    (void)allostat_requests_collect(care->requests, care->users, ask_rows, &context);
    result->places = (int32_t)(clients + half);
    const int32_t free_places = result->places - count_clients(care->users);
    const size_t open = free_places > 0 ? (size_t)free_places : 0;
    const size_t granted = allostat_requests_grant(care->requests, open);
    for (size_t i = 0; i < care->requests->count; i++) {
        if (care->requests->request[i].granted)
            place(care, care->requests->request[i].row);
    }
    result->unfilled = (int32_t)(open - granted);
cleanup:
    return status;
}
