/* The first screen, and the last: what the policies did; where it all comes from. */
#include "base/version.h"
#include "io/report/numbers.h"
#include "io/report/sections.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- key numbers ----------------------------------------------------------------- */

static void put_difference(allostat_pen *page, const allostat_contrast_cell *cell,
                           bool money)
{
    char mean[ALLOSTAT_NUMBER_SIZE], low[ALLOSTAT_NUMBER_SIZE];
    char high[ALLOSTAT_NUMBER_SIZE], share[ALLOSTAT_NUMBER_SIZE];
    const allostat_paired *d = &cell->difference;
    const char *(*number)(char *, double, bool) =
        money ? allostat_number_money : allostat_number;

    allostat_pen_put(page, "<td>%s</td><td>", number(mean, d->mean, true));
    if (isnan(d->low)) {
        allostat_pen_put(page, "one pair");
    } else {
        allostat_pen_put(page, "%s to %s", number(low, d->low, true),
                         number(high, d->high, true));
    }
    allostat_pen_put(page, "</td><td>%s</td>",
                     allostat_number_share(share, cell->relative, true));
}

static void put_outcome(allostat_pen *page, const allostat_contrast_cell *cell,
                        int32_t outcome)
{
    const allostat_outcome_info *info = &allostat_outcomes[outcome];
    const bool money = strcmp(info->unit, "CAD") == 0;
    char base[ALLOSTAT_NUMBER_SIZE], policy[ALLOSTAT_NUMBER_SIZE];
    const char *(*number)(char *, double, bool) =
        money ? allostat_number_money : allostat_number;

    if (isnan(cell->base.mean)) return;
    allostat_pen_put(page, "<tr><th scope=\"row\">%s <small>%s</small></th>",
                     info->about, info->unit);
    put_difference(page, cell, money);
    allostat_pen_put(page, "<td>%s</td><td>%s</td></tr>\n",
                     number(base, cell->base.mean, false),
                     number(policy, cell->policy.mean, false));
}

static void put_alone(const allostat_view *view)
{
    static const allostat_counted series[] = {
        ALLOSTAT_COUNTED_overdose_deaths,    ALLOSTAT_COUNTED_overdoses,
        ALLOSTAT_COUNTED_attended_overdoses, ALLOSTAT_COUNTED_deaths_other_causes,
        ALLOSTAT_COUNTED_active_users,       ALLOSTAT_COUNTED_residents};
    allostat_pen *page = &view->canvas->page;
    char mean[ALLOSTAT_NUMBER_SIZE], low[ALLOSTAT_NUMBER_SIZE];
    char high[ALLOSTAT_NUMBER_SIZE];

    allostat_pen_put(page,
                     "<tr><th scope=\"col\">over the window</th><th "
                     "scope=\"col\">mean</th><th scope=\"col\">lowest or "
                     "2.5 %%</th><th scope=\"col\">highest or 97.5 %%</th></tr>\n");
    for (size_t i = 0; i < sizeof series / sizeof series[0]; i++) {
        const allostat_pick pick = allostat_pick_counted(series[i]);
        const allostat_series_info *info = allostat_pick_info(pick);
        const allostat_estimate e = allostat_pick_estimate(
            view->base, pick, view->first, view->last, view->error, view->status);
        allostat_pen_put(page,
                         "<tr><th scope=\"row\">%s <small>%s%s</small></th><td>%s</td>"
                         "<td>%s</td><td>%s</td></tr>\n",
                         info->about, info->unit,
                         info->kind == ALLOSTAT_SERIES_flow ? "" : ", on average",
                         allostat_number(mean, e.mean, false),
                         allostat_number(low, e.low, false),
                         allostat_number(high, e.high, false));
    }
}

void allostat_section_key_numbers(const allostat_view *view)
{
    allostat_pen *page = &view->canvas->page;

    allostat_pen_put(page, "<h3>Key numbers</h3>\n<div class=\"scroll\"><table "
                           "class=\"key\">\n");
    if (view->contrast == NULL) {
        put_alone(view);
    } else {
        allostat_pen_put(page, "<tr><th scope=\"col\">over the window</th><th "
                               "scope=\"col\">difference</th><th scope=\"col\">95 %% "
                               "interval</th><th scope=\"col\">change</th><th "
                               "scope=\"col\">base</th><th "
                               "scope=\"col\">policy</th></tr>\n");
        for (int32_t i = 0; i < (int32_t)ALLOSTAT_OUTCOME_COUNT; i++) {
            put_outcome(page, &view->contrast->whole[i], i);
        }
    }
    allostat_pen_put(page, "</table></div>\n");
}

/* ---- the table of policies ---- */

static void put_policy_row(allostat_pen *page, const allostat_page_policy *policy,
                           int number)
{
    const allostat_contrast_cell *deaths =
        &policy->whole[ALLOSTAT_OUTCOME_overdose_deaths];
    const allostat_paired *d = &deaths->difference;
    char mean[ALLOSTAT_NUMBER_SIZE], low[ALLOSTAT_NUMBER_SIZE];
    char high[ALLOSTAT_NUMBER_SIZE], share[ALLOSTAT_NUMBER_SIZE];
    char qalys[ALLOSTAT_NUMBER_SIZE], cost[ALLOSTAT_NUMBER_SIZE];

    allostat_pen_put(page, "<tr><th scope=\"row\">%d. <a href=\"#policy%d\">", number,
                     number);
    allostat_pen_name(page, policy->name);
    allostat_pen_put(page, "</a></th><td>%s</td>",
                     allostat_number(mean, -d->mean, true));
    if (isnan(d->low)) {
        allostat_pen_put(page, "<td>one pair</td>");
    } else {
        allostat_pen_put(page, "<td>%s to %s</td>",
                         allostat_number(low, -d->high, true),
                         allostat_number(high, -d->low, true));
    }
    allostat_number(qalys, policy->whole[ALLOSTAT_OUTCOME_qalys].difference.mean, true);
    allostat_number_money(
        cost, policy->whole[ALLOSTAT_OUTCOME_cost_payer].difference.mean, true);
    allostat_pen_put(page, "<td>%s</td><td>%s</td><td>%s</td><td>",
                     allostat_number_share(share, -deaths->relative, true), qalys,
                     cost);
    allostat_words_value(page, policy->whole[ALLOSTAT_OUTCOME_qalys].difference.mean,
                         policy->whole[ALLOSTAT_OUTCOME_cost_payer].difference.mean);
    allostat_pen_put(page, "</td></tr>\n");
}

static void draw_policies(allostat_page *report)
{
    static const allostat_chart_key key = {"c2", "deaths averted", false};
    allostat_canvas *canvas = &report->canvas;
    const allostat_figure figure = {
        "policies",
        "Deaths by overdose averted",
        "persons over the window",
        "Base minus policy; below 0 the policy does harm. Bars: means of pairs of "
        "replicates; whiskers: 95 % intervals.",
        0,
        NULL};
    allostat_bar *const bar = calloc((size_t)report->policy_count, sizeof *bar);
    const allostat_bars bars = {1, &key, report->policy_count, bar, true, false};

    if (bar == NULL) {
        canvas->page.status = ALLOSTAT_FAIL(report->error, NO_MEMORY, "policies");
        return;
    }
    allostat_canvas_begin(canvas, &figure);
    allostat_canvas_head(canvas, "policy,averted,low,high");
    for (int32_t i = 0; i < bars.count; i++) {
        const allostat_paired *d =
            &report->policy[i].whole[ALLOSTAT_OUTCOME_overdose_deaths].difference;
        snprintf(bar[i].label, sizeof bar[i].label, "%s", report->policy[i].name);
        bar[i].value[0] = -d->mean;
        bar[i].low[0] = -d->high;
        bar[i].high[0] = -d->low;
        allostat_canvas_label(canvas, bar[i].label);
        allostat_canvas_number(canvas, bar[i].value[0]);
        allostat_canvas_number(canvas, bar[i].low[0]);
        allostat_canvas_number(canvas, bar[i].high[0]);
        allostat_canvas_row(canvas);
    }
    allostat_canvas_end(canvas, allostat_chart_bars(&canvas->picture, &bars));
    free(bar);
}

static void put_policies(allostat_page *report)
{
    allostat_pen *page = &report->canvas.page;

    allostat_pen_put(page,
                     "<section id=\"policies\"><h2>The policies</h2>\n<div "
                     "class=\"scroll\"><table class=\"key many\"><tr><th "
                     "scope=\"col\">policy</th><th scope=\"col\">deaths by "
                     "overdose averted</th><th scope=\"col\">95 %% interval</th>"
                     "<th scope=\"col\">of the base's</th><th "
                     "scope=\"col\">QALYs</th><th scope=\"col\">cost to the payer, "
                     "CAD</th><th scope=\"col\">value to the payer</th></tr>\n");
    for (int32_t i = 0; i < report->policy_count; i++) {
        put_policy_row(page, &report->policy[i], (int)i + 1);
    }
    allostat_pen_put(page, "</table></div>\n<div class=\"figures\">\n");
    draw_policies(report);
    allostat_pen_put(page, "</div></section>\n");
}

/* ---- front ----------------------------------------------------------------------- */

static void put_base_answer(const allostat_page *report, allostat_pen *page)
{
    const allostat_results *run = &report->base.run->results;
    const allostat_records *records = &run->replicate[0];
    const allostat_month first = records->first_month;
    const allostat_month last = first + records->month_count - 1;
    char mean[ALLOSTAT_NUMBER_SIZE], low[ALLOSTAT_NUMBER_SIZE];
    char high[ALLOSTAT_NUMBER_SIZE], from[ALLOSTAT_NUMBER_SIZE],
        to[ALLOSTAT_NUMBER_SIZE];
    allostat_status status = ALLOSTAT_OK;
    const allostat_estimate deaths = allostat_pick_estimate(
        run, allostat_pick_counted(ALLOSTAT_COUNTED_overdose_deaths), first, last,
        report->error, &status);

    if (status != ALLOSTAT_OK) {
        page->status = status;
        return;
    }
    allostat_pen_put(
        page, "<p class=\"answer\">From %s to %s, %s people die by overdose",
        allostat_number_month(from, first), allostat_number_month(to, last),
        allostat_number(mean, deaths.mean, false));
    if (deaths.replicate_count > 1) {
        allostat_pen_put(page, " (%s to %s over %d replicates)",
                         allostat_number(low, deaths.low, false),
                         allostat_number(high, deaths.high, false),
                         (int)deaths.replicate_count);
    } else {
        allostat_pen_put(page, " in the one replicate of this run");
    }
    allostat_pen_put(page, " in the city of <q>");
    allostat_pen_name(page, report->base.run->stored.name);
    allostat_pen_put(page, "</q>. There is no policy to compare it with.</p>\n");
}

/* What is compared, in a line. */
static void put_setting(const allostat_page *report, allostat_pen *page)
{
    const allostat_stored *stored = &report->base.run->stored;
    char scale[ALLOSTAT_NUMBER_SIZE];

    allostat_pen_put(page, "<p class=\"setting\">");
    if (report->policy_count > 0) {
        allostat_pen_put(page, "Base: <q>");
        allostat_pen_name(page, stored->name);
        allostat_pen_put(page, "</q>. ");
    }
    if (report->policy_count == 1) {
        allostat_pen_put(page, "Policy: <q>");
        allostat_pen_name(page, report->policy[0].name);
        allostat_pen_put(page, "</q>. ");
        allostat_pen_name(page, report->policy[0].description);
        allostat_pen_put(page, " ");
    } else if (report->policy_count == 0) {
        allostat_pen_name(page, stored->description);
        allostat_pen_put(page, " ");
    }
    if (stored->scale < 1.0 || stored->scale > 1.0) {
        allostat_pen_put(
            page,
            "What was observed is drawn at the scale of the simulated city, "
            "%s.",
            allostat_number_share(scale, stored->scale, false));
    }
    allostat_pen_put(page, "</p>\n");
}

void allostat_front(allostat_page *report)
{
    allostat_pen *page = &report->canvas.page;

    allostat_pen_put(page, "<section id=\"answer\">\n");
    if (report->policy_count == 0) {
        put_base_answer(report, page);
    } else if (report->policy_count == 1) {
        allostat_pen_bytes(page, report->policy[0].answer.data,
                           report->policy[0].answer.length);
    } else {
        allostat_words_many(page, report);
    }
    put_setting(report, page);
    allostat_pen_put(page, "</section>\n");
    if (report->policy_count > 1) put_policies(report);
}

/* ---- back ------------------------------------------------------------------------ */

static void put_file_row(allostat_pen *page, const char *role, const char *path,
                         const char *digest, const char *version)
{
    allostat_pen_put(page, "<tr><th scope=\"row\">%s</th><td>", role);
    allostat_pen_name(page, path);
    allostat_pen_put(page, "</td><td><code>%s</code></td><td>", digest);
    allostat_pen_name(page, version);
    allostat_pen_put(page, "</td></tr>\n");
}

/* As a shell wants it: in single quotes. */
static void put_argument(allostat_pen *page, const char *text)
{
    allostat_pen_put(page, " &#39;");
    for (const char *from = text; *from != '\0';) {
        char piece[ALLOSTAT_PATH_SIZE];
        const size_t length = strcspn(from, "'");
        snprintf(piece, sizeof piece, "%.*s", (int)length, from);
        allostat_pen_text(page, piece);
        from += strnlen(piece, sizeof piece);
        if (*from == '\'') {
            allostat_pen_put(page, "&#39;\\&#39;&#39;");
            from++;
        }
    }
    allostat_pen_put(page, "&#39;");
}

static void put_command(const allostat_page *report, allostat_pen *page)
{
    allostat_pen_put(page, "<p>This page again, and each file again from what it "
                           "holds:</p>\n<pre>allostat report");
    put_argument(page, report->base.path);
    for (int32_t i = 0; i < report->policy_count; i++) {
        put_argument(page, report->policy[i].path);
    }
    if (report->title != NULL) {
        allostat_pen_put(page, " --title");
        put_argument(page, report->title);
    }
    allostat_pen_put(page, " --output report.html\nallostat verify");
    put_argument(page, report->base.path);
    for (int32_t i = 0; i < report->policy_count; i++) {
        allostat_pen_put(page, "\nallostat verify");
        put_argument(page, report->policy[i].path);
    }
    allostat_pen_put(page, "</pre>\n");
}

/* The configuration of the base, whole; policies are told by what they change. */
static void put_configuration(allostat_page *report, allostat_pen *page)
{
    char *yaml = NULL;
    const allostat_status status = allostat_scenario_to_yaml(
        report->base.run->results.scenario, &yaml, report->error);

    if (status != ALLOSTAT_OK) {
        page->status = status;
        return;
    }
    allostat_pen_put(page, "<details><summary>Configuration of the base</summary>"
                           "<pre class=\"long\">");
    for (char *line = yaml; *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        const bool more = line[length] != '\0';
        line[length] = '\0';
        allostat_pen_text(page, line);
        allostat_pen_put(page, "\n");
        line += length + (more ? 1 : 0);
    }
    allostat_pen_put(page, "</pre></details>\n");
    free(yaml);
}

void allostat_back(allostat_page *report)
{
    allostat_pen *page = &report->canvas.page;
    const allostat_stored *stored = &report->base.run->stored;
    char start[ALLOSTAT_DATE_TEXT_SIZE], end[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(stored->start, start);
    allostat_day_format(stored->end, end);
    allostat_pen_put(
        page,
        "<section id=\"provenance\"><h2>Where this comes from</h2>\n<p>"
        "Simulated person by person and day by day from %s to %s with seed "
        "%lld, %d replicates of the base, population scale %g. The page was "
        "made by allostat %s. Its words, numbers and pictures depend on "
        "these files only.</p>\n<div class=\"scroll\"><table "
        "class=\"words\"><tr><th "
        "scope=\"col\">run</th><th scope=\"col\">file</th><th "
        "scope=\"col\">SHA-256</th><th scope=\"col\">made by "
        "allostat</th></tr>\n",
        start, end, (long long)stored->seed, (int)stored->replicate_count,
        stored->scale, allostat_version());
    put_file_row(page, "base", report->base.path, stored->digest, stored->version);
    for (int32_t i = 0; i < report->policy_count; i++) {
        const allostat_page_policy *policy = &report->policy[i];
        char role[ALLOSTAT_NUMBER_SIZE];
        snprintf(role, sizeof role, "policy %d", (int)i + 1);
        put_file_row(page, role, policy->path, policy->digest, policy->version);
    }
    allostat_pen_put(page, "</table></div>\n");
    put_command(report, page);
    put_configuration(report, page);
    allostat_pen_put(page, "</section>\n");
}
