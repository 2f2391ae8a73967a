/* What the commands share: messages, usage errors, loading a scenario for the user. */
#ifndef ALLOSTAT_CLI_COMMON_H
#define ALLOSTAT_CLI_COMMON_H

#include "params/scenario.h"

/* Print an error to stderr as `file:line:column: error: message`, as far as they are
 * known. */
void allostat_cli_print_error(const allostat_error *error);

/* "allostat COMMAND: message" and how to get help, to stderr; returns 64. */
int allostat_cli_usage_error(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The one thing that a command works on, after its options: 0 and *operand, or 64 after
 * a message. `kind` is what it is called: "file", "configuration". */
int allostat_cli_one_operand(const char *kind, int argc, char **argv,
                             const char **operand);

/* `exit_code` when all that was written to stdout has arrived, else 74 after a message.
 */
int allostat_cli_finish(int exit_code);

/* Load a scenario; on failure print all mistakes to stderr. Returns 0, or the exit code
 * with nothing to free. */
int allostat_cli_load(allostat_scenario *scenario, const char *path,
                      const char *const *sets, int32_t set_count);

#endif
