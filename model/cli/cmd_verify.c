/* allostat verify FILE: does a result file say what the model says? */
#include "base/version.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/options.h"
#include "io/verify.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: allostat verify FILE [--threads N]\n"
    "\n"
    "Run the configuration inside a result file again and compare: MATCH, or the first "
    "dataset, index and\n"
    "date that differ. A file of the same version must be the same to the byte; of "
    "another version, in the\n"
    "values of all datasets.\n"
    "\n"
    "  --threads N  threads to use; all that there are when not given\n"
    "  --help       show this\n"
    "\n"
    "exit codes: 0 the file matches, 1 it differs, 65 it is damaged or not ours, 66 "
    "there is no such file.\n"
    "\n"
    "example: allostat verify out/vancouver.h5\n";

enum { DIFFERENT = 1 };

typedef struct {
    const char *path;
    int32_t threads;
} verify_options;

static int read_threads(verify_options *options, const char *text)
{
    char rest;

    if (sscanf(text, "%d%c", &options->threads, &rest) == 1 && options->threads > 0)
        return 0;
    return allostat_cli_usage_error("verify", "'%s' is no number of threads", text);
}

static int take_option(void *context, int letter)
{
    (void)letter; /* only --threads takes part */
    return read_threads(context, optarg);
}

/* 0 to go on, 64 after a message, -1 after --help. */
static int read_options(verify_options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"threads", required_argument, NULL, 't'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    const int result = allostat_cli_read_options(
        argc, argv, &(allostat_cli_options){known, help, take_option, options, NULL});

    if (result != 0) return result;
    return allostat_cli_one_operand("file", argc, argv, &options->path);
}

static void print_difference(const allostat_verified *found)
{
    if (found->same_values) {
        printf("first    byte %zu of the file; the values of all %d datasets are the "
               "same, what is said of them is not\n",
               found->byte, (int)found->dataset_count);
        return;
    }
    printf("first    %s%s%s\n", found->dataset, found->place[0] != '\0' ? ": " : "",
           found->place);
    if (found->in_file[0] == '\0') {
        printf("         made again it is missing or of another shape\n");
    } else {
        printf("         %s in the file, %s made again\n", found->in_file,
               found->made_again);
    }
    printf("in all   %d of %d datasets differ\n", (int)found->differ_count,
           (int)found->dataset_count);
}

/* Prints what was found; true when the file matches. */
static bool present(const char *path, const allostat_verified *found)
{
    const bool matches =
        found->same_bytes || (found->same_values && !found->same_version);

    printf("%s  %s\n", matches ? "MATCH" : "DIFFERENT", path);
    if (!matches) print_difference(found);
    if (matches) printf("values   of all %d datasets\n", (int)found->dataset_count);
    if (!found->same_version) {
        printf("version  %s wrote the file, %s made it again\n", found->version,
               allostat_version());
    }
    printf("sha256   %s%s\n", found->digest,
           found->same_bytes ? ", made again the same to the byte" : "");
    return matches;
}

int allostat_cmd_verify(int argc, char **argv)
{
    verify_options options = {0};
    allostat_verified found;
    allostat_error error = {0};
    const int exit_code = read_options(&options, argc, argv);

    if (exit_code != 0) return allostat_cli_finish(exit_code == -1 ? 0 : exit_code);
    const allostat_status status =
        allostat_verify(options.path, options.threads, &found, &error);
    if (status != ALLOSTAT_OK) {
        allostat_cli_print_error(&error);
        return allostat_cli_finish(allostat_status_exit_code(status));
    }
    return allostat_cli_finish(present(options.path, &found) ? 0 : DIFFERENT);
}
