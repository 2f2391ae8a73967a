#include "cli/compare_present.h"

#include "params/difference.h"
#include "study/contrast_words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LABEL = 32,
    COLUMN = 12,
    RANGE = 22,
    PART_LABEL = 20,
    NAME_LABEL = 44,
    CELL_SIZE = 2 * ALLOSTAT_NUMBER_TEXT_SIZE + 8,
    NAME_SIZE = 2 * ALLOSTAT_TEXT_SIZE
};

static const double million = 1e6, few = 10.0;

const char *const allostat_dimension_names[ALLOSTAT_DIMENSION_COUNT] = {
    "area", "sex", "age", "attachment", "ptsd", "ace"};

/* ---- cells
 * ----------------------------------------------------------------------------------------
 */

/* Bold only where someone looks at a terminal and has not said no. */
static void print_heading(const char *text)
{
    const char *no_color = getenv("NO_COLOR");
    const bool plain =
        (no_color != NULL && no_color[0] != '\0') || !isatty(STDOUT_FILENO);

    printf(plain ? "%s\n" : "\033[1m%s\033[0m\n", text);
}

static bool is_money(allostat_outcome outcome)
{
    return strcmp(allostat_outcomes[outcome].unit, "CAD") == 0;
}

/* Money is shown in millions. */
static double shown_value(allostat_outcome outcome, double value)
{
    return is_money(outcome) ? value / million : value;
}

static int decimals_of(allostat_outcome outcome, double value)
{
    const bool small = fabs(value) < few && fabs(value - round(value)) > 0.0;

    if (is_money(outcome)) return fabs(value) < 1.0 ? 3 : 1;
    return small ? 1 : 0;
}

static void number_cell(char cell[CELL_SIZE], allostat_outcome outcome, double value,
                        bool sign)
{
    char number[ALLOSTAT_NUMBER_TEXT_SIZE];
    const double shown = shown_value(outcome, value);

    allostat_number_words(number, shown, decimals_of(outcome, shown));
    snprintf(cell, CELL_SIZE, "%s%s", sign && shown > 0.0 ? "+" : "", number);
}

/* "-80 to -20"; "-" without an interval. */
static void range_cell(char cell[CELL_SIZE], allostat_outcome outcome,
                       const allostat_paired *paired)
{
    char low[CELL_SIZE], high[CELL_SIZE];

    number_cell(low, outcome, paired->low, true);
    number_cell(high, outcome, paired->high, true);
    if (isnan(paired->low)) {
        snprintf(cell, CELL_SIZE, "-");
    } else {
        snprintf(cell, CELL_SIZE, "%.*s to %.*s", ALLOSTAT_NUMBER_TEXT_SIZE, low,
                 ALLOSTAT_NUMBER_TEXT_SIZE, high);
    }
}

static void label_cell(char cell[CELL_SIZE], allostat_outcome outcome)
{
    static const char *const labels[ALLOSTAT_OUTCOME_COUNT] = {
        [ALLOSTAT_OUTCOME_overdose_deaths] = "deaths by overdose",
        [ALLOSTAT_OUTCOME_deaths] = "deaths of any cause",
        [ALLOSTAT_OUTCOME_overdoses] = "overdoses",
        [ALLOSTAT_OUTCOME_attended_overdoses] = "overdoses attended",
        [ALLOSTAT_OUTCOME_person_years] = "years lived in the city",
        [ALLOSTAT_OUTCOME_active_years] = "years of active use",
        [ALLOSTAT_OUTCOME_qalys] = "QALYs",
        [ALLOSTAT_OUTCOME_cost_payer] = "costs to the payer, million CAD",
        [ALLOSTAT_OUTCOME_cost_society] = "costs to society, million CAD",
    };
    const char *label = labels[outcome];

    snprintf(cell, CELL_SIZE, "%s",
             label != NULL ? label : allostat_outcomes[outcome].name);
}

/* ---- tables
 * ---------------------------------------------------------------------------------------
 */

static void print_outcome(allostat_outcome outcome, const allostat_contrast_cell *cell)
{
    char label[CELL_SIZE], base[CELL_SIZE], policy[CELL_SIZE], difference[CELL_SIZE];
    char range[CELL_SIZE];

    label_cell(label, outcome);
    number_cell(base, outcome, cell->base.mean, false);
    number_cell(policy, outcome, cell->policy.mean, false);
    number_cell(difference, outcome, cell->difference.mean, true);
    range_cell(range, outcome, &cell->difference);
    printf("%-*s %*s %*s %*s %*s", LABEL, label, COLUMN, base, COLUMN, policy, COLUMN,
           difference, RANGE, range);
    if (isfinite(cell->relative)) {
        const double relative = 100.0 * cell->relative;
        printf(" %+8.*f %%", fabs(relative) < 1.0 ? 2 : 1, relative);
    }
    printf("\n");
}

static void print_outcomes(const allostat_contrast *contrast)
{
    char head[LABEL + 4 * RANGE + 4 * COLUMN];

    snprintf(head, sizeof head, "%-*s %*s %*s %*s %*s %*s", LABEL, "outcome", COLUMN,
             "base", COLUMN, "policy", COLUMN, "difference", RANGE, "95 % interval",
             COLUMN - 2, "relative");
    print_heading(head);
    for (int o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++)
        print_outcome((allostat_outcome)o, &contrast->whole[o]);
}

static void print_part(const allostat_contrast_part *part)
{
    static const allostat_outcome others[] = {
        ALLOSTAT_OUTCOME_deaths, ALLOSTAT_OUTCOME_overdoses, ALLOSTAT_OUTCOME_qalys};
    const allostat_contrast_cell *deaths =
        &part->outcome[ALLOSTAT_OUTCOME_overdose_deaths];
    char base[CELL_SIZE], policy[CELL_SIZE], difference[CELL_SIZE], range[CELL_SIZE];

    number_cell(base, ALLOSTAT_OUTCOME_overdose_deaths, deaths->base.mean, false);
    number_cell(policy, ALLOSTAT_OUTCOME_overdose_deaths, deaths->policy.mean, false);
    number_cell(difference, ALLOSTAT_OUTCOME_overdose_deaths, deaths->difference.mean,
                true);
    range_cell(range, ALLOSTAT_OUTCOME_overdose_deaths, &deaths->difference);
    printf("%-*.*s %*s %*s %*s %*s", PART_LABEL, PART_LABEL, part->label, COLUMN, base,
           COLUMN, policy, COLUMN, difference, RANGE, range);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        number_cell(base, others[i], part->outcome[others[i]].difference.mean, true);
        printf(" %*s", COLUMN, base);
    }
    printf("\n");
}

static void print_dimension(const allostat_contrast *contrast, const char *dimension)
{
    char head[PART_LABEL + 8 * RANGE], name[PART_LABEL + COLUMN];

    snprintf(name, sizeof name, "by %s", dimension);
    snprintf(head, sizeof head, "%*s %*s", PART_LABEL + 3 * COLUMN + RANGE + 4,
             "----------------- deaths by overdose -----------------", 3 * COLUMN + 2,
             "------- differences of -------");
    print_heading(head);
    snprintf(head, sizeof head, "%-*s %*s %*s %*s %*s %*s %*s %*s", PART_LABEL, name,
             COLUMN, "base", COLUMN, "policy", COLUMN, "difference", RANGE,
             "95 % interval", COLUMN, "deaths", COLUMN, "overdoses", COLUMN, "QALYs");
    print_heading(head);
    for (int32_t i = 0; i < contrast->part_count; i++) {
        if (strcmp(contrast->part[i].dimension, dimension) == 0)
            print_part(&contrast->part[i]);
    }
    printf("\n");
}

static void print_ledger(const allostat_contrast *contrast)
{
    char mean[ALLOSTAT_NUMBER_TEXT_SIZE], low[ALLOSTAT_NUMBER_TEXT_SIZE];
    char high[ALLOSTAT_NUMBER_TEXT_SIZE];

    print_heading("people who die by overdose in one run or the other (mean, lowest "
                  "to highest)");
    for (int row = 0; row < ALLOSTAT_LEDGER_COUNT; row++) {
        const allostat_estimate *estimate =
            allostat_ledger_estimate(&contrast->ledger, (allostat_ledger_row)row);
        allostat_number_words(mean, estimate->mean, estimate->mean < few ? 1 : 0);
        allostat_number_words(low, estimate->low, 0);
        allostat_number_words(high, estimate->high, 0);
        printf("%-*s %*s  %s to %s\n", 2 * LABEL, allostat_ledger_rows[row].label,
               COLUMN, mean, low, high);
    }
}

/* ---- what differs, and how sure it is
 * ------------------------------------------------------------- */

static allostat_status print_changes(const allostat_contrast *contrast,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_differences list;
    char name[NAME_SIZE], origin[2 * ALLOSTAT_PATH_SIZE], day[ALLOSTAT_DATE_TEXT_SIZE];

    ALLOSTAT_TRY(allostat_differences_init(&list, contrast->base->scenario,
                                           contrast->policy->scenario, error));
    print_heading("what the policy changes");
    if (list.count == 0) printf("nothing\n");
    for (int32_t i = 0; i < list.count; i++) {
        const allostat_difference *item = &list.item[i];
        allostat_difference_name(name, sizeof name, item, contrast->base->scenario);
        allostat_difference_origin(origin, sizeof origin, item,
                                   contrast->policy->scenario);
        allostat_day_format(item->day, day);
        printf("%s: %s -> %s from %s (%s)\n", name, item->base, item->policy, day,
               origin);
    }
cleanup:
    allostat_differences_free(&list);
    return status;
}

int32_t allostat_compare_replicates(const allostat_compare_shown *shown,
                                    const allostat_contrast *contrast,
                                    double *half_width)
{
    const allostat_paired *deaths =
        &contrast->whole[ALLOSTAT_OUTCOME_overdose_deaths].difference;

    *half_width =
        shown->width_is_share ? shown->width * fabs(deaths->mean) : shown->width;
    return allostat_replicates_needed(deaths, contrast->replicate_count, *half_width);
}

static void print_replicates(const allostat_compare_shown *shown,
                             const allostat_contrast *contrast)
{
    const allostat_contrast_cell *deaths =
        &contrast->whole[ALLOSTAT_OUTCOME_overdose_deaths];
    char words[ALLOSTAT_NUMBER_TEXT_SIZE], share[ALLOSTAT_NUMBER_TEXT_SIZE] = "";
    double half_width = 0.0;
    const int32_t needed = allostat_compare_replicates(shown, contrast, &half_width);
    const int32_t have = contrast->replicate_count;

    print_heading("replicates");
    if (have == 1) {
        printf("one replicate gives no interval: run more with --replicates\n");
        return;
    }
    if (needed == 0) {
        printf("no number of replicates can be told for the interval that is wanted\n");
        return;
    }
    if (shown->width_is_share)
        snprintf(share, sizeof share, " (%g %%)", 100.0 * shown->width);
    allostat_number_words(words, half_width, half_width < few ? 1 : 0);
    printf("deaths averted to +-%s%s take about %d paired replicates; %d were run, %d "
           "more are needed\n",
           words, share, (int)needed, (int)have,
           needed > have ? (int)(needed - have) : 0);
    if (isfinite(deaths->pairing_gain)) {
        printf("independent seeds would take %.3g times as many as paired ones\n",
               deaths->pairing_gain);
    }
}

/* ---- combinations
 * --------------------------------------------------------------------------------- */

static void print_combined_row(const char *label, allostat_outcome outcome,
                               const allostat_paired *alone,
                               const allostat_paired *share)
{
    char value[CELL_SIZE], range[CELL_SIZE];

    number_cell(value, outcome, alone->mean, true);
    range_cell(range, outcome, alone);
    printf("%-*.*s %*s %*s", NAME_LABEL, NAME_LABEL, label, COLUMN, value, RANGE,
           range);
    if (share != NULL) {
        number_cell(value, outcome, share->mean, true);
        range_cell(range, outcome, share);
        printf(" %*s %*s", COLUMN, value, RANGE, range);
    }
    printf("\n");
}

static void print_combination(const allostat_comparison_runs *runs)
{
    static const allostat_outcome outcomes[] = {ALLOSTAT_OUTCOME_overdose_deaths,
                                                ALLOSTAT_OUTCOME_qalys,
                                                ALLOSTAT_OUTCOME_cost_payer};
    const allostat_combination *all = &runs->combination;
    char head[2 * NAME_LABEL + 4 * RANGE], label[CELL_SIZE];

    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        const allostat_outcome outcome = outcomes[i];
        const allostat_combined *combined = &all->outcome[outcome];

        label_cell(label, outcome);
        snprintf(head, sizeof head, "%-*.*s %*s %*s %*s %*s", NAME_LABEL, NAME_LABEL,
                 label, COLUMN, "alone", RANGE, "95 % interval", COLUMN, "fair share",
                 RANGE, "95 % interval");
        print_heading(head);
        for (int32_t p = 0; p < all->part_count; p++) {
            print_combined_row(allostat_compare_name(runs, 1 << p), outcome,
                               &combined->alone[p], &combined->share[p]);
        }
        print_combined_row("all together", outcome, &combined->together, NULL);
        print_combined_row("together minus the sum", outcome, &combined->interaction,
                           NULL);
        printf("\n");
    }
    printf("fair share: what a part adds, averaged over all orders of taking the parts "
           "up (Shapley); differences\nare policy minus base\n\n");
}

/* ---- the whole
 * ------------------------------------------------------------------------------------
 */

static allostat_status print_contrast(const allostat_compare_shown *shown,
                                      const allostat_contrast *contrast,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    char sentence[ALLOSTAT_SENTENCE_SIZE];

    print_outcomes(contrast);
    printf("\n");
    for (int d = 0; d < ALLOSTAT_DIMENSION_COUNT; d++) {
        if (shown->by[d]) print_dimension(contrast, allostat_dimension_names[d]);
    }
    print_ledger(contrast);
    printf("\n");
    print_heading("value");
    allostat_value_sentence(sentence, sizeof sentence, contrast);
    printf("%s\n\n", sentence);
    ALLOSTAT_TRY(print_changes(contrast, error));
    printf("\n");
    print_replicates(shown, contrast);
    printf("\n");
cleanup:
    return status;
}

allostat_status allostat_compare_text(const allostat_compare_shown *shown,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_comparison_runs *runs = shown->runs;
    char sentence[ALLOSTAT_SENTENCE_SIZE];

    for (int32_t i = 1; i < runs->side_count; i++) {
        allostat_contrast_sentence(sentence, sizeof sentence, &runs->contrast[i]);
        printf("%s\n", sentence);
    }
    printf("\n");
    if (runs->wanted.combine) print_combination(runs);
    for (int32_t i = 1; i < runs->side_count; i++) {
        if (runs->wanted.combine && i + 1 < runs->side_count) continue;
        if (runs->side_count > 2) {
            print_heading(allostat_compare_name(runs, i));
            printf("\n");
        }
        ALLOSTAT_TRY(print_contrast(shown, &runs->contrast[i], error));
    }
cleanup:
    return status;
}
