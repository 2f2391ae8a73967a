/* allostat info FILE: what a result file holds. */
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/options.h"
#include "cli/present.h"
#include "io/reader.h"

#include <stdio.h>
#include <string.h>

static const char help[] = "usage: allostat info FILE [--json]\n"
                           "\n"
                           "Show what a result file holds: the run, a summary by year "
                           "beside what was observed, facts of\n"
                           "the city, the series with their dimensions and units, and "
                           "the SHA-256 of the file.\n"
                           "\n"
                           "  --json  the same as one JSON object\n"
                           "  --help  show this\n"
                           "\n"
                           "example: allostat info out/vancouver.h5\n";

typedef struct {
    const char *path;
    bool json;
} info_options;

static int take_option(void *context, int letter)
{
    info_options *options = context;

    options->json = options->json || letter == 'j';
    return 0;
}

/* 0 to go on, 64 after a message, -1 after --help. */
static int read_options(info_options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    const int result = allostat_cli_read_options(
        argc, argv, &(allostat_cli_options){known, help, take_option, options, NULL});

    if (result != 0) return result;
    return allostat_cli_one_operand("file", argc, argv, &options->path);
}

static allostat_status show(const info_options *options, const allostat_stored *stored,
                            const allostat_summary *summary, allostat_error *error)
{
    const allostat_presented presented = {
        .path = options->path,
        .digest = stored->digest,
        .version = stored->version,
        .name = stored->name,
        .description = stored->description,
        .start = stored->start,
        .output_start = stored->output_start,
        .end = stored->end,
        .seed = stored->seed,
        .scale = stored->scale,
        .areas = &stored->areas,
        .summary = summary,
        .series = stored->series,
        .series_count = stored->series_count,
    };

    if (options->json) return allostat_present_json(&presented, error);
    allostat_present_text(&presented);
    printf("layout  %d\n", (int)stored->schema);
    return ALLOSTAT_OK;
}

static allostat_status info(const info_options *options, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_stored stored = {0};
    allostat_summary summary = {0};
    allostat_summary_input input = {0};

    ALLOSTAT_TRY(allostat_stored_init(&stored, options->path, error));
    ALLOSTAT_TRY(allostat_stored_list(&stored, options->path, error));
    input.replicate = stored.replicate;
    input.replicate_count = stored.replicate_count;
    memcpy(input.observed, stored.observed, sizeof input.observed);
    ALLOSTAT_TRY(allostat_summary_init(&summary, &input, error));
    ALLOSTAT_TRY(show(options, &stored, &summary, error));
cleanup:
    allostat_summary_free(&summary);
    allostat_stored_free(&stored);
    return status;
}

int allostat_cmd_info(int argc, char **argv)
{
    info_options options = {0};
    allostat_error error = {0};
    const int exit_code = read_options(&options, argc, argv);

    if (exit_code != 0) return allostat_cli_finish(exit_code == -1 ? 0 : exit_code);
    const allostat_status status = info(&options, &error);
    if (status != ALLOSTAT_OK) allostat_cli_print_error(&error);
    return allostat_cli_finish(allostat_status_exit_code(status));
}
