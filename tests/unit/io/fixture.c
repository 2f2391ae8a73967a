#include "fixture.h"

#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int32_t fixture_count(int r, int s, int i) { return (i * 7 + s * 3 + r * 5) % 11; }

enum { FIRST_DAY = 16436 }; /* 2015-01-01 */

static void fill(allostat_records *records, int r)
{
    const int32_t months = records->month_count;
    const int32_t cells = allostat_records_cells(records);

    for (int s = 0; s < ALLOSTAT_COUNTED_COUNT; s++) {
        for (int32_t i = 0; i < months * cells; i++) {
            records->counted[s][i] = fixture_count(r, s, i);
        }
    }
    for (int s = 0; s < ALLOSTAT_PLACED_COUNT; s++) {
        for (int32_t i = 0; i < months * ALLOSTAT_PLACE_COUNT; i++)
            records->placed[s][i] = i + s;
    }
    for (int s = 0; s < ALLOSTAT_CITY_COUNT; s++) {
        for (int32_t i = 0; i < months; i++) records->city[s][i] = 100 * r + i;
    }
    for (int s = 0; s < ALLOSTAT_AVERAGED_COUNT; s++) {
        for (int32_t i = 0; i < months; i++) records->mean[s][i] = 0.25 + 0.01 * i;
        for (int32_t i = 0; i < months * ALLOSTAT_QUANTILE_COUNT; i++) {
            records->quantile[s][i] = 0.001 * i;
        }
    }
    for (int s = 0; s < ALLOSTAT_YEARLY_COUNT; s++) {
        for (int32_t i = 0; i < records->year_count; i++)
            records->yearly[s][i] = 10 * (s + 1) + i;
    }
    for (int s = 0; s < ALLOSTAT_GROUPED_COUNT; s++) {
        for (int32_t i = 0; i < months * ALLOSTAT_GROUP_COUNT; i++)
            records->grouped[s][i] = 1000 * r + 10 * s + i;
    }
}

/* Replicate r has 3 + r deaths. */
static allostat_status die(allostat_records *records, int r, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_records_reserve_deaths(records, 3 + r, error));
    for (int i = 0; i < 3 + r; i++) {
        records->death[records->death_count++] =
            (allostat_death){.person = (uint32_t)(100 * r + i),
                             .day = FIRST_DAY + 10 * i,
                             .overdose = (uint8_t)(i % 2),
                             .age = (uint8_t)(30 + i),
                             .place = i % 2 ? 1 : ALLOSTAT_DEATH_NO_PLACE};
    }
cleanup:
    return status;
}

static const char *const area_names[] = {"Downtown Eastside", "Grandview"};
static const allostat_day observed_day[] = {16436, 16467,
                                            16495}; /* 2015-01 to 2015-03 */
static const double observed_value[] = {13.0, 11.0, 15.0};

/* Both areas have the default of every vector over areas. */
static void fill_areas(allostat_params *params)
{
    for (int32_t id = 0; id < ALLOSTAT_PARAM_COUNT; id++) {
        const allostat_param_info *info = &allostat_param_table[id];
        const bool by_area =
            info->kind == ALLOSTAT_KIND_vector && info->axis == ALLOSTAT_AXIS_area;
        double *value = (double *)(void *)((char *)params + info->offset);
        for (int i = 0; by_area && i < 2; i++) value[i] = info->default_value;
    }
}

static void edit(allostat_params *params)
{
    fill_areas(params);
    snprintf(params->run_name, sizeof params->run_name, "fixture");
    snprintf(params->run_description, sizeof params->run_description,
             "made-up numbers, é");
    (void)allostat_day_parse("2015-01-01", &params->run_output_start);
    (void)allostat_day_parse("2016-03-31", &params->run_end);
    params->run_seed = 7;
    params->run_replicates = FIXTURE_REPLICATES;
    params->geography_areas.count = 2;
    for (int i = 0; i < 2; i++) {
        snprintf(params->geography_areas.label[i], ALLOSTAT_TEXT_SIZE, "%s",
                 area_names[i]);
        params->geography_population_share[i] = 0.5;
    }
    params->observed_overdose_deaths =
        (allostat_series){3, observed_day, observed_value, ALLOSTAT_INTERPOLATE_step};
}

int fixture_setup(void **state)
{
    fixture *self = calloc(1, sizeof *self);
    allostat_error error = {0};

    if (self == NULL) return -1;
    snprintf(self->folder, sizeof self->folder, "/tmp/allostat-test-XXXXXX");
    if (mkdtemp(self->folder) == NULL) return -1;
    snprintf(self->path, sizeof self->path, "%.200s/run.h5", self->folder);
    if (allostat_scenario_defaults(&self->scenario, &error) != ALLOSTAT_OK) return -1;
    edit(&self->scenario.epochs[0].params);
    snprintf(self->scenario.origins[ALLOSTAT_PARAM_run_seed].file, ALLOSTAT_PATH_SIZE,
             "some/where/city.yaml");
    self->scenario.origins[ALLOSTAT_PARAM_run_seed].line = 12;
    for (int r = 0; r < FIXTURE_REPLICATES; r++) {
        if (allostat_records_init(&self->replicate[r], &self->scenario, &error) !=
            ALLOSTAT_OK) {
            return -1;
        }
        fill(&self->replicate[r], r);
        if (die(&self->replicate[r], r, &error) != ALLOSTAT_OK) return -1;
    }
    self->results = (allostat_results){&self->scenario, "some/where/main.yaml",
                                       self->replicate, FIXTURE_REPLICATES};
    *state = self;
    return 0;
}

static int each_file(const char *folder, bool remove_it)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    char path[2 * FIXTURE_PATH_SIZE + 2];
    int count = 0;

    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (remove_it) unlink(path);
        count++;
    }
    if (entries != NULL) closedir(entries);
    return count;
}

int fixture_files(const fixture *self) { return each_file(self->folder, false); }

int fixture_teardown(void **state)
{
    fixture *self = *state;

    for (int r = 0; r < FIXTURE_REPLICATES; r++)
        allostat_records_free(&self->replicate[r]);
    allostat_scenario_free(&self->scenario);
    each_file(self->folder, true);
    rmdir(self->folder);
    free(self);
    return 0;
}

unsigned char *fixture_read(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *size = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(*size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}
