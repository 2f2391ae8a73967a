#include "study/contrast_words.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    MONTHS_A_YEAR = 12,
    DIGITS_BETWEEN_COMMAS = 3,
    PERIOD_SIZE = 64,
    NAMES_SIZE = ALLOSTAT_TEXT_SIZE + 16,
    SIDE_SIZE = ALLOSTAT_NUMBER_TEXT_SIZE + 16
};

/* Below this a decimal is told. */
static const double few = 10.0;

bool allostat_paired_unsure(const allostat_paired *paired)
{
    return paired->low <= 0.0 && paired->high >= 0.0 && !allostat_paired_none(paired);
}

bool allostat_paired_none(const allostat_paired *paired)
{
    return fabs(paired->mean) <= 0.0 && !(paired->standard_error > 0.0);
}

/* ---- numbers and periods
 * ------------------------------------------------------------------------- */

void allostat_number_words(char text[ALLOSTAT_NUMBER_TEXT_SIZE], double value,
                           int decimals)
{
    char plain[ALLOSTAT_NUMBER_TEXT_SIZE];
    size_t length = 0;

    if (!isfinite(value)) {
        snprintf(text, ALLOSTAT_NUMBER_TEXT_SIZE, "-");
        return;
    }
    const int written =
        snprintf(plain, sizeof plain / 2, "%.*f", decimals, fabs(value));
    const bool fits = written < (int)sizeof plain / 2;
    const size_t whole = strcspn(plain, ".");
    const bool is_zero = strspn(plain, "0.") == strlen(plain);
    if (!fits) {
        snprintf(text, ALLOSTAT_NUMBER_TEXT_SIZE, "%.6g", value);
        return;
    }
    if (value < 0.0 && !is_zero) text[length++] = '-';
    for (size_t i = 0; plain[i] != '\0'; i++) {
        const bool comma =
            i > 0 && i < whole && (whole - i) % DIGITS_BETWEEN_COMMAS == 0;
        if (comma) text[length++] = ',';
        text[length++] = plain[i];
    }
    text[length] = '\0';
}

static const char *month_name(allostat_month month)
{
    static const char *const names[MONTHS_A_YEAR] = {
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December"};

    return names[month % MONTHS_A_YEAR];
}

void allostat_period_words(char *text, size_t size, allostat_month first,
                           allostat_month last)
{
    const bool whole_years =
        first % MONTHS_A_YEAR == 0 && last % MONTHS_A_YEAR == MONTHS_A_YEAR - 1;
    const int first_year = first / MONTHS_A_YEAR, last_year = last / MONTHS_A_YEAR;

    if (whole_years && first_year == last_year) {
        snprintf(text, size, "in %d", first_year);
    } else if (whole_years) {
        snprintf(text, size, "from %d to %d", first_year, last_year);
    } else if (first == last) {
        snprintf(text, size, "in %s %d", month_name(first), first_year);
    } else {
        snprintf(text, size, "from %s %d to %s %d", month_name(first), first_year,
                 month_name(last), last_year);
    }
}

/* ---- the sentence
 * -------------------------------------------------------------------------------- */

/* What the sentence is made from. */
typedef struct {
    char policy[NAMES_SIZE], base[NAMES_SIZE], period[PERIOD_SIZE];
    char number[ALLOSTAT_NUMBER_TEXT_SIZE]; /* of people, without a sign */
    char estimate[SIDE_SIZE];               /* with "fewer" or "more" */
    char low[SIDE_SIZE], high[SIDE_SIZE];   /* so too when the interval holds 0 */
    char replicates[SIDE_SIZE];
    const char *people; /* "fewer people die" */
} words;

static int decimals_for(const allostat_paired *paired)
{
    const double value[] = {paired->mean, paired->low, paired->high};

    for (size_t i = 0; i < sizeof value / sizeof value[0]; i++) {
        const bool whole = fabs(value[i] - round(value[i])) <= 0.0;
        if (isfinite(value[i]) && fabs(value[i]) < few && !whole) return 1;
    }
    return 0;
}

/* "40 fewer", "16 more"; none of both for 0. */
static void side_words(char text[SIDE_SIZE], double value, int decimals)
{
    char number[ALLOSTAT_NUMBER_TEXT_SIZE];
    const char *side = value < 0.0 ? " fewer" : " more";

    allostat_number_words(number, fabs(value), decimals);
    if (strspn(number, "0.") == strlen(number)) side = "";
    snprintf(text, SIDE_SIZE, "%s%s", number, side);
}

static void name_runs(words *self, const allostat_contrast *contrast)
{
    const char *policy = contrast->policy->scenario->epochs[0].params.run_name;
    const char *base = contrast->base->scenario->epochs[0].params.run_name;
    const bool apart = strcmp(policy, base) != 0 && policy[0] != '\0';

    snprintf(self->policy, sizeof self->policy, apart ? "\"%s\"" : "the policy",
             policy);
    snprintf(self->base, sizeof self->base,
             apart && base[0] != '\0' ? "\"%s\"" : "the base", base);
}

static void fill(words *self, const allostat_contrast *contrast)
{
    const allostat_paired *deaths =
        &contrast->whole[ALLOSTAT_OUTCOME_overdose_deaths].difference;
    const int decimals = decimals_for(deaths);
    const bool fewer = deaths->mean < 0.0;

    name_runs(self, contrast);
    allostat_period_words(self->period, sizeof self->period, contrast->first,
                          contrast->last);
    allostat_number_words(self->number, fabs(deaths->mean), decimals);
    side_words(self->estimate, deaths->mean, decimals);
    if (allostat_paired_unsure(deaths)) {
        side_words(self->low, deaths->low, decimals);
        side_words(self->high, deaths->high, decimals);
    } else {
        allostat_number_words(self->low, fabs(fewer ? deaths->high : deaths->low),
                              decimals);
        allostat_number_words(self->high, fabs(fewer ? deaths->low : deaths->high),
                              decimals);
    }
    snprintf(self->replicates, sizeof self->replicates,
             contrast->replicate_count == 1 ? "one replicate" : "%d paired replicates",
             (int)contrast->replicate_count);
    if (strcmp(self->number, "1") == 0) {
        self->people = fewer ? "fewer person dies" : "more person dies";
    } else {
        self->people = fewer ? "fewer people die" : "more people die";
    }
}

/* "that many people die by overdose in both" */
static void none_words(char *text, size_t size, const words *self,
                       const allostat_contrast *contrast)
{
    const allostat_estimate *deaths =
        &contrast->whole[ALLOSTAT_OUTCOME_overdose_deaths].base;
    char number[ALLOSTAT_NUMBER_TEXT_SIZE];

    allostat_number_words(number, deaths->mean, deaths->mean < few ? 1 : 0);
    snprintf(text, size,
             "There is no difference in deaths by overdose between %s and %s %s: %s in "
             "both (%s).",
             self->policy, self->base, self->period, number, self->replicates);
}

static void append_scale(char *text, size_t size, const allostat_contrast *contrast)
{
    const double scale = contrast->base->scenario->epochs[0].params.population_scale;
    const size_t length = strlen(text);

    if (scale >= 1.0) return;
    snprintf(text + length, size - length,
             " The simulated city is %g of the real one; nothing is scaled up.", scale);
}

void allostat_contrast_sentence(char *text, size_t size,
                                const allostat_contrast *contrast)
{
    const allostat_paired *deaths =
        &contrast->whole[ALLOSTAT_OUTCOME_overdose_deaths].difference;
    words self = {0};

    fill(&self, contrast);
    if (allostat_paired_none(deaths)) {
        none_words(text, size, &self, contrast);
    } else if (contrast->replicate_count == 1) {
        snprintf(text, size,
                 "Under %s %s %s by overdose than under %s %s in the one replicate "
                 "that was run; chance alone may be behind it.",
                 self.policy, self.number, self.people, self.base, self.period);
    } else if (allostat_paired_unsure(deaths)) {
        snprintf(text, size,
                 "No difference in deaths by overdose between %s and %s can be told "
                 "%s: the estimate is %s under the policy (95 %% interval %s to %s, "
                 "%s).",
                 self.policy, self.base, self.period, self.estimate, self.low,
                 self.high, self.replicates);
    } else {
        snprintf(text, size,
                 "Under %s %s %s by overdose than under %s %s (95 %% interval %s to "
                 "%s, %s).",
                 self.policy, self.number, self.people, self.base, self.period,
                 self.low, self.high, self.replicates);
    }
    append_scale(text, size, contrast);
}

/* ---- value
 * ----------------------------------------------------------------------------------------
 */

/* "12.3 million CAD", "450,000 CAD"; without a sign. */
static void money_words(char text[SIDE_SIZE], double value)
{
    static const double million = 1e6;
    char number[ALLOSTAT_NUMBER_TEXT_SIZE];
    const bool large = fabs(value) >= million;

    allostat_number_words(number, large ? fabs(value) / million : fabs(value),
                          large ? 1 : 0);
    snprintf(text, SIDE_SIZE, "%s%s CAD", number, large ? " million" : "");
}

static void signed_money_words(char text[SIDE_SIZE], double value)
{
    char money[SIDE_SIZE];

    money_words(money, value);
    snprintf(text, SIDE_SIZE, "%s%.*s", value < 0.0 ? "-" : "", SIDE_SIZE - 2, money);
}

void allostat_value_sentence(char *text, size_t size, const allostat_contrast *contrast)
{
    const allostat_value_contrast *value = &contrast->value;
    const double qalys = value->qalys.mean, cost = value->cost_payer.mean;
    char health[ALLOSTAT_NUMBER_TEXT_SIZE], money[SIDE_SIZE], ratio[SIDE_SIZE];
    char net[4][SIDE_SIZE];
    const char *meaning = "";
    char tail[SIDE_SIZE + PERIOD_SIZE] = "";

    allostat_number_words(health, fabs(qalys), fabs(qalys) < few ? 1 : 0);
    money_words(money, cost);
    if (strcmp(value->verdict, "no difference") == 0) {
        snprintf(text, size, "No difference in QALYs or in costs to the public payer.");
        return;
    }
    if (isfinite(value->icer_payer)) {
        money_words(ratio, value->icer_payer);
        snprintf(tail, sizeof tail,
                 qalys > 0.0 ? ": %s a QALY gained" : ": %s saved for each QALY lost",
                 ratio);
    } else if (strcmp(value->verdict, "dominant") == 0) {
        meaning = ": better and cheaper than the base";
    } else if (strcmp(value->verdict, "dominated") == 0) {
        meaning = ": worse and dearer than the base";
    }
    signed_money_words(net[0], value->net_payer.mean);
    signed_money_words(net[1], value->net_payer.low);
    signed_money_words(net[2], value->net_payer.high);
    money_words(net[3], value->willingness_to_pay);
    snprintf(text, size,
             "The policy %s %s QALYs and %s the public payer %s (discounted, prices of "
             "%d, mean over %d draws of replicates, utilities and prices)%s%s. At %s a "
             "QALY its net benefit is %s (95 %% of draws: %s to %s).",
             qalys < 0.0 ? "loses" : "gains", health, cost > 0.0 ? "costs" : "saves",
             money, (int)value->price_year, (int)value->point_count, tail, meaning,
             net[3], net[0], net[1], net[2]);
}
