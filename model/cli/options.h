/* The options of a command, read the same way by all commands. */
#ifndef ALLOSTAT_CLI_OPTIONS_H
#define ALLOSTAT_CLI_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

/* `known` ends with zeros; the letter 'h' is that of --help. `take` gets the letter of
 * an option, whose value is in optarg, and returns 0, or 64 after a message. */
typedef struct {
    const struct option *known;
    const char *help;
    int (*take)(void *context, int letter);
    void *context;
    const char *letters; /* of short options, as getopt wants them and with ':' before
                            them; NULL for none */
} allostat_cli_options;

/* Read all options; then argv[optind] is the first operand. 0 to go on, 64 after a
 * message, -1 after --help. */
int allostat_cli_read_options(int argc, char **argv,
                              const allostat_cli_options *options);

bool allostat_cli_is_whole_number(const char *text);

/* The value of --threads: 0, or 64 after a message. */
int allostat_cli_read_threads(const char *command, const char *text, int32_t *threads);

/* `wanted` when it is not 0; else OMP_NUM_THREADS, else SLURM_CPUS_PER_TASK, else all
 * processors. */
int32_t allostat_cli_choose_threads(int32_t wanted);

#endif
