#include "io/run_facts.h"

#include "base/version.h"
#include "io/whole_file.h"

#include <hdf5.h>
#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

enum { STAMP_SIZE = 32, VERSION_SIZE = 32 };

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

static void format_time(time_t when, char text[STAMP_SIZE])
{
    struct tm parts;

    text[0] = '\0';
    if (gmtime_r(&when, &parts) != NULL)
        strftime(text, STAMP_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

static json_t *words_of(const allostat_run_facts *facts)
{
    json_t *words = json_array();

    for (int32_t i = 0; i < facts->command_count; i++) {
        /* a word that is no UTF-8 cannot stand in JSON */
        json_t *word = json_string(facts->command[i]);
        json_array_append_new(words, word != NULL ? word : json_string("?"));
    }
    return words;
}

static void set_text(json_t *object, const char *name, const char *text)
{
    json_object_set_new(object, name, json_string(text));
}

/* NULL when there is no memory. */
static json_t *facts_as_json(const allostat_run_facts *facts)
{
    char started[STAMP_SIZE], finished[STAMP_SIZE], hdf5[VERSION_SIZE];
    struct utsname host = {0};
    unsigned major = 0, minor = 0, release = 0;
    json_t *object = json_object();

    uname(&host);
    H5get_libversion(&major, &minor, &release);
    snprintf(hdf5, sizeof hdf5, "%u.%u.%u", major, minor, release);
    format_time(facts->started, started);
    format_time(facts->finished, finished);
    set_text(object, "result_sha256", facts->digest);
    set_text(object, "started", started);
    set_text(object, "finished", finished);
    json_object_set_new(object, "wall_seconds", json_real(facts->wall_seconds));
    json_object_set_new(object, "threads", json_integer(facts->threads));
    json_object_set_new(object, "simulated_days", json_integer(facts->days));
    set_text(object, "host", host.nodename);
    set_text(object, "system", host.sysname);
    set_text(object, "machine", host.machine);
    set_text(object, "version", allostat_version());
    set_text(object, "compiler", COMPILER);
    set_text(object, "hdf5", hdf5);
    json_object_set_new(object, "command", words_of(facts));
    return object;
}

allostat_status allostat_run_facts_write(const char *output,
                                         const allostat_run_facts *facts,
                                         allostat_error *error)
{
    char path[ALLOSTAT_PATH_SIZE + 16];
    json_t *object = facts_as_json(facts);
    char *text = object == NULL ? NULL : json_dumps(object, JSON_INDENT(2));

    json_decref(object);
    if (text == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "facts of the run");
    snprintf(path, sizeof path, "%s.run.json", output);
    allostat_status status =
        allostat_whole_file_write(path, true, text, strlen(text), error);
    free(text);
    if (status == ALLOSTAT_ERROR_CANNOT_CREATE) {
        char reason[ALLOSTAT_MESSAGE_SIZE] = "";
        if (error != NULL) snprintf(reason, sizeof reason, "%s", error->message);
        status = ALLOSTAT_FAIL(error, IO, "%s", reason);
    }
    return status;
}
