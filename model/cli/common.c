#include "cli/common.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void allostat_cli_print_error(const allostat_error *error)
{
    if (error->user_file[0] == '\0') {
        fputs("allostat", stderr);
    } else if (error->user_line > 0) {
        fprintf(stderr, "%s:%d:%d", error->user_file, error->user_line,
                error->user_column);
    } else {
        fputs(error->user_file, stderr);
    }
    fprintf(stderr, ": error: %s: %s\n", allostat_status_text(error->status),
            error->message);
}

int allostat_cli_usage_error(const char *command, const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "allostat %s: ", command);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\ntry: allostat %s --help\n", command);
    return allostat_status_exit_code(ALLOSTAT_ERROR_USAGE);
}

int allostat_cli_one_operand(const char *kind, int argc, char **argv,
                             const char **operand)
{
    if (optind == argc) return allostat_cli_usage_error(argv[0], "which %s?", kind);
    if (optind + 1 < argc) {
        return allostat_cli_usage_error(argv[0], "one %s at a time: '%s' is too many",
                                        kind, argv[optind + 1]);
    }
    *operand = argv[optind];
    return 0;
}

int allostat_cli_finish(int exit_code)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) return exit_code;
    fprintf(stderr, "allostat: error: the standard output cannot be written (%s)\n",
            strerror(errno));
    return allostat_status_exit_code(ALLOSTAT_ERROR_IO);
}

int allostat_cli_load(allostat_scenario *scenario, const char *path,
                      const char *const *sets, int32_t set_count)
{
    allostat_error error = {0};
    allostat_mistakes mistakes = {0};
    const allostat_status status =
        allostat_scenario_load(scenario, path, sets, set_count, &mistakes, &error);

    if (mistakes.count > 0) {
        fputs(mistakes.text, stderr);
    } else if (status != ALLOSTAT_OK) {
        allostat_cli_print_error(&error);
    }
    allostat_mistakes_free(&mistakes);
    return allostat_status_exit_code(status);
}
