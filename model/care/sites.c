#include "care/sites.h"

#include "base/columns.h"
#include "base/hot.h"

static int32_t downtown_area(const allostat_params *params)
{
    return (int32_t)params->geography_downtown - 1;
}

double allostat_downtown_chance(const allostat_params *params, int32_t home_area)
{
    return home_area == downtown_area(params) ? 1.0 : params->use_downtown_share;
}

/* Doses by area of home and way of using, summed in pieces of the users. */
enum { PIECES = 16 };
typedef int64_t doses_of_area[ALLOSTAT_AREAS_MAX][2];

typedef struct {
    const allostat_users *users;
    doses_of_area doses[PIECES];
} counting;

/* Four sums take turns: neighbours are often of one area, and an addition that waits
 * for the last one to be stored takes five times as long. */
static void count_piece(void *context, size_t piece, size_t unused_first, size_t unused)
{
    counting *self = context;
    const allostat_users *users = self->users;
    const int32_t *doses = users->doses_month;
    const size_t rows = allostat_share_first_row(users->row_count, piece + 1, PIECES);
    const size_t first = allostat_share_first_row(users->row_count, piece, PIECES);
    enum { TOGETHER = 64, SUMS = 4 };
    doses_of_area sum[SUMS] = {{{0}}};

    (void)unused_first, (void)unused;
    for (size_t row = allostat_next_word(doses, first, rows); row < rows;
         row = allostat_next_word(doses, row, rows)) {
        const size_t end = row + TOGETHER < rows ? row + TOGETHER : rows;

        for (; row < end; row++)
            sum[row % SUMS][allostat_who_area(users->who[row])][users->injects[row]] +=
                doses[row];
    }
    for (int32_t area = 0; area < ALLOSTAT_AREAS_MAX; area++) {
        for (int32_t injects = 0; injects < 2; injects++) {
            for (int32_t i = 0; i < SUMS; i++)
                self->doses[piece][area][injects] += sum[i][area][injects];
        }
    }
}

/* Doses of last month that could have been taken at a site, by area of use. Summed as
 * whole doses by area of home and way of using, so that the order of people does not
 * matter. */
static void count_wants(const allostat_users *users, const allostat_params *params,
                        double wants[ALLOSTAT_AREAS_MAX])
{
    doses_of_area doses = {{0}};
    const int32_t downtown = downtown_area(params);
    counting all = {.users = users};

    allostat_share_pieces(users->share, PIECES, count_piece, &all);
    for (size_t piece = 0; piece < PIECES; piece++) {
        for (int32_t area = 0; area < ALLOSTAT_AREAS_MAX; area++) {
            doses[area][0] += all.doses[piece][area][0];
            doses[area][1] += all.doses[piece][area][1];
        }
    }
    for (int32_t area = 0; area < ALLOSTAT_AREAS_MAX; area++) wants[area] = 0.0;
    for (int32_t area = 0; area < params->geography_areas.count; area++) {
        const double fit = (double)doses[area][1] +
                           params->sites_inhalation_share * (double)doses[area][0];
        const double away = allostat_downtown_chance(params, area);

        wants[downtown] += fit * away;
        wants[area] += fit * (1.0 - away);
    }
}

static void set_shares(allostat_sites *self, const allostat_params *params,
                       double visits, const double wants[ALLOSTAT_AREAS_MAX])
{
    double total = 0.0;

    for (int32_t area = 0; area < params->geography_areas.count; area++) {
        total += params->sites_area_share[area];
    }
    for (int32_t area = 0; area < params->geography_areas.count; area++) {
        const double places =
            total > 0.0 ? visits * params->sites_area_share[area] / total : 0.0;
        const double share = wants[area] > 0.0 ? places / wants[area] : 0.0;
        const double most = allostat_site_share_most(params);

        self->share[area] = (float)(share < most ? share : most);
    }
}

void allostat_sites_month(allostat_sites *self, const allostat_users *users,
                          const allostat_params *params, allostat_month month)
{
    double wants[ALLOSTAT_AREAS_MAX];
    const double visits =
        allostat_series_value(&params->sites_visits, allostat_month_first_day(month)) *
        params->sites_capacity_ratio *
        (params->sites_open_hours / params->sites_visit_hours) *
        params->population_scale;

    count_wants(users, params, wants);
    set_shares(self, params, visits, wants);
}

typedef struct {
    allostat_users *users;
    float share[ALLOSTAT_AREAS_MAX][2]; /* by home; smoking, injecting */
} assign_context;

static void make_shares(assign_context *self, const allostat_sites *sites,
                        const allostat_params *params)
{
    const float inhalation = (float)params->sites_inhalation_share;
    const float downtown = sites->share[downtown_area(params)];

    for (int32_t home = 0; home < params->geography_areas.count; home++) {
        const float away = (float)allostat_downtown_chance(params, home);
        const float share = (1.0f - away) * sites->share[home] + away * downtown;

        for (int32_t injects = 0; injects < 2; injects++)
            self->share[home][injects] =
                share * allostat_site_access(injects, inhalation);
    }
}

ALLOSTAT_HOT
static void assign_rows(const float *restrict share, allostat_users *users,
                        size_t first, size_t count)
{
    const int32_t *restrict who = users->who + first;
    const int32_t *restrict injects = users->injects + first;
    float *restrict site_share = users->site_share + first;

#pragma omp simd
    for (size_t i = 0; i < count; i++)
        site_share[i] = share[2 * allostat_who_area(who[i]) + (injects[i] != 0)];
}

static void assign_block(void *context, size_t block, size_t first, size_t count)
{
    const assign_context *self = context;

    (void)block;
    assign_rows(self->share[0], self->users, first, count);
}

void allostat_sites_assign(const allostat_sites *self, allostat_users *users,
                           const allostat_params *params)
{
    assign_context context = {.users = users};

    make_shares(&context, self, params);
    allostat_share_rows(users->share, users->row_count, assign_block, &context);
}
