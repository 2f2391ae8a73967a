#include "care/therapy.h"

#include "care/drawing.h"
#include "care/institutions.h"
#include "mind/ptsd.h"
#include "opioid/use.h"
#include "people/person_days.h"

#include <string.h>

/* One therapy's month. */
typedef struct {
    const allostat_care_month *care;
    allostat_residents *residents;
    allostat_therapy therapy;
    allostat_day day; /* first of the month */
    int32_t places, months;
    double leave, give_up;
    double no_request[2];     /* chance of not asking: not in care, in care */
    float ptsd_share;         /* of severity that a completed course removes */
    float severity_least;     /* from which the therapy is for a person */
    allostat_requests *queue; /* those who could start */
} therapy_work;

static const struct {
    bool for_ptsd;
} therapies[ALLOSTAT_THERAPY_COUNT] = {
#define FOR_ptsd true
#define FOR_use false
#define THERAPY(name, label, whom, about) {FOR_##whom},
#include "tables/therapies.def"
#undef THERAPY
#undef FOR_use
#undef FOR_ptsd
};

int32_t allostat_therapy_places(const allostat_params *params, allostat_therapy therapy)
{
    const double half = 0.5;

    return (int32_t)(params->therapy_places[therapy] * params->population_scale + half);
}

static void make_work(therapy_work *self, const allostat_care_month *care,
                      allostat_residents *residents, allostat_therapy t)
{
    const allostat_params *params = care->params;
    const double rate = params->therapy_request_rate[t];

    self->care = care;
    self->residents = residents;
    self->therapy = t;
    self->day = allostat_month_first_day(care->month);
    self->places = allostat_therapy_places(params, t);
    self->months = allostat_therapy_months(params->therapy_course_days[t]);
    self->leave =
        allostat_therapy_leave_chance(params->therapy_drop_out[t], self->months);
    self->give_up = -allostat_expm1(-params->therapy_give_up_rate);
    self->no_request[0] = allostat_exp(-rate * params->therapy_contact[t]);
    self->no_request[1] = allostat_exp(-rate);
    self->ptsd_share = (float)allostat_therapy_ptsd_share(
        params->therapy_ptsd_g[t], params->ptsd_chronic_low, params->ptsd_chronic_high);
    self->severity_least = therapies[t].for_ptsd ? (float)params->ptsd_threshold : 0.0f;
    self->queue = care->requests;
}

static double uniform(const therapy_work *work, allostat_draw draw, size_t row)
{
    return allostat_draw_uniform(work->care->key, draw, work->care->users->person[row],
                                 work->day, (uint32_t)work->therapy);
}

static void leave(allostat_users *users, size_t row, allostat_therapy therapy)
{
    allostat_therapy_courses *courses = &users->courses[row];

    users->therapy_left_month[row] += courses->month[therapy] != 0;
    courses->month[therapy] = 0;
    courses->waiting_since[therapy] = 0;
}

static void clear_effects(allostat_users *users, size_t row)
{
    users->craving_relief[row] = 0.0f;
    users->doses_less[row] = 0.0f;
    users->lapse_less[row] = 0.0f;
    users->programme_ties[row] = 0.0f;
    users->oat_request_more[row] = 0.0f;
}

void allostat_therapy_break_off(allostat_users *users, size_t row)
{
    for (int32_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++)
        leave(users, row, (allostat_therapy)t);
    clear_effects(users, row);
}

/* ---- courses ---- */

static void complete(const therapy_work *work, size_t row)
{
    allostat_users *users = work->care->users;
    allostat_residents *residents = work->residents;
    const uint32_t person = users->person[row];
    float *severity = &residents->ptsd_severity[person];
    float *chronic = &residents->ptsd_chronic[person];
    const double rest = work->care->params->therapy_rest_days[work->therapy];

    users->courses[row].month[work->therapy] = 0;
    users->courses[row].rest_until[work->therapy] = work->day + (int32_t)rest;
    users->therapy_completed_month[row]++;
    *severity = allostat_therapy_severityf(*severity, work->ptsd_share);
    *chronic = allostat_therapy_severityf(*chronic, work->ptsd_share);
}

/* The month that is over counts; one that begins in detox will not. */
static void go_on(const therapy_work *work, size_t row)
{
    allostat_users *users = work->care->users;
    int32_t *month = &users->courses[row].month[work->therapy];

    if (users->institution[row] == ALLOSTAT_INSTITUTION_detox) return;
    if (uniform(work, ALLOSTAT_DRAW_therapy_drop_out, row) < work->leave) {
        leave(users, row, work->therapy);
    } else if (*month >= work->months) {
        complete(work, row);
    } else {
        ++*month;
    }
}

/* ---- asking ---- */

static bool lately_released(const therapy_work *work, size_t row)
{
    const allostat_day today = allostat_month_first_day(work->care->month);
    const int32_t since =
        allostat_days_since(work->care->users->released_on[row], today - 1);

    return since > 0 && since <= allostat_month_day_count(work->care->month - 1);
}

static bool in_care(const therapy_work *work, size_t row)
{
    const allostat_users *users = work->care->users;

    return users->treatment[row] || lately_released(work, row) ||
           users->institution[row] == ALLOSTAT_INSTITUTION_detox;
}

/* With PTSD, or with use that is not left behind; patients of a prescription apart. */
static bool is_for(const therapy_work *work, size_t row)
{
    const allostat_users *users = work->care->users;
    const allostat_params *params = work->care->params;
    const float severity = work->residents->ptsd_severity[users->person[row]];

    if (users->rx_only[row] || severity < work->severity_least ||
        (double)users->connection[row] > params->therapy_connection_most[work->therapy])
        return false;
    return therapies[work->therapy].for_ptsd || users->treatment[row] ||
           !users->in_remission[row];
}

static double request_chance(const therapy_work *work, size_t row)
{
    const allostat_users *users = work->care->users;
    const allostat_params *params = work->care->params;
    double not_asking = work->no_request[in_care(work, row)];

    if (lately_released(work, row))
        not_asking *= 1.0 - params->therapy_after_release[work->therapy];
    if (allostat_was_struck(users, row))
        not_asking *= 1.0 - params->therapy_after_trauma[work->therapy];
    return 1.0 - not_asking;
}

static void ask_some(const therapy_work *work, allostat_drawing *people)
{
    allostat_therapy_courses *courses = work->care->users->courses;

    allostat_drawing_make(people, work->care, ALLOSTAT_DRAW_therapy_request);
    for (size_t i = 0; i < people->count; i++) {
        const uint32_t row = people->row[i];

        if (allostat_drawing_uniform(people, i) < request_chance(work, row))
            courses[row].waiting_since[work->therapy] = work->day;
    }
}

/* Goes on waiting or not, or may ask. */
static void wait_or_ask(const therapy_work *work, size_t row, allostat_drawing *asking)
{
    allostat_therapy_courses *courses = &work->care->users->courses[row];
    int32_t *since = &courses->waiting_since[work->therapy];

    if (!is_for(work, row)) {
        *since = 0;
    } else if (*since != 0) {
        if (uniform(work, ALLOSTAT_DRAW_therapy_give_up, row) < work->give_up)
            *since = 0;
    } else if (work->day >= courses->rest_until[work->therapy]) {
        allostat_drawing_add(asking, work->care->users, row, (uint32_t)work->therapy);
    }
}

/* Who is in detox keeps the place in the line and starts afterwards. */
static void queue_up(const therapy_work *work, size_t first, size_t count,
                     allostat_requests *list)
{
    const allostat_users *users = work->care->users;
    allostat_drawing people = {.count = 0};

    for (size_t row = first; row < first + count; row++) {
        const int32_t since = users->courses[row].waiting_since[work->therapy];

        if (since != 0 && users->present[row] && !users->institution[row])
            allostat_drawing_add(&people, users, row, (uint32_t)work->therapy);
    }
    allostat_drawing_make(&people, work->care, ALLOSTAT_DRAW_therapy_rank);
    for (size_t i = 0; i < people.count; i++) {
        const uint32_t row = people.row[i];
        const int32_t since = users->courses[row].waiting_since[work->therapy];

        allostat_requests_add(list, allostat_request_order(since, people.bits[i]), row);
    }
}

/* Courses, then those who ask; returns the places that are taken. */
static int32_t see_some(const therapy_work *work, allostat_requests *list, size_t first,
                        size_t count)
{
    allostat_users *users = work->care->users;
    allostat_drawing asking = {.count = 0};
    int32_t taken = 0;

    for (size_t row = first; row < first + count; row++) {
        allostat_therapy_courses *courses = &users->courses[row];

        if (!users->present[row]) continue;
        if (work->places == 0 ||
            users->institution[row] == ALLOSTAT_INSTITUTION_custody) {
            leave(users, row, work->therapy);
        } else if (courses->month[work->therapy] != 0) {
            go_on(work, row);
        } else {
            wait_or_ask(work, row, &asking);
        }
        taken += courses->month[work->therapy] != 0;
    }
    ask_some(work, &asking);
    queue_up(work, first, count, list);
    return taken;
}

static int32_t see_rows(void *context, allostat_requests *list, size_t first,
                        size_t count)
{
    int32_t taken = 0;
    size_t now;

    for (size_t row = first; row < first + count; row += now) {
        now = allostat_drawing_rows(row, first + count);
        taken += see_some(context, list, row, now);
    }
    return taken;
}

/* Free places; returns the days that those who begin have waited. */
static int32_t admit(const therapy_work *work, int32_t taken)
{
    allostat_users *users = work->care->users;
    int32_t waited = 0;

    if (taken >= work->places) return 0;
    (void)allostat_requests_grant(work->queue, (size_t)(work->places - taken));
    for (size_t i = 0; i < work->queue->count; i++) {
        const size_t row = work->queue->request[i].row;
        allostat_therapy_courses *courses = &users->courses[row];

        if (!work->queue->request[i].granted) continue;
        waited += work->day - courses->waiting_since[work->therapy];
        courses->waiting_since[work->therapy] = 0;
        courses->month[work->therapy] = 1;
        users->therapy_starts_month[row]++;
    }
    return waited;
}

/* ---- what they do ---- */

/* The month's courses of a user, added up. */
typedef struct {
    double craving, log_odds, ties, requests;
} therapy_effects;

static therapy_effects add_up(const allostat_params *params,
                              const allostat_therapy_courses *courses)
{
    therapy_effects sum = {.requests = 1.0};

    for (int32_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++) {
        if (courses->month[t] == 0) continue;
        sum.craving += params->therapy_craving_sd[t];
        sum.log_odds += params->therapy_abstinence_log_odds[t];
        sum.ties += params->therapy_support_ties[t];
        sum.requests *= params->therapy_oat_request_ratio[t];
    }
    return sum;
}

/* From the craving of today, for the whole month; both for whoever uses and whoever
 * does not, since a month may see both. */
static void spare_use(const allostat_use_terms *use, const allostat_params *params,
                      allostat_users *users, size_t row, double log_odds)
{
    const double days = params->therapy_sample_days;
    const float craving = users->craving[row];
    const float mobilised = users->defence_state[row] == ALLOSTAT_DEFENCE_mobilised
                                ? use->mobilised_ratio
                                : 1.0f;
    const double doses = (double)allostat_mean_dosesf(use, craving, mobilised);
    const double lapses = (double)allostat_lapse_hazardf(
        use, craving, users->frailty[row], users->in_remission[row]);

    users->doses_less[row] = (float)allostat_abstinence_share(doses, log_odds, days);
    users->lapse_less[row] = (float)allostat_abstinence_share(lapses, log_odds, days);
}

static void take_effect(const allostat_use_terms *use, const allostat_params *params,
                        allostat_users *users, size_t row)
{
    const therapy_effects sum = add_up(params, &users->courses[row]);

    users->craving_relief[row] = (float)sum.craving;
    users->programme_ties[row] = (float)sum.ties;
    users->oat_request_more[row] = (float)(sum.requests - 1.0);
    if (sum.log_odds != 0.0) spare_use(use, params, users, row, sum.log_odds);
}

typedef struct {
    const allostat_care_month *care;
    allostat_use_terms use;
    allostat_therapy_result *result;
} effects_context;

static void take_effects_block(void *context, size_t block, size_t first, size_t count)
{
    const effects_context *self = context;
    allostat_users *users = self->care->users;
    const int32_t days = allostat_month_day_count(self->care->month);
    int32_t courses[ALLOSTAT_THERAPY_COUNT] = {0};

    (void)block;
    for (size_t row = first; row < first + count; row++) {
        clear_effects(users, row);
        if (!users->present[row] || users->institution[row]) continue;
        take_effect(&self->use, self->care->params, users, row);
        for (int32_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++)
            courses[t] += users->courses[row].month[t] != 0;
    }
    for (int32_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++)
        allostat_share_count(&self->result->days[t], days * courses[t]);
}

/* Nothing to do when there is no course, and was none. */
static void take_effects(const allostat_care_month *care, allostat_therapy_idle *idle,
                         allostat_therapy_result *result)
{
    const bool was_without = idle->without_effects;
    effects_context context = {.care = care, .result = result};

    idle->without_effects = true;
    for (int32_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++)
        idle->without_effects &= idle->closed[t];
    idle->at_rest = was_without && idle->without_effects;
    if (idle->at_rest) return;
    allostat_use_terms_make(&context.use, care->params,
                            allostat_month_first_day(care->month));
    allostat_share_rows(care->users->share, care->users->row_count, take_effects_block,
                        &context);
}

allostat_status allostat_therapy_month(const allostat_care_month *care,
                                       allostat_residents *residents,
                                       allostat_therapy_idle *idle,
                                       allostat_therapy_result *result,
                                       allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    therapy_work work;

    memset(result, 0, sizeof *result);
    for (int32_t t = 0; t < ALLOSTAT_THERAPY_COUNT; t++) {
        make_work(&work, care, residents, (allostat_therapy)t);
        if (work.places == 0 && idle->closed[t]) continue;
        idle->closed[t] = work.places == 0;
        ALLOSTAT_TRY(
            allostat_requests_reserve(care->requests, care->users->row_count, error));
        result->wait_days +=
            admit(&work, allostat_requests_collect(care->requests, care->users,
                                                   see_rows, &work));
    }
    take_effects(care, idle, result);
cleanup:
    return status;
}
