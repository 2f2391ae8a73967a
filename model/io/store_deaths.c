/* /deaths: one dataset a fact of tables/deaths.def over all deaths of all replicates.
 */
#include "io/store_parts.h"

#include <stdlib.h>

/* Meanings of a fact that is a code, in the order of the codes. */
typedef struct {
    int32_t count;
    const char *const *label;
} code_book;

static code_book codes_of(const allostat_store *store, int32_t fact,
                          const char *areas[ALLOSTAT_AREAS_MAX])
{
    static const char *const no_yes[] = {"no", "yes"};
    static const char *const causes[] = {"another cause", "overdose"};
    static const char *const sexes[] = {"female", "male"};
    static const char *const styles[] = {"secure", "anxious", "avoidant", "fearful"};
    const allostat_labels *names =
        &store->results->scenario->epochs[0].params.geography_areas;

    switch (fact) {
    case ALLOSTAT_DEATH_overdose:
        return (code_book){2, causes};
    case ALLOSTAT_DEATH_sex:
        return (code_book){2, sexes};
    case ALLOSTAT_DEATH_style:
        return (code_book){sizeof styles / sizeof styles[0], styles};
    case ALLOSTAT_DEATH_used:
    case ALLOSTAT_DEATH_ptsd:
    case ALLOSTAT_DEATH_alone:
        return (code_book){2, no_yes};
    case ALLOSTAT_DEATH_place:
        return (code_book){ALLOSTAT_PLACE_COUNT, allostat_place_labels};
    case ALLOSTAT_DEATH_area:
        for (int32_t i = 0; i < names->count; i++) areas[i] = names->label[i];
        return (code_book){names->count, areas};
    default:
        return (code_book){0, NULL};
    }
}

static allostat_status describe(const allostat_store *store, hid_t dataset,
                                int32_t fact, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_death_info *info = &allostat_death_table[fact];
    const char *areas[ALLOSTAT_AREAS_MAX];
    const code_book codes = codes_of(store, fact, areas);

    ALLOSTAT_TRY(allostat_h5_text(dataset, "long_name", info->about, error));
    if (fact == ALLOSTAT_DEATH_day) {
        ALLOSTAT_TRY(allostat_store_mark_date(dataset, error));
    } else {
        ALLOSTAT_TRY(allostat_h5_text(dataset, "units", info->unit, error));
    }
    if (codes.count > 0) {
        ALLOSTAT_TRY(
            allostat_store_mark_flags(dataset, codes.count, codes.label, error));
    }
cleanup:
    return status;
}

/* How many each replicate has: they stand replicate by replicate. */
static allostat_status write_counts(const allostat_store *store, hid_t group,
                                    hsize_t *total, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t replicates = store->results->replicate_count;
    int64_t *const count = calloc((size_t)replicates, sizeof *count);
    /* not the root's axis, whose name the replicate of a death has here */
    allostat_h5_dataset spec = {.name = "deaths_of_replicate",
                                .type = ALLOSTAT_H5_INT64,
                                .rank = 1,
                                .size = {(hsize_t)replicates},
                                .data = count};
    hid_t scale = 0, dataset = 0;

    if (count == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "deaths");
    *total = 0;
    for (int32_t r = 0; r < replicates; r++) {
        count[r] = store->results->replicate[r].death_count;
        *total += (hsize_t)count[r];
    }
    ALLOSTAT_TRY(
        allostat_h5_length(group, "number", (hsize_t)replicates, &scale, error));
    spec.scale[0] = scale;
    ALLOSTAT_TRY(allostat_h5_create(group, &spec, &dataset, error));
    ALLOSTAT_TRY(allostat_h5_text(dataset, "long_name",
                                  "deaths of the run from its first day, any cause",
                                  error));
    ALLOSTAT_TRY(allostat_h5_text(dataset, "units", "persons", error));
cleanup:
    allostat_h5_close(dataset);
    allostat_h5_close(scale);
    free(count);
    return status;
}

/* A fact of every death; for fact -1 the replicate. */
static void gather(const allostat_store *store, int32_t fact, int32_t *value)
{
    for (int32_t r = 0; r < store->results->replicate_count; r++) {
        const allostat_records *records = &store->results->replicate[r];

        for (int64_t i = 0; i < records->death_count; i++) {
            *value++ = fact < 0 ? r : allostat_death_fact(&records->death[i], fact);
        }
    }
}

static allostat_status write_fact(const allostat_store *store, hid_t group, hid_t scale,
                                  hsize_t total, int32_t fact, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    int32_t *const value = calloc((size_t)total + 1, sizeof *value);
    const allostat_h5_dataset spec = {
        .name = fact < 0 ? "replicate" : allostat_death_table[fact].name,
        .type = ALLOSTAT_H5_INT32,
        .rank = 1,
        .size = {total},
        .scale = {scale},
        .packed = total > 0,
        .data = value};
    hid_t dataset = 0;

    if (value == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "deaths");
    gather(store, fact, value);
    ALLOSTAT_TRY(allostat_h5_create(group, &spec, &dataset, error));
    if (fact < 0) {
        ALLOSTAT_TRY(allostat_h5_text(dataset, "long_name",
                                      "number of the repetition of the run", error));
    } else {
        ALLOSTAT_TRY(describe(store, dataset, fact, error));
    }
cleanup:
    allostat_h5_close(dataset);
    free(value);
    return status;
}

allostat_status allostat_store_deaths(const allostat_store *store,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    hid_t group = 0, scale = 0;
    hsize_t total = 0;

    ALLOSTAT_TRY(allostat_h5_group(store->file, "deaths", &group, error));
    ALLOSTAT_TRY(write_counts(store, group, &total, error));
    ALLOSTAT_TRY(allostat_h5_length(group, "death", total, &scale, error));
    for (int32_t fact = -1; fact < ALLOSTAT_DEATH_FACT_COUNT; fact++) {
        ALLOSTAT_TRY(write_fact(store, group, scale, total, fact, error));
    }
cleanup:
    allostat_h5_close(scale);
    allostat_h5_close(group);
    return status;
}
