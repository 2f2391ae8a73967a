/* For whom: areas, sexes, ages, and who the dead are. */
#include "io/report/numbers.h"
#include "io/report/sections.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BARS_MAX = 40 };

/* ---- bars and their table -------------------------------------------------------- */

static void put_bar_table(allostat_canvas *canvas, const allostat_bars *bars,
                          const char *columns)
{
    allostat_canvas_head(canvas, columns);
    for (int32_t i = 0; i < bars->count; i++) {
        allostat_canvas_label(canvas, bars->bar[i].label);
        for (int32_t s = 0; s < bars->series_count; s++) {
            allostat_canvas_number(canvas, bars->bar[i].value[s]);
            allostat_canvas_number(canvas, bars->bar[i].low[s]);
            allostat_canvas_number(canvas, bars->bar[i].high[s]);
        }
        allostat_canvas_row(canvas);
    }
}

static void set_bar(allostat_bar *bar, int32_t s, const allostat_estimate *estimate)
{
    const bool spread = estimate->replicate_count > 1;

    bar->value[s] = estimate->mean;
    bar->low[s] = spread ? estimate->low : (double)NAN;
    bar->high[s] = spread ? estimate->high : (double)NAN;
}

/* ---- by part -------------------------------------------------------------------- */

/* Deaths in the base and under the policy, one row a part of a dimension. */
static void put_dimension(const allostat_view *view, const char *dimension,
                          const char *title, const char *name)
{
    allostat_bar bar[BARS_MAX];
    allostat_bars bars = {2, allostat_view_keys, 0, bar, false, false};
    char about[512];
    const allostat_contrast *contrast = view->contrast;

    memset(bar, 0, sizeof bar);
    for (int32_t i = 0; i < contrast->part_count && bars.count < BARS_MAX; i++) {
        const allostat_contrast_part *part = &contrast->part[i];
        if (strcmp(part->dimension, dimension) != 0) continue;
        const allostat_contrast_cell *cell =
            &part->outcome[ALLOSTAT_OUTCOME_overdose_deaths];
        allostat_bar *const row = &bar[bars.count++];
        snprintf(row->label, sizeof row->label, "%s", part->label);
        set_bar(row, 0, &cell->base);
        set_bar(row, 1, &cell->policy);
    }
    if (bars.count == 0) return;
    snprintf(about, sizeof about,
             "Deaths by overdose over the whole window. Bars: means of %d replicates; "
             "whiskers: lowest to highest of them, or 95 %% of 40 and more.",
             (int)contrast->replicate_count);
    const allostat_figure figure = {name,  title, "persons",
                                    about, 2,     allostat_view_keys};
    allostat_canvas_begin(view->canvas, &figure);
    const int32_t height = allostat_chart_bars(&view->canvas->picture, &bars);
    put_bar_table(view->canvas, &bars, "part,base,low,high,policy,low,high");
    allostat_canvas_end(view->canvas, height);
}

/* Strength of a colour from a relative change of deaths: a third and more is full. */
static int32_t shade_of(double relative)
{
    const double full = 3.0, steps = 9.0;
    const double size = fabs(relative) * steps;

    if (isnan(relative) || size < full / 6.0) return 0;
    const int32_t strength = size >= full ? 3 : size >= full / 2.0 ? 2 : 1;
    return relative > 0.0 ? -strength : strength;
}

static void set_tile(allostat_tile *tile, const char *label,
                     const allostat_contrast_cell *cell)
{
    char mean[ALLOSTAT_NUMBER_SIZE], low[ALLOSTAT_NUMBER_SIZE];
    char high[ALLOSTAT_NUMBER_SIZE];
    const bool known = !isnan(cell->difference.low);

    const double ten = 10.0;
    const int decimals = fabs(cell->difference.mean) < ten ? 1 : 0;

    snprintf(tile->label, sizeof tile->label, "%s", label);
    snprintf(tile->value, sizeof tile->value, "%s",
             allostat_number_fixed(mean, cell->difference.mean, decimals, true));
    tile->range[0] = '\0';
    if (known) {
        snprintf(tile->range, sizeof tile->range, "%s to %s",
                 allostat_number_fixed(low, cell->difference.low, decimals, true),
                 allostat_number_fixed(high, cell->difference.high, decimals, true));
    }
    tile->shade = shade_of(cell->relative);
}

static void put_map(const allostat_view *view)
{
    static const allostat_figure figure = {
        "map_of_areas",
        "Change of deaths by overdose, by area",
        "persons over the window",
        "Policy minus base, with the 95 % interval of pairs of replicates. Blue: fewer "
        "deaths; orange: more; the stronger, the larger the share of the area's "
        "deaths. "
        "Tiles lie as the areas do.",
        0,
        NULL};
    const allostat_labels *areas =
        &view->base->scenario->epochs[0].params.geography_areas;
    allostat_tile tile[ALLOSTAT_AREAS_MAX];
    allostat_canvas *canvas = view->canvas;
    int32_t count = 0;

    memset(tile, 0, sizeof tile);
    allostat_canvas_begin(canvas, &figure);
    allostat_canvas_head(canvas, "area,base,policy,difference,low,high");
    for (int32_t i = 0; i < view->contrast->part_count; i++) {
        const allostat_contrast_part *part = &view->contrast->part[i];
        const allostat_contrast_cell *cell =
            &part->outcome[ALLOSTAT_OUTCOME_overdose_deaths];
        if (strcmp(part->dimension, "area") != 0 || count >= areas->count) continue;
        set_tile(&tile[count++], part->label, cell);
        allostat_canvas_label(canvas, part->label);
        allostat_canvas_number(canvas, cell->base.mean);
        allostat_canvas_number(canvas, cell->policy.mean);
        allostat_canvas_number(canvas, cell->difference.mean);
        allostat_canvas_number(canvas, cell->difference.low);
        allostat_canvas_number(canvas, cell->difference.high);
        allostat_canvas_row(canvas);
    }
    if (count == areas->count) {
        allostat_canvas_end(canvas,
                            allostat_chart_tiles(&canvas->picture, areas, tile));
    } else {
        allostat_canvas_end(canvas, 0); /* nothing drawn: leaves nothing */
    }
}

/* ---- one run -------------------------------------------------------------------- */

typedef enum { BY_area, BY_sex, BY_age } dimension;

static int32_t parts_of(const allostat_view *view, dimension by)
{
    if (by == BY_area) return view->base->replicate[0].area_count;
    return by == BY_sex ? (int32_t)ALLOSTAT_SEX_COUNT
                        : (int32_t)ALLOSTAT_AGE_GROUP_COUNT;
}

static const char *part_label(const allostat_view *view, dimension by, int32_t i)
{
    const allostat_params *params = &view->base->scenario->epochs[0].params;

    if (by == BY_area) return params->geography_areas.label[i];
    return by == BY_sex ? allostat_axis_label(params, ALLOSTAT_AXIS_sex, i)
                        : allostat_age_group_labels[i];
}

static void put_alone(const allostat_view *view, dimension by, const char *title,
                      const char *name)
{
    allostat_bar bar[BARS_MAX];
    allostat_bars bars = {1, allostat_view_keys, parts_of(view, by), bar, false, false};
    const allostat_figure figure = {
        name,
        title,
        "persons",
        "Deaths by overdose over the whole window: means over replicates; whiskers: "
        "lowest to highest, or 95 % of 40 and more.",
        1,
        allostat_view_keys};

    memset(bar, 0, sizeof bar);
    for (int32_t i = 0; i < bars.count; i++) {
        allostat_pick pick = allostat_pick_counted(ALLOSTAT_COUNTED_overdose_deaths);
        *(by == BY_area ? &pick.area : by == BY_sex ? &pick.sex : &pick.age) = i;
        const allostat_estimate estimate = allostat_pick_estimate(
            view->base, pick, view->first, view->last, view->error, view->status);
        snprintf(bar[i].label, sizeof bar[i].label, "%s", part_label(view, by, i));
        set_bar(&bar[i], 0, &estimate);
    }
    allostat_canvas_begin(view->canvas, &figure);
    const int32_t height = allostat_chart_bars(&view->canvas->picture, &bars);
    put_bar_table(view->canvas, &bars, "part,base,low,high");
    allostat_canvas_end(view->canvas, height);
}

void allostat_section_parts(const allostat_view *view)
{
    allostat_pen_put(&view->canvas->page, "<h3>Where, who, how old</h3>\n<div "
                                          "class=\"figures bars\">\n");
    if (view->contrast != NULL) {
        put_map(view);
        put_dimension(view, "area", "Deaths by overdose by area", "deaths_by_area");
        put_dimension(view, "age", "Deaths by overdose by age", "deaths_by_age");
        put_dimension(view, "sex", "Deaths by overdose by sex", "deaths_by_sex");
    } else {
        put_alone(view, BY_area, "Deaths by overdose by area", "deaths_by_area");
        put_alone(view, BY_age, "Deaths by overdose by age", "deaths_by_age");
        put_alone(view, BY_sex, "Deaths by overdose by sex", "deaths_by_sex");
    }
    allostat_pen_put(&view->canvas->page, "</div>\n");
}

/* ---- who dies ------------------------------------------------------------------- */

/* Facts of a death that the log has and the series have not. */
typedef enum {
    FACT_ptsd,
    FACT_no_ptsd,
    FACT_ace_none,
    FACT_ace_some,
    FACT_ace_many
} fact;

enum { ACE_MANY = 4 }; /* as in tables/groups.def */

static bool has_fact(const allostat_death *death, fact wanted)
{
    switch (wanted) {
    case FACT_ptsd:
        return death->ptsd != 0;
    case FACT_no_ptsd:
        return death->ptsd == 0;
    case FACT_ace_none:
        return death->ace_score == 0;
    case FACT_ace_some:
        return death->ace_score > 0 && death->ace_score < ACE_MANY;
    case FACT_ace_many:
        return death->ace_score >= ACE_MANY;
    }
    return false;
}

/* Share of a replicate's deaths by overdose; NaN when there are none, or no log. */
static double share_with(const allostat_view *view, const allostat_records *records,
                         fact wanted)
{
    const allostat_day start = allostat_month_first_day(view->first);
    const allostat_day end = allostat_month_first_day(view->last + 1);
    int64_t deaths = 0, with = 0;

    for (int64_t i = 0; i < records->death_count; i++) {
        const allostat_death *death = &records->death[i];
        if (!death->overdose || death->day < start || death->day >= end) continue;
        deaths++;
        with += has_fact(death, wanted);
    }
    return deaths > 0 ? (double)with / (double)deaths : (double)NAN;
}

typedef struct {
    const char *label;
    int32_t fact; /* of the log, or -1: */
    allostat_pick pick;
} trait;

static void set_share(const allostat_view *view, allostat_bar *bar, const trait *row,
                      int32_t s)
{
    const allostat_results *run = allostat_view_run(view, s);
    const allostat_pick all = allostat_pick_counted(ALLOSTAT_COUNTED_overdose_deaths);
    double *const value = calloc((size_t)run->replicate_count, sizeof *value);

    if (value == NULL) {
        *view->status = ALLOSTAT_FAIL(view->error, NO_MEMORY, "shares of deaths");
        return;
    }
    for (int32_t r = 0; r < run->replicate_count; r++) {
        const allostat_records *records = &run->replicate[r];
        const double deaths = allostat_pick_over(records, all, view->first, view->last);
        if (row->fact >= 0) {
            value[r] = share_with(view, records, (fact)row->fact);
        } else if (deaths > 0.0) {
            value[r] = allostat_pick_over(records, row->pick, view->first, view->last) /
                       deaths;
        } else {
            value[r] = (double)NAN;
        }
    }
    const allostat_estimate estimate =
        allostat_estimate_of(value, run->replicate_count);
    set_bar(bar, s, &estimate);
    free(value);
}

static void put_traits(const allostat_view *view, const char *name, const char *title,
                       const trait *row, int32_t count)
{
    allostat_bar bar[BARS_MAX];
    const int32_t runs = allostat_view_runs(view);
    allostat_bars bars = {runs, allostat_view_keys, 0, bar, false, true};
    const allostat_figure figure = {
        name,
        title,
        "share of deaths by overdose",
        "Of those who died by overdose in the window: means over replicates; whiskers: "
        "lowest to highest, or 95 % of 40 and more.",
        runs,
        allostat_view_keys};

    memset(bar, 0, sizeof bar);
    for (int32_t i = 0; i < count; i++) {
        allostat_bar *const next = &bar[bars.count];
        snprintf(next->label, sizeof next->label, "%s", row[i].label);
        for (int32_t s = 0; s < runs; s++) set_share(view, next, &row[i], s);
        if (!isnan(next->value[0])) bars.count++;
    }
    if (bars.count == 0) return;
    allostat_canvas_begin(view->canvas, &figure);
    const int32_t height = allostat_chart_bars(&view->canvas->picture, &bars);
    put_bar_table(view->canvas, &bars,
                  runs == 1 ? "group,base,low,high"
                            : "group,base,low,high,policy,low,high");
    allostat_canvas_end(view->canvas, height);
}

void allostat_section_who_dies(const allostat_view *view)
{
    const trait mind[] = {
        {"secure attachment", -1,
         allostat_pick_city(ALLOSTAT_CITY_overdose_deaths_secure)},
        {"anxious attachment", -1,
         allostat_pick_city(ALLOSTAT_CITY_overdose_deaths_anxious)},
        {"avoidant attachment", -1,
         allostat_pick_city(ALLOSTAT_CITY_overdose_deaths_avoidant)},
        {"fearful attachment", -1,
         allostat_pick_city(ALLOSTAT_CITY_overdose_deaths_fearful)},
        {"with PTSD", FACT_ptsd, {0}},
        {"no adverse childhood experience", FACT_ace_none, {0}},
        {"1 to 3 adverse childhood experiences", FACT_ace_some, {0}},
        {"4 or more adverse childhood experiences", FACT_ace_many, {0}},
    };
    trait place[2 + (int)ALLOSTAT_PLACE_COUNT] = {
        {"alone", -1, allostat_pick_counted(ALLOSTAT_COUNTED_overdose_deaths_alone)},
        {"in opioid agonist treatment", -1,
         allostat_pick_counted(ALLOSTAT_COUNTED_overdose_deaths_on_oat)}};

    for (int32_t i = 0; i < (int32_t)ALLOSTAT_PLACE_COUNT; i++) {
        place[2 + i] =
            (trait){allostat_place_labels[i], -1,
                    allostat_pick_placed(ALLOSTAT_PLACED_overdose_deaths_by_place, i)};
    }
    allostat_pen_put(&view->canvas->page,
                     "<h3>Who dies</h3>\n<div class=\"figures bars\">\n");
    put_traits(view, "who_dies_mind", "What they carried", mind,
               (int32_t)(sizeof mind / sizeof mind[0]));
    put_traits(view, "who_dies_place", "How and where they died", place,
               (int32_t)(sizeof place / sizeof place[0]));
    allostat_pen_put(&view->canvas->page, "</div>\n");
}
