/* Every allocation of ours fails in turn while a configuration is loaded. Linked with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc; leaks show in the sanitizer's build.
 */
#include "params/folder.h"

#include "params/scenario.h"

/* How many allocations are left before they fail; counting stops at zero. */
static long long allowed = -1;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

/* Below zero nothing fails. Once memory is out it stays out. */
static int fails(void)
{
    if (allowed < 0) return 0;
    if (allowed == 0) return 1;
    allowed--;
    return 0;
}

void *__wrap_malloc(size_t size) { return fails() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}
void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

enum { ALLOCATIONS_MAX = 100000 };

/* Load with 0, 1, 2, … allocations until it ends as `wanted`; all tries before must run
 * out of memory. */
static void sweep(const char *path, const char *set, allostat_status wanted)
{
    static allostat_scenario scenario;
    const char *const sets[] = {set};

    for (long long i = 0; i < ALLOCATIONS_MAX; i++) {
        allostat_mistakes mistakes = {0};
        allostat_error error = {0};
        char *text = NULL;
        allowed = i;
        allostat_status status =
            allostat_scenario_load(&scenario, path, sets, 1, &mistakes, &error);
        if (status == ALLOSTAT_OK) {
            status = allostat_scenario_to_yaml(&scenario, &text, &error);
        }
        allowed = -1;
        free(text);
        allostat_mistakes_free(&mistakes);
        allostat_scenario_free(&scenario);
        if (status == wanted) {
            assert_true(i > 10); /* it did need memory */
            return;
        }
        assert_int_equal(status, ALLOSTAT_ERROR_NO_MEMORY);
        assert_int_equal(error.status, ALLOSTAT_ERROR_NO_MEMORY);
    }
    fail_msg("still no memory after %d allocations", ALLOCATIONS_MAX);
}

static void loading_survives_each_allocation_that_fails(void **state)
{
    (void)state;
    folder files;
    folder_init(&files);

    folder_write(&files, "r.csv", "# source: x\ndate,value\n2015,5000\n");
    folder_write(&files, "base.yaml",
                 "geography: {areas: [A, B], population_share: {A: 1, B: 2}}\n");
    const char *path = folder_write(&files, "a.yaml",
                                    "extends: base.yaml\n"
                                    "population:\n"
                                    "  residents: {csv: r.csv}\n"
                                    "  age_structure: [[female, 0, 110, 1]]\n"
                                    "events:\n"
                                    "  - {date: 2013-01-01, why: x, set: {}}\n"
                                    "  - {date: 2014-01-01, set: {}}\n");
    sweep(path, "run.seed=5", ALLOSTAT_OK);
    folder_free(&files);
}

static void reporting_survives_each_allocation_that_fails(void **state)
{
    (void)state;
    folder files;
    folder_init(&files);

    folder_write(&files, "r.csv", "date,value\n2015,x\n");
    const char *path = folder_write(&files, "a.yaml",
                                    "rum: {x: 1}\nrun: {seed: a, sed: 1}\n"
                                    "population: {residents: {csv: r.csv}}\n"
                                    "events: [{date: x}]\n");
    sweep(path, "run.sed=5", ALLOSTAT_ERROR_CONFIGURATION);
    folder_free(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading_survives_each_allocation_that_fails),
        cmocka_unit_test(reporting_survives_each_allocation_that_fails),
    };
    return cmocka_run_group_tests_name("scenario memory", tests, NULL, NULL);
}
