/* The commands of the program. Each gets its own arguments, argv[0] being its name,
 * prints, and returns the exit code of the program. */
#ifndef ALLOSTAT_CLI_COMMANDS_H
#define ALLOSTAT_CLI_COMMANDS_H

int allostat_cmd_audit(int argc, char **argv);
int allostat_cmd_bench(int argc, char **argv);
int allostat_cmd_compare(int argc, char **argv);
int allostat_cmd_info(int argc, char **argv);
int allostat_cmd_params(int argc, char **argv);
int allostat_cmd_report(int argc, char **argv);
int allostat_cmd_run(int argc, char **argv);
int allostat_cmd_schema(int argc, char **argv);
int allostat_cmd_trace(int argc, char **argv);
int allostat_cmd_validate(int argc, char **argv);
int allostat_cmd_verify(int argc, char **argv);

#endif
