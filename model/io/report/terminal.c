/* Charts of characters, for people on a cluster. */
#include "io/report/numbers.h"
#include "io/report/page.h"
#include "io/report/sections.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 12, MARGIN = 10, COLUMNS_MAX = 200, SERIES = 3, NAME_LETTERS = 40 };

/* One mark a series, so that no colour is needed to tell them apart. */
typedef struct {
    const char *plain, *drawn, *colour, *name;
} mark;

static const mark marks[SERIES] = {{"b", "·", "\033[34m", "base"},
                                   {"p", "●", "\033[31m", "policy"},
                                   {"o", "×", "", "observed"}};

typedef struct {
    const allostat_terminal *terminal;
    allostat_pen pen;
    allostat_view view;
    allostat_pick pick;
    bool observed;
    int32_t columns, months;
    double value[SERIES][COLUMNS_MAX]; /* NaN where there is none */
    double high;
} plot;

static void bold(plot *self, const char *text)
{
    allostat_pen_put(&self->pen, self->terminal->colour ? "\033[1m%s\033[0m\n" : "%s\n",
                     text);
}

/* Mean over replicates in a month. */
static double mean_in(const plot *self, const allostat_results *run,
                      allostat_month month)
{
    double sum = 0.0;

    for (int32_t r = 0; r < run->replicate_count; r++) {
        sum += allostat_pick_value(&run->replicate[r], self->pick, month);
    }
    return sum / run->replicate_count;
}

static double value_in(const plot *self, int32_t series, allostat_month month)
{
    if (series < 2) {
        const allostat_results *run = series == 0 ? self->view.base : self->view.policy;
        return run == NULL ? (double)NAN : mean_in(self, run, month);
    }
    if (!self->observed) return (double)NAN;
    return allostat_view_observed(&self->view, (allostat_counted)self->pick.index,
                                  month);
}

/* Each column is the mean of its months, as far as they are known. */
static void measure(plot *self)
{
    int32_t count[SERIES][COLUMNS_MAX] = {{0}};

    self->high = 0.0;
    memset(self->value, 0, sizeof self->value);
    for (int32_t s = 0; s < SERIES; s++) {
        for (int32_t i = 0; i < self->months; i++) {
            const int32_t column = i * self->columns / self->months;
            const double value = value_in(self, s, self->view.first + i);
            if (isnan(value)) continue;
            self->value[s][column] += value;
            count[s][column]++;
        }
        for (int32_t c = 0; c < self->columns; c++) {
            if (count[s][c] == 0) {
                self->value[s][c] = (double)NAN;
                continue;
            }
            self->value[s][c] /= count[s][c];
            if (self->value[s][c] > self->high) self->high = self->value[s][c];
        }
    }
    self->high = allostat_number_above(self->high);
}

/* The series whose mark stands in a cell, -1 for none; the policy is drawn above the
 * base and what was observed above both. */
static int32_t series_at(const plot *self, int32_t row, int32_t column)
{
    for (int32_t s = SERIES - 1; s >= 0; s--) {
        const double value = self->value[s][column];
        if (isnan(value)) continue;
        if ((int32_t)lround(value / self->high * (ROWS - 1)) == row) return s;
    }
    return -1;
}

static void draw_row(plot *self, int32_t row)
{
    char text[ALLOSTAT_NUMBER_SIZE] = "";
    const bool labelled = row == 0 || row == ROWS - 1;

    if (labelled) allostat_number(text, row == 0 ? 0.0 : self->high, false);
    allostat_pen_put(&self->pen, "%*s %s", MARGIN - 2, text,
                     self->terminal->utf8 ? "│" : "|");
    for (int32_t column = 0; column < self->columns; column++) {
        const int32_t s = series_at(self, row, column);
        if (s < 0) {
            allostat_pen_put(&self->pen, " ");
            continue;
        }
        const char *letter = self->terminal->utf8 ? marks[s].drawn : marks[s].plain;
        const bool coloured = self->terminal->colour && marks[s].colour[0] != '\0';
        allostat_pen_put(&self->pen, "%s%s%s", coloured ? marks[s].colour : "", letter,
                         coloured ? "\033[0m" : "");
    }
    allostat_pen_put(&self->pen, "\n");
}

static void draw_years(plot *self)
{
    char from[ALLOSTAT_NUMBER_SIZE], to[ALLOSTAT_NUMBER_SIZE];
    const allostat_view *view = &self->view;

    snprintf(from, sizeof from, "%d-%02d", (int)(view->first / 12),
             (int)(view->first % 12 + 1));
    snprintf(to, sizeof to, "%d-%02d", (int)(view->last / 12),
             (int)(view->last % 12 + 1));
    allostat_pen_put(&self->pen, "%*s%s%*s\n", (int)MARGIN, "", from,
                     (int)self->columns - (int)strlen(from), to);
}

static void draw_plot(plot *self, allostat_counted series, bool observed)
{
    self->pick = allostat_pick_counted(series);
    self->observed = observed;
    measure(self);
    const allostat_series_info *info = allostat_pick_info(self->pick);
    char title[ALLOSTAT_TEXT_SIZE];
    snprintf(title, sizeof title, "%s (%s%s)", info->about, info->unit,
             info->kind == ALLOSTAT_SERIES_flow ? " a month" : "");
    bold(self, title);
    for (int32_t row = ROWS - 1; row >= 0; row--) draw_row(self, row);
    draw_years(self);
    allostat_pen_put(&self->pen, "\n");
}

static int32_t letters_of(const char *name)
{
    int32_t letters = 0;

    for (const char *c = name; *c != '\0'; c++)
        letters += ((unsigned char)*c & 0xC0) != 0x80;
    return letters;
}

/* A name without what a terminal would take for a command. */
static void put_name(allostat_pen *pen, const char *name, int32_t width)
{
    int32_t letters = 0;

    for (const char *c = name; *c != '\0'; c++) {
        const unsigned char byte = (unsigned char)*c;
        const bool begins = (byte & 0xC0) != 0x80;
        if (begins && letters == width) break;
        letters += begins;
        if (byte < 0x20 || byte == 0x7F || byte == 0xC2) {
            allostat_pen_put(pen, "?"); /* C0 and C1 controls */
            if (byte == 0xC2 && c[1] != '\0') c++;
        } else {
            allostat_pen_bytes(pen, c, 1);
        }
    }
    allostat_pen_put(pen, "%*s", (int)(width - letters), "");
}

static void draw_head(plot *self, const allostat_page_run *policy)
{
    for (int32_t s = 0; s < SERIES; s++) {
        if (s == 1 && policy == NULL) continue;
        allostat_pen_put(&self->pen, "%s %s   ",
                         self->terminal->utf8 ? marks[s].drawn : marks[s].plain,
                         marks[s].name);
    }
    if (policy != NULL) {
        allostat_pen_put(&self->pen, "\npolicy: ");
        put_name(&self->pen, policy->run->stored.name, NAME_LETTERS);
    }
    allostat_pen_put(&self->pen, "\n\n");
}

/* Hand the strokes over to the text of the caller. */
static allostat_status append(allostat_text *text, allostat_pen *pen,
                              allostat_error *error)
{
    allostat_status status = pen->status;

    if (status == ALLOSTAT_OK && pen->text.length > 0) {
        status =
            allostat_text_append_bytes(text, pen->text.data, pen->text.length, error);
    }
    allostat_pen_free(pen);
    return status;
}

allostat_status allostat_terminal_charts(allostat_text *text,
                                         const allostat_terminal *terminal,
                                         const allostat_page_run *base,
                                         const allostat_page_run *policy,
                                         allostat_error *error)
{
    const allostat_records *records = &base->run->results.replicate[0];
    plot self = {.terminal = terminal, .pen = {.error = error}};

    self.view.base = &base->run->results;
    self.view.policy = policy == NULL ? NULL : &policy->run->results;
    self.view.first = records->first_month;
    self.view.last = records->first_month + records->month_count - 1;
    if (policy != NULL) {
        const allostat_records *other = &policy->run->results.replicate[0];
        const allostat_month last = other->first_month + other->month_count - 1;
        if (other->first_month > self.view.first) self.view.first = other->first_month;
        if (last < self.view.last) self.view.last = last;
    }
    self.view.scale = base->run->stored.scale;
    self.months = self.view.last - self.view.first + 1;
    self.columns = terminal->columns - MARGIN - 1;
    if (self.columns > self.months) self.columns = self.months;
    if (self.columns > COLUMNS_MAX) self.columns = COLUMNS_MAX;
    draw_head(&self, policy);
    draw_plot(&self, ALLOSTAT_COUNTED_overdose_deaths, true);
    draw_plot(&self, ALLOSTAT_COUNTED_attended_overdoses, true);
    draw_plot(&self, ALLOSTAT_COUNTED_active_users, false);
    return append(text, &self.pen, error);
}

/* Numbers of the page in the letters of a plain terminal. */
static void put_number(allostat_pen *pen, bool utf8, const char *number, int width)
{
    static const struct {
        const char *drawn, *plain;
    } letters[] = {{"\xE2\x88\x92", "-"}, {"\xE2\x80\x93", "-"}};
    char text[ALLOSTAT_NUMBER_SIZE];
    int length = 0;

    for (const char *c = number; *c != '\0' && length < ALLOSTAT_NUMBER_SIZE - 1;) {
        size_t i = 0;
        while (i < 2 && strncmp(c, letters[i].drawn, 3) != 0) i++;
        text[length++] = i < 2 ? '-' : *c;
        c += i < 2 ? 3 : 1;
    }
    text[length] = '\0';
    (void)utf8;
    allostat_pen_put(pen, " %*s", width, text);
}

/* Money for a QALY; where there is no such price, which quadrant it is. */
static void put_value(allostat_pen *pen, const allostat_terminal *terminal,
                      const allostat_page_policy *policy)
{
    const double qalys = policy->whole[ALLOSTAT_OUTCOME_qalys].difference.mean;
    const double cost = policy->whole[ALLOSTAT_OUTCOME_cost_payer].difference.mean;
    const double price = cost / qalys;
    char text[ALLOSTAT_NUMBER_SIZE];

    if (isnan(price) || isinf(price)) {
        put_number(pen, terminal->utf8, "-", 12);
    } else if (price > 0.0) {
        put_number(pen, terminal->utf8, allostat_number_money(text, price, false), 12);
    } else {
        put_number(pen, terminal->utf8, qalys > 0.0 ? "dominant" : "dominated", 12);
    }
}

static void put_policy(allostat_pen *pen, const allostat_terminal *terminal,
                       const allostat_page_policy *policy, int32_t width)
{
    const allostat_paired *d =
        &policy->whole[ALLOSTAT_OUTCOME_overdose_deaths].difference;
    char text[ALLOSTAT_NUMBER_SIZE], high[ALLOSTAT_NUMBER_SIZE];
    char range[2 * ALLOSTAT_NUMBER_SIZE] = "one pair";

    if (letters_of(policy->name) > width) { /* names that begin alike stay apart */
        put_name(pen, policy->name, terminal->columns);
        allostat_pen_put(pen, "\n%*s", (int)width, "");
    } else {
        put_name(pen, policy->name, width);
    }
    put_number(pen, terminal->utf8, allostat_number(text, -d->mean, true), 9);
    if (!isnan(d->low)) {
        snprintf(range, sizeof range, "%s to %s", allostat_number(text, -d->high, true),
                 allostat_number(high, -d->low, true));
    }
    range[ALLOSTAT_NUMBER_SIZE - 1] = '\0';
    put_number(pen, terminal->utf8, range, 18);
    put_number(pen, terminal->utf8,
               allostat_number(
                   text, policy->whole[ALLOSTAT_OUTCOME_qalys].difference.mean, true),
               9);
    put_number(
        pen, terminal->utf8,
        allostat_number_money(
            text, policy->whole[ALLOSTAT_OUTCOME_cost_payer].difference.mean, true),
        14);
    put_value(pen, terminal, policy);
    allostat_pen_put(pen, "\n");
}

allostat_status allostat_terminal_table(allostat_text *text,
                                        const allostat_terminal *terminal,
                                        const allostat_page *report)
{
    enum { NUMBERS = 67, LEAST = 12 };
    allostat_pen pen = {.error = report->error};
    const int32_t room = terminal->columns - NUMBERS;
    const int32_t width = room < LEAST          ? LEAST
                          : room > NAME_LETTERS ? NAME_LETTERS
                                                : room;

    allostat_pen_put(&pen, terminal->colour ? "\033[1m" : "");
    put_name(&pen, room > NAME_LETTERS ? "policy against the base" : "policy", width);
    allostat_pen_put(&pen, " %9s %18s %9s %14s %12s%s\n", "averted", "95 % interval",
                     "QALYs", "cost, CAD", "CAD a QALY",
                     terminal->colour ? "\033[0m" : "");
    for (int32_t i = 0; i < report->policy_count; i++) {
        put_policy(&pen, terminal, &report->policy[i], width);
    }
    allostat_pen_put(&pen,
                     "averted: deaths by overdose in the base minus those under "
                     "the policy;\nCAD a QALY: paid for each gained, or saved for "
                     "each lost, by the public payer\n");
    return append(text, &pen, report->error);
}
