#include "cli/branch.h"

#include <stdio.h>
#include <string.h>

/* DATE of DATE or DATE=FOLDER, the first day of a month within the run. */
static allostat_status read_month(const char *text, const allostat_params *params,
                                  allostat_month *month, allostat_error *error)
{
    char date[ALLOSTAT_DATE_TEXT_SIZE];
    const size_t length = strcspn(text, "=");
    allostat_day day = 0;

    snprintf(date, sizeof date, "%.*s", (int)length, text);
    if (length >= sizeof date || !allostat_day_parse(date, &day) ||
        day != allostat_month_first_day(allostat_month_of_day(day)))
        return ALLOSTAT_FAIL(error, USAGE,
                             "--save-city needs the first day of a month, as in "
                             "2016-01-01, not '%s'",
                             text);
    if (day <= params->run_start || day > params->run_end)
        return ALLOSTAT_FAIL(error, USAGE,
                             "--save-city %s is not within the run: choose a month "
                             "after that of run.start, up to run.end",
                             date);
    *month = allostat_month_of_day(day);
    return ALLOSTAT_OK;
}

static allostat_status copy_folder(char folder[ALLOSTAT_PATH_SIZE], const char *text,
                                   const char *option, allostat_error *error)
{
    if (text[0] == '\0' || strlen(text) >= ALLOSTAT_PATH_SIZE)
        return ALLOSTAT_FAIL(error, USAGE, "%s needs the name of a folder", option);
    snprintf(folder, ALLOSTAT_PATH_SIZE, "%s", text);
    return ALLOSTAT_OK;
}

/* DATE=FOLDER, or DATE: then the folder stands beside the output. */
static allostat_status name_folder(allostat_cli_branch *self, const char *output,
                                   allostat_error *error)
{
    const char *equals = strchr(self->save_text, '=');
    const char *dot = strrchr(output, '.');
    const int stem = dot == NULL || strchr(dot, '/') != NULL ? (int)strlen(output)
                                                             : (int)(dot - output);

    if (equals != NULL)
        return copy_folder(self->save.folder, equals + 1, "--save-city DATE=", error);
    if (snprintf(self->save.folder, sizeof self->save.folder, "%.*s.%s.city", stem,
                 output, self->save_text) < (int)sizeof self->save.folder)
        return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, CANNOT_CREATE, "%s: the name is too long", output);
}

allostat_status allostat_cli_branch_open(allostat_cli_branch *self,
                                         const allostat_scenario *scenario,
                                         const char *output, bool force,
                                         allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_params *params = &scenario->epochs[0].params;

    if (self->save_text != NULL) {
        self->save.scenario = scenario;
        self->save.force = force;
        ALLOSTAT_TRY(read_month(self->save_text, params, &self->save.month, error));
        ALLOSTAT_TRY(name_folder(self, output, error));
        ALLOSTAT_TRY(allostat_city_folder_create(&self->save, error));
        self->branching.save_month = self->save.month;
        self->branching.save = allostat_city_folder_save;
        self->branching.save_context = &self->save;
    }
    if (self->load_text != NULL) {
        self->load.scenario = scenario;
        ALLOSTAT_TRY(
            copy_folder(self->load.folder, self->load_text, "--from-city", error));
        ALLOSTAT_TRY(allostat_city_folder_open(&self->load, error));
        self->branching.load_month = self->load.month;
        self->branching.load = allostat_city_folder_load;
        self->branching.load_context = &self->load;
    }
    if (self->save_text != NULL && self->load_text != NULL &&
        self->save.month < self->load.month)
        status = ALLOSTAT_FAIL(error, USAGE,
                               "--save-city: the city of --from-city is older than "
                               "that; choose the same day or a later one");
cleanup:
    return status;
}
