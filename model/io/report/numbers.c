#include "io/report/numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char minus[] = "\xE2\x88\x92"; /* U+2212 */
static const char dash[] = "\xE2\x80\x93";  /* U+2013 */

/* Digits with a comma at every third of the whole part. */
static void group_digits(const char *plain, char *text, size_t size)
{
    const size_t whole = strcspn(plain, ".");
    size_t length = strlen(text);

    for (size_t i = 0; plain[i] != '\0' && length + 2 < size; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0) text[length++] = ',';
        text[length++] = plain[i];
    }
    text[length] = '\0';
}

const char *allostat_number_fixed(char text[ALLOSTAT_NUMBER_SIZE], double value,
                                  int decimals, bool sign)
{
    char plain[ALLOSTAT_NUMBER_SIZE / 2];
    const double limit = 1e15;

    if (isnan(value)) {
        snprintf(text, ALLOSTAT_NUMBER_SIZE, "%s", dash);
        return text;
    }
    if (fabs(value) >= limit) {
        snprintf(text, ALLOSTAT_NUMBER_SIZE, "%.3g", value);
        return text;
    }
    snprintf(plain, sizeof plain, "%.*f", decimals, fabs(value));
    const bool nothing = strspn(plain, "0.") == strlen(plain);
    const char *before = nothing ? "" : value < 0.0 ? minus : sign ? "+" : "";
    snprintf(text, ALLOSTAT_NUMBER_SIZE, "%s", before);
    group_digits(plain, text, ALLOSTAT_NUMBER_SIZE);
    return text;
}

const char *allostat_number(char text[ALLOSTAT_NUMBER_SIZE], double value, bool sign)
{
    const double size = fabs(value), hundred = 100.0, ten = 10.0, small = 1e-4;
    int decimals = 0;

    if (size < hundred && fabs(value - round(value)) > small * size) {
        decimals = size >= ten ? 1 : size >= 1.0 ? 2 : 3;
        if (size > 0.0 && size < small) {
            snprintf(text, ALLOSTAT_NUMBER_SIZE, "%s%.1e", value < 0.0 ? minus : "",
                     size);
            return text;
        }
    }
    return allostat_number_fixed(text, value, decimals, sign);
}

const char *allostat_number_money(char text[ALLOSTAT_NUMBER_SIZE], double value,
                                  bool sign)
{
    static const struct {
        double from;
        const char *word;
    } scales[] = {{1e9, " billion"}, {1e6, " million"}};
    const double thousand = 1000.0, ten = 10.0;

    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++) {
        const double share = value / scales[i].from;
        if (!(fabs(share) >= 1.0)) continue;
        allostat_number_fixed(text, share, fabs(share) < ten ? 2 : 1, sign);
        strncat(text, scales[i].word, ALLOSTAT_NUMBER_SIZE - strlen(text) - 1);
        return text;
    }
    if (fabs(value) >= ten * thousand) {
        return allostat_number_fixed(text, thousand * round(value / thousand), 0, sign);
    }
    return allostat_number_fixed(text, value, 0, sign);
}

const char *allostat_number_share(char text[ALLOSTAT_NUMBER_SIZE], double share,
                                  bool sign)
{
    const double hundred = 100.0, tenth = 0.1, thousandth = 0.001;
    const double size = fabs(share);
    int decimals = size < tenth ? 1 : 0;

    if (size < thousandth && size > 0.0) decimals = 2;
    allostat_number_fixed(text, hundred * share, decimals, sign);
    if (!isnan(share)) strncat(text, " %", ALLOSTAT_NUMBER_SIZE - strlen(text) - 1);
    return text;
}

const char *allostat_number_month(char text[ALLOSTAT_NUMBER_SIZE], allostat_month month)
{
    static const char *const names[] = {
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December"};

    snprintf(text, ALLOSTAT_NUMBER_SIZE, "%s %d", names[month % 12], (int)(month / 12));
    return text;
}

/* ---- axes ----------------------------------------------------------------------- */

double allostat_number_above(double value)
{
    static const double steps[] = {1.0, 2.0, 2.5, 5.0, 10.0};
    const double slack = 1.0 - 1e-9;

    if (!(value > 0.0) || isinf(value)) return 1.0;
    const double power = pow(10.0, floor(log10(value)));
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i] * power >= value * slack) return steps[i] * power;
    }
    return 10.0 * power;
}

allostat_ticks allostat_ticks_of(double low, double high, int32_t wanted)
{
    static const struct {
        double below, step;
    } steps[] = {{1.4, 1.0}, {3.2, 2.0}, {7.1, 5.0}, {HUGE_VAL, 10.0}};
    allostat_ticks ticks = {0};
    const double slack = 1e-9;
    size_t i = 0;

    if (!(high > low) || wanted < 1 || isinf(high - low)) return ticks;
    const double raw = (high - low) / wanted;
    const double power = pow(10.0, floor(log10(raw)));
    while (raw / power > steps[i].below) i++;
    const double step = steps[i].step * power;
    const double first = ceil(low / step - slack);
    for (int32_t k = 0; k < ALLOSTAT_TICKS_MAX; k++) {
        const double at = (first + k) * step;
        if (at > high + slack * step) break;
        ticks.at[ticks.count++] = at;
    }
    ticks.decimals = step < 1.0 - slack ? (int)ceil(-log10(step) - slack) : 0;
    return ticks;
}
