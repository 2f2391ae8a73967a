#include "cli/options.h"

#include "base/text.h"
#include "cli/common.h"
#include "engine/blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS_MAX = 4096, NUMBER_DIGITS = 19, NEAR = 4, OPTION_SIZE = 128 };

/* ---- what getopt does not know
 * ------------------------------------------------------------------------ */

/* The known option that is meant most likely; NULL when none is near. */
static const char *find_nearest(const struct option *known, const char *name)
{
    const char *nearest = NULL;
    size_t least = NEAR;

    for (; known->name != NULL; known++) {
        const size_t distance = allostat_text_distance(name, known->name);
        if (distance >= least || distance >= strlen(known->name)) continue;
        least = distance;
        nearest = known->name;
    }
    return nearest;
}

/* How many long options begin with `name`. */
static int count_beginning(const struct option *known, const char *name)
{
    int count = 0;

    for (; known->name != NULL; known++)
        count += strncmp(known->name, name, strlen(name)) == 0;
    return count;
}

static int fail_unknown(char **argv, const struct option *known)
{
    const char *word = argv[optind - 1];
    char name[OPTION_SIZE];

    if (strncmp(word, "--", 2) != 0) {
        return allostat_cli_usage_error(argv[0], "'%s' is no option of this command",
                                        word);
    }
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    const char *nearest = find_nearest(known, name);
    if (nearest != NULL && strcmp(nearest, name) == 0)
        return allostat_cli_usage_error(argv[0], "'--%s' takes no value", name);
    if (count_beginning(known, name) > 1) {
        return allostat_cli_usage_error(
            argv[0], "'%s' is the beginning of more than one option", word);
    }
    if (nearest != NULL) {
        return allostat_cli_usage_error(
            argv[0], "'--%s' is no option of this command; did you mean '--%s'?", name,
            nearest);
    }
    return allostat_cli_usage_error(argv[0], "'--%s' is no option of this command",
                                    name);
}

int allostat_cli_read_options(int argc, char **argv,
                              const allostat_cli_options *options)
{
    const char *letters = options->letters != NULL ? options->letters : ":";
    int letter = 0, result = 0;

    optind = 0; /* starts getopt afresh */
    opterr = 0;
    while (result == 0 &&
           (letter = getopt_long(argc, argv, letters, options->known, NULL)) != -1) {
        if (letter == 'h') {
            fputs(options->help, stdout);
            return -1;
        }
        if (letter == ':') {
            return allostat_cli_usage_error(argv[0], "'%s' needs a value",
                                            argv[optind - 1]);
        }
        result = letter == '?' ? fail_unknown(argv, options->known)
                               : options->take(options->context, letter);
    }
    return result;
}

/* ---- values
 * ---------------------------------------------------------------------------------------
 */

bool allostat_cli_is_whole_number(const char *text)
{
    const size_t length = strlen(text);

    return length > 0 && length <= NUMBER_DIGITS &&
           strspn(text, "0123456789") == length;
}

int allostat_cli_read_threads(const char *command, const char *text, int32_t *threads)
{
    const long count = allostat_cli_is_whole_number(text) ? strtol(text, NULL, 10) : -1;

    if (count < 0 || count > THREADS_MAX) {
        return allostat_cli_usage_error(
            command, "--threads needs a number from 0 to %d, not '%s'",
            (int)THREADS_MAX, text);
    }
    *threads = (int32_t)count;
    return 0;
}

int32_t allostat_cli_choose_threads(int32_t wanted)
{
    const char *openmp = getenv("OMP_NUM_THREADS");
    const char *slurm = getenv("SLURM_CPUS_PER_TASK");

    if (wanted > 0) return wanted;
    if ((openmp == NULL || openmp[0] == '\0') && slurm != NULL &&
        allostat_cli_is_whole_number(slurm)) {
        const long threads = strtol(slurm, NULL, 10);
        if (threads > 0 && threads <= THREADS_MAX) return (int32_t)threads;
    }
    return allostat_threads_available();
}
