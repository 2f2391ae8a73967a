#include "cli/bench_report.h"

#include "base/version.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double NANO = 1e9, MILLION = 1e6;

/* What the model asks of the machine for a user-day: one call of Threefry; the
 * functions that cost about an exp (exp, expm1, expit): 1 of treatment, 2 of use, 1 of
 * exposure, 1 of tolerance, 2 of regulation; and the columns of four bytes that the
 * daily loops read and write, each counted once. */
enum {
    WORDS_A_USER_DAY = ALLOSTAT_DRAW_LANES,
    EXPS_A_USER_DAY = 7,
    COLUMNS_READ = 64, /* where nobody has what a plain day passes over */
    COLUMNS_WRITTEN = 41,
    COLUMN_BYTES = 4
};

typedef struct {
    double day;                  /* ns a user-day */
    double words, exps, traffic; /* ns a user-day at the limit of each */
    double share;                /* of the hardest limit */
    const char *hardest;
} shares;

static shares find_shares(const bench_found *found)
{
    const allostat_bench *city = &found->city;
    const allostat_limits *limits = &found->limits;
    shares self = {
        .day = NANO * city->day_seconds / (double)city->user_days,
        .words = NANO * WORDS_A_USER_DAY / limits->threefry_words_per_second,
        .exps = NANO * EXPS_A_USER_DAY / limits->exp_per_second,
        .traffic = NANO * (COLUMNS_READ + COLUMNS_WRITTEN) * COLUMN_BYTES /
                   limits->table_bytes_per_second,
    };
    double most = self.words;

    self.hardest = "random words";
    if (self.exps > most) {
        most = self.exps;
        self.hardest = "arithmetic";
    }
    if (self.traffic > most) {
        most = self.traffic;
        self.hardest = "traffic between caches";
    }
    self.share = most / self.day;
    return self;
}

static int compare(const void *a, const void *b)
{
    double x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static double median(const double *value, int32_t count)
{
    double sorted[BENCH_PAIRS_MAX];

    memcpy(sorted, value, (size_t)count * sizeof *value);
    qsort(sorted, (size_t)count, sizeof *sorted, compare);
    return sorted[count / 2];
}

/* Median over the rounds of how many times faster `cities` are done together than one
 * after the other on one core. */
static double speedup(const bench_found *found, int32_t cities, const double *together)
{
    double ratio[BENCH_PAIRS_MAX];

    for (int32_t i = 0; i < found->pair_count; i++)
        ratio[i] = cities * found->one_core[i] / together[i];
    return median(ratio, found->pair_count);
}

static double speedup_of_one(const bench_found *found)
{
    return speedup(found, 1, found->all_cores);
}

static double speedup_abreast(const bench_found *found)
{
    return speedup(found, found->threads, found->abreast);
}

static double month_seconds(const allostat_bench *city)
{
    return city->month_begin_seconds + city->month_end_seconds;
}

static double a_resident_day(double seconds, const allostat_bench *city)
{
    return NANO * seconds / (double)city->resident_days;
}

/* ---- text ---- */

static void print_city(const bench_found *found)
{
    const allostat_bench *city = &found->city;
    const double months = (double)city->resident_months, days = (double)city->user_days;
    const double resident_days = (double)city->resident_days;

    printf("one replicate on one core                 %8.2f s   %lld residents, %lld "
           "users of the street at the end\n",
           city->seconds, (long long)city->residents, (long long)city->users);
    if (found->resident_step > 1) {
        printf(
            "  people who never used live              %8d months at once, a part of "
            "them each month\n",
            (int)found->resident_step);
    }
    printf("  start                                   %8.2f s\n", city->start_seconds);
    printf("  months of residents                     %8.2f s   %6.1f million "
           "resident-months a second\n",
           month_seconds(city), months / month_seconds(city) / MILLION);
    printf("  days of users                           %8.2f s   %6.1f million "
           "user-days a second\n",
           city->day_seconds, days / city->day_seconds / MILLION);
    printf("  in all                                              %6.0f million "
           "resident-days a second\n",
           resident_days / city->seconds / MILLION);
    printf("  memory                                  %8.1f bytes a resident\n\n",
           (double)city->bytes / (double)city->residents);
}

static void print_processes(const bench_found *found)
{
    const allostat_bench *city = &found->city;
    const double months = (double)city->resident_months, days = (double)city->user_days;
    double rest = city->day_seconds;

    printf("a resident-month                          %8.2f ns\n",
           NANO * month_seconds(city) / months);
    for (int32_t p = 0; p < ALLOSTAT_MONTH_PROCESS_COUNT; p++) {
        printf("  %-38s  %8.2f ns\n", allostat_month_process_name(p),
               NANO * city->month_process_seconds[p] / months);
    }
    printf("  series_and_checks                       %8.2f ns\n",
           NANO * city->month_end_seconds / months);
    printf("a user-day                                %8.2f ns\n",
           NANO * city->day_seconds / days);
    for (int32_t p = 0; p < ALLOSTAT_DAY_PROCESS_COUNT; p++) {
        printf("  %-38s  %8.2f ns\n", allostat_day_process_name(p),
               NANO * city->process_seconds[p] / days);
        rest -= city->process_seconds[p];
    }
    printf("  %-38s  %8.2f ns\n\n", "events_and_clocks", NANO * rest / days);
}

static void print_limits(const bench_found *found)
{
    const allostat_limits *limits = &found->limits;
    const shares is = find_shares(found);

    printf("limits of one core of this machine\n");
    printf("  triad, from memory                      %8.1f GB/s\n",
           limits->triad_bytes_per_second / NANO);
    printf(
        "  triad, as large as the users' table     %8.1f GB/s    %5.2f ns a user-day: "
        "%d columns read, %d written\n",
        limits->table_bytes_per_second / NANO, is.traffic, COLUMNS_READ,
        COLUMNS_WRITTEN);
    printf(
        "  Threefry words                          %8.0f M/s     %5.2f ns a user-day: "
        "%d words\n",
        limits->threefry_words_per_second / MILLION, is.words, WORDS_A_USER_DAY);
    printf(
        "  exp                                     %8.0f M/s     %5.2f ns a user-day: "
        "%d functions like it\n",
        limits->exp_per_second / MILLION, is.exps, EXPS_A_USER_DAY);
    if (limits->handover_nanoseconds > 0.0)
        printf("  a line to another core and back         %8.0f ns\n",
               limits->handover_nanoseconds);
    printf(
        "  the hardest is %s: %.0f %% of that limit is reached; the sum of the three "
        "is %.0f %% of a user-day\n\n",
        is.hardest, 100.0 * is.share,
        100.0 * (is.traffic + is.words + is.exps) / is.day);
}

static void print_growth(const bench_found *found)
{
    char start[ALLOSTAT_DATE_TEXT_SIZE], end[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(found->start, start);
    allostat_day_format(found->growth_end, end);
    printf("growth, one core, all sizes from %s to %s\n", start, end);
    for (int32_t i = 0; i < found->growth_count; i++) {
        const allostat_bench *city = &found->growth[i];

        printf("  %6.0f %% of the city %10lld residents %8.2f s   %6.2f ns a "
               "resident-day, %.2f in the program itself   %5.1f bytes a resident",
               100.0 * found->growth_scale[i], (long long)city->residents,
               city->seconds, a_resident_day(city->seconds, city),
               a_resident_day(found->growth_own[i], city),
               (double)city->bytes / (double)city->residents);
        if (found->growth_runs[i] > 1)
            printf("   (median of %d runs)", (int)found->growth_runs[i]);
        printf("\n");
    }
    printf("  before each run its memory was asked for; that took up to");
    for (int32_t i = 0; i < found->growth_count; i++)
        printf("%s %.2f s", i > 0 ? "," : "", found->growth_memory[i]);
    printf("\n  in a run the system took for it");
    for (int32_t i = 0; i < found->growth_count; i++)
        printf("%s %.2f s", i > 0 ? "," : "", found->growth_system[i]);
    printf("\n");
}

static void print_scaling(const bench_found *found)
{
    const int32_t rounds = found->pair_count;
    const double alone = median(found->one_core, rounds);

    printf("threads (medians of %d)\n", (int)rounds);
    printf("  one city over all                         1: %.2f s   %d: %.2f s   ratio "
           "%.2f\n",
           alone, (int)found->threads, median(found->all_cores, rounds),
           speedup_of_one(found));
    printf("  a replicate on each                       1: %.2f s   %d: %.2f s   ratio "
           "%.2f\n",
           alone, (int)found->threads, median(found->abreast, rounds),
           speedup_abreast(found));
    print_growth(found);
}

void allostat_bench_print_text(const bench_found *found)
{
    char start[ALLOSTAT_DATE_TEXT_SIZE], end[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(found->start, start);
    allostat_day_format(found->end, end);
    printf("allostat %s, %s, %s to %s\n\n", allostat_version(), found->config, start,
           end);
    print_city(found);
    print_processes(found);
    print_limits(found);
    print_scaling(found);
}

/* ---- JSON ---- */

/* Jansson's setters fail when they are handed NULL, and the whole then fails to appear:
 * only the last step needs a look. */
static void set(json_t *object, const char *name, json_t *value)
{
    json_object_set_new(object, name, value);
}

static void set_real(json_t *object, const char *name, double value)
{
    set(object, name, json_real(value));
}

static void set_day(json_t *object, const char *name, allostat_day day)
{
    char text[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(day, text);
    set(object, name, json_string(text));
}

static void set_city(json_t *object, const allostat_bench *city)
{
    set_real(object, "user_days_per_second",
             (double)city->user_days / city->day_seconds);
    set_real(object, "resident_months_per_second",
             (double)city->resident_months / month_seconds(city));
    set_real(object, "resident_days_per_second",
             (double)city->resident_days / city->seconds);
    set_real(object, "bytes_per_person", (double)city->bytes / (double)city->residents);
    set(object, "residents", json_integer(city->residents));
    set(object, "users", json_integer(city->users));
    set_real(object, "start_seconds", city->start_seconds);
    set_real(object, "month_seconds", month_seconds(city));
    set_real(object, "day_seconds", city->day_seconds);
}

static json_t *processes(const allostat_bench *city)
{
    json_t *object = json_object();
    const double months = (double)city->resident_months;

    for (int32_t p = 0; p < ALLOSTAT_DAY_PROCESS_COUNT; p++) {
        set_real(object, allostat_day_process_name(p),
                 NANO * city->process_seconds[p] / (double)city->user_days);
    }
    for (int32_t p = 0; p < ALLOSTAT_MONTH_PROCESS_COUNT; p++) {
        set_real(object, allostat_month_process_name(p),
                 NANO * city->month_process_seconds[p] / months);
    }
    set_real(object, "series_and_checks", NANO * city->month_end_seconds / months);
    return object;
}

static json_t *limits_object(const bench_found *found)
{
    json_t *object = json_object();
    const shares is = find_shares(found);

    set_real(object, "triad_bytes_per_second", found->limits.triad_bytes_per_second);
    set_real(object, "table_bytes_per_second", found->limits.table_bytes_per_second);
    set_real(object, "threefry_words_per_second",
             found->limits.threefry_words_per_second);
    set_real(object, "exp_per_second", found->limits.exp_per_second);
    set_real(object, "handover_nanoseconds", found->limits.handover_nanoseconds);
    set_real(object, "share_of_words", is.words / is.day);
    set_real(object, "share_of_exp", is.exps / is.day);
    set_real(object, "share_of_traffic", is.traffic / is.day);
    set_real(object, "share_of_limit", is.share);
    set(object, "hardest", json_string(is.hardest));
    return object;
}

static json_t *growth(const bench_found *found)
{
    json_t *array = json_array();

    for (int32_t i = 0; i < found->growth_count; i++) {
        json_t *object = json_object();

        set_real(object, "scale", found->growth_scale[i]);
        set(object, "runs", json_integer(found->growth_runs[i]));
        set_real(object, "memory_seconds", found->growth_memory[i]);
        set_real(object, "seconds", found->growth[i].seconds);
        set_real(object, "nanoseconds_per_resident_day",
                 a_resident_day(found->growth[i].seconds, &found->growth[i]));
        set_real(object, "own_seconds", found->growth_own[i]);
        set_real(object, "own_nanoseconds_per_resident_day",
                 a_resident_day(found->growth_own[i], &found->growth[i]));
        set_real(object, "system_seconds", found->growth_system[i]);
        set_city(object, &found->growth[i]);
        json_array_append_new(array, object);
    }
    return array;
}

void allostat_bench_print_json(const bench_found *found)
{
    json_t *object = json_object();

    set(object, "version", json_string(allostat_version()));
    set(object, "config", json_string(found->config));
    set_day(object, "start", found->start);
    set_day(object, "end", found->end);
    set(object, "resident_step", json_integer(found->resident_step));
    set_city(object, &found->city);
    set_real(object, "city_seconds_one_core",
             median(found->one_core, found->pair_count));
    set_real(object, "city_seconds_all_cores",
             median(found->all_cores, found->pair_count));
    set(object, "threads", json_integer(found->threads));
    set_real(object, "thread_ratio", speedup_of_one(found));
    set_real(object, "replicates_seconds", median(found->abreast, found->pair_count));
    set_real(object, "replicates_ratio", speedup_abreast(found));
    set(object, "nanoseconds_per_process", processes(&found->city));
    set(object, "limits", limits_object(found));
    set_day(object, "growth_end", found->growth_end);
    set(object, "growth", growth(found));
    json_dumpf(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(object);
}
