/* allostat COMMAND …: finds the command and ends the program with its exit code. */
#include "base/text.h"
#include "base/version.h"
#include "cli/commands.h"
#include "cli/common.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *about;
} command;

static const command commands[] = {
    {"run", allostat_cmd_run, "simulate a configuration and write a result file"},
    {"info", allostat_cmd_info, "show what a result file holds"},
    {"compare", allostat_cmd_compare,
     "tell what policies change against a base: lives, years, costs"},
    {"report", allostat_cmd_report, "make a page with pictures from result files"},
    {"trace", allostat_cmd_trace, "write the lives of chosen people, day by day"},
    {"verify", allostat_cmd_verify, "make a result file again and compare"},
    {"validate", allostat_cmd_validate, "check a configuration without running it"},
    {"audit", allostat_cmd_audit, "show that the random draws are sound"},
    {"bench", allostat_cmd_bench, "measure how fast this machine runs a city"},
    {"params", allostat_cmd_params,
     "list every parameter with its unit, range and source"},
    {"schema", allostat_cmd_schema, "print the JSON Schema of configurations"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0], NEAR = 3 };

static void print_help(FILE *file)
{
    fprintf(file,
            "usage: allostat COMMAND [OPTION]...\n"
            "Simulate the opioid crisis of a city, person by person and day by day.\n"
            "\n"
            "commands:\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(file, "  %-10s %s\n", commands[i].name, commands[i].about);
    }
    fprintf(file,
            "\n"
            "  -h, --help     show this help; 'allostat help COMMAND' shows that of a "
            "command\n"
            "  -V, --version  show the version\n"
            "\n"
            "example: allostat run configs/vancouver.yaml --replicates 10\n"
            "\n"
            "exit codes: 0 done, 64 usage, 65 bad configuration or data, 66 no input,\n"
            "70 broken invariant, 71 no memory, 73 cannot create, 74 input or output,\n"
            "75 stopped by a signal.\n");
}

static int fail_unknown(const char *name)
{
    size_t nearest = 0, least = NEAR;

    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const size_t distance = allostat_text_distance(name, commands[i].name);
        if (distance >= least) continue;
        least = distance;
        nearest = i;
    }
    fprintf(stderr, "allostat: there is no %s '%s'",
            name[0] == '-' ? "option" : "command", name);
    if (least < NEAR) fprintf(stderr, "; did you mean '%s'?", commands[nearest].name);
    fprintf(stderr, "\ntry: allostat --help\n");
    return allostat_status_exit_code(ALLOSTAT_ERROR_USAGE);
}

static bool is_option(const char *word, const char *full, const char *letter)
{
    return strcmp(word, full) == 0 || strcmp(word, letter) == 0;
}

/* NULL when there is none. */
static const command *find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(name, commands[i].name) == 0) return &commands[i];
    }
    return NULL;
}

/* help, or help COMMAND. */
static int help_with(int argc, char **argv)
{
    char option[] = "--help";

    if (argc == 0 || strcmp(argv[0], "help") == 0) {
        print_help(stdout);
        return allostat_cli_finish(0);
    }
    const command *found = find(argv[0]);
    if (found == NULL) return fail_unknown(argv[0]);
    return found->run(2, (char *[]){argv[0], option, NULL});
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return allostat_status_exit_code(ALLOSTAT_ERROR_USAGE);
    }
    if (is_option(argv[1], "--help", "-h")) {
        print_help(stdout);
        return allostat_cli_finish(0);
    }
    if (is_option(argv[1], "--version", "-V")) {
        printf("allostat %s\n", allostat_version());
        return allostat_cli_finish(0);
    }
    if (strcmp(argv[1], "help") == 0) return help_with(argc - 2, argv + 2);
    const command *found = find(argv[1]);
    return found != NULL ? found->run(argc - 1, argv + 1) : fail_unknown(argv[1]);
}

int main(int argc, char **argv)
{
    /* failures to write come back as errors, with a message and an exit code */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    return dispatch(argc, argv);
}
