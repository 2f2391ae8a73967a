#include "io/city_file.h"

#include "base/version.h"
#include "engine/checkpoint.h"
#include "io/digest.h"
#include "io/whole_file.h"
#include "params/past.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MARK_SIZE = 16, VERSION_SIZE = 64, FILE_VERSION = 3 };

static const char mark[MARK_SIZE] = "Allostat city\r\n";
static const uint32_t byte_order = 0x01020304U;

/* The first bytes of a file. */
typedef struct {
    char mark[MARK_SIZE];
    uint32_t byte_order, file_version;
    uint64_t layout;
    uint64_t length; /* of what follows the header */
    char digest[ALLOSTAT_DIGEST_SIZE + 7];
} file_header;

/* What follows: this, the configuration's text, the state. */
typedef struct {
    char version[VERSION_SIZE]; /* of the program */
    int32_t replicate, month;
    uint64_t text_length;
} file_facts;

/* A file in memory. */
typedef struct {
    char path[ALLOSTAT_PATH_SIZE];
    unsigned char *data;
    size_t size;
    file_facts facts;
    const char *text;           /* [facts.text_length] */
    const unsigned char *state; /* [state_size] */
    size_t state_size;
} city_file;

static allostat_status name_file(const allostat_city_folder *folder, int32_t replicate,
                                 char path[ALLOSTAT_PATH_SIZE], allostat_error *error)
{
    const int written = snprintf(path, ALLOSTAT_PATH_SIZE, "%s/replicate_%d.city",
                                 folder->folder, (int)replicate);

    if (written < ALLOSTAT_PATH_SIZE) return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, CANNOT_CREATE, "%s: the name is too long",
                         folder->folder);
}

/* ---- saving ---- */

allostat_status allostat_city_folder_create(const allostat_city_folder *self,
                                            allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t count = (int32_t)self->scenario->epochs[0].params.run_replicates;
    char path[ALLOSTAT_PATH_SIZE];

    if (mkdir(self->folder, 0777) != 0 && errno != EEXIST)
        return ALLOSTAT_FAIL(error, CANNOT_CREATE, "the folder %s: %s", self->folder,
                             strerror(errno));
    for (int32_t r = 0; r < count; r++) {
        ALLOSTAT_TRY(name_file(self, r, path, error));
        ALLOSTAT_TRY(allostat_whole_file_check(path, self->force, error));
    }
cleanup:
    return status;
}

/* Header, facts, text and state in one piece. */
static allostat_status fill(const allostat_city_folder *folder, int32_t replicate,
                            const allostat_city *city, const allostat_records *records,
                            allostat_bytes *bytes, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    file_header header = {.byte_order = byte_order,
                          .file_version = FILE_VERSION,
                          .layout = allostat_checkpoint_layout()};
    file_facts facts = {.replicate = replicate, .month = folder->month};
    char *text = NULL;

    memcpy(header.mark, mark, sizeof mark);
    snprintf(facts.version, sizeof facts.version, "%s", allostat_version());
    ALLOSTAT_TRY(allostat_scenario_to_yaml(folder->scenario, &text, error));
    facts.text_length = strlen(text);
    ALLOSTAT_TRY(allostat_bytes_append(bytes, &header, sizeof header, error));
    ALLOSTAT_TRY(allostat_bytes_append(bytes, &facts, sizeof facts, error));
    ALLOSTAT_TRY(allostat_bytes_append(bytes, text, facts.text_length, error));
    ALLOSTAT_TRY(allostat_checkpoint_write(city, records, folder->month, bytes, error));
    header.length = bytes->size - sizeof header;
    allostat_digest_bytes(bytes->data + sizeof header, header.length, header.digest);
    memcpy(bytes->data, &header, sizeof header);
cleanup:
    free(text);
    return status;
}

allostat_status allostat_city_folder_save(void *self, int32_t replicate,
                                          const allostat_city *city,
                                          const allostat_records *records,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_city_folder *folder = self;
    char path[ALLOSTAT_PATH_SIZE];
    allostat_bytes bytes = {0};

    ALLOSTAT_TRY(name_file(folder, replicate, path, error));
    ALLOSTAT_TRY(fill(folder, replicate, city, records, &bytes, error));
    ALLOSTAT_TRY(
        allostat_whole_file_write(path, folder->force, bytes.data, bytes.size, error));
cleanup:
    allostat_bytes_free(&bytes);
    return status;
}

/* ---- going on
 * ------------------------------------------------------------------------ */

static allostat_status read_bytes(city_file *self, allostat_error *error)
{
    FILE *file = fopen(self->path, "rb");
    struct stat facts;
    allostat_status status = ALLOSTAT_OK;

    if (file == NULL || fstat(fileno(file), &facts) != 0 || !S_ISREG(facts.st_mode)) {
        status = ALLOSTAT_FAIL(error, NO_INPUT, "%s: %s", self->path,
                               file == NULL ? strerror(errno) : "not a file");
        goto cleanup;
    }
    self->size = (size_t)facts.st_size;
    self->data = malloc(self->size > 0 ? self->size : 1);
    if (self->data == NULL) {
        status =
            ALLOSTAT_FAIL(error, NO_MEMORY, "%zu bytes for %s", self->size, self->path);
    } else if (fread(self->data, 1, self->size, file) != self->size) {
        status = ALLOSTAT_FAIL(error, IO, "%s: reading failed", self->path);
    }
cleanup:
    if (file != NULL) fclose(file);
    return status;
}

/* Mark, version, length and digest: before anything else is believed. */
static allostat_status check_header(const city_file *self, allostat_error *error)
{
    file_header header;
    char digest[ALLOSTAT_DIGEST_SIZE];

    if (self->size < sizeof header + sizeof(file_facts) ||
        memcmp(self->data, mark, sizeof mark) != 0)
        return ALLOSTAT_FAIL(error, DATA, "%s: not a city saved by allostat",
                             self->path);
    memcpy(&header, self->data, sizeof header);
    if (header.byte_order != byte_order)
        return ALLOSTAT_FAIL(
            error, DATA, "%s: saved on a machine of another byte order", self->path);
    if (header.file_version != FILE_VERSION ||
        header.layout != allostat_checkpoint_layout())
        return ALLOSTAT_FAIL(error, DATA,
                             "%s: saved by another version of allostat; save the city "
                             "again with this one",
                             self->path);
    if (header.length != self->size - sizeof header)
        return ALLOSTAT_FAIL(error, DATA, "%s: cut short or too long", self->path);
    allostat_digest_bytes(self->data + sizeof header, header.length, digest);
    if (memcmp(digest, header.digest, sizeof digest) != 0)
        return ALLOSTAT_FAIL(error, DATA, "%s: damaged: its SHA-256 is another",
                             self->path);
    return ALLOSTAT_OK;
}

static allostat_status city_file_read(city_file *self,
                                      const allostat_city_folder *folder,
                                      int32_t replicate, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const unsigned char *at = NULL;

    memset(self, 0, sizeof *self);
    ALLOSTAT_TRY(name_file(folder, replicate, self->path, error));
    ALLOSTAT_TRY(read_bytes(self, error));
    ALLOSTAT_TRY(check_header(self, error));
    at = self->data + sizeof(file_header);
    memcpy(&self->facts, at, sizeof self->facts);
    at += sizeof self->facts;
    self->state_size = self->size - (size_t)(at - self->data);
    if (self->facts.text_length > self->state_size ||
        self->facts.replicate != replicate)
        return ALLOSTAT_FAIL(error, DATA, "%s: not the city of replicate %d",
                             self->path, (int)replicate);
    self->text = (const char *)at;
    self->state = at + self->facts.text_length;
    self->state_size -= (size_t)self->facts.text_length;
cleanup:
    return status;
}

static void city_file_free(city_file *self) { free(self->data); }

/* The scenario of the file has the same past as ours. */
static allostat_status check_past(const city_file *self,
                                  const allostat_scenario *scenario,
                                  allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_mistakes mistakes = {0};
    allostat_scenario saved = {0};
    char *text = calloc((size_t)self->facts.text_length + 1, 1);

    if (text == NULL) return ALLOSTAT_FAIL(error, NO_MEMORY, "%s", self->path);
    memcpy(text, self->text, (size_t)self->facts.text_length);
    status = allostat_scenario_load_text(&saved, self->path, text, &mistakes, error);
    if (status == ALLOSTAT_OK) {
        allostat_error why = {0};
        status = allostat_scenario_same_past(
            &saved, scenario, allostat_month_first_day(self->facts.month), &why);
        if (status != ALLOSTAT_OK)
            status = ALLOSTAT_FAIL(error, DATA, "%s: %s", self->path, why.message);
    }
    allostat_scenario_free(&saved);
    allostat_mistakes_free(&mistakes);
    free(text);
    return status;
}

static allostat_status check_month(const city_file *self,
                                   const allostat_scenario *scenario,
                                   allostat_error *error)
{
    const allostat_params *params = &scenario->epochs[0].params;
    const allostat_day day = allostat_month_first_day(self->facts.month);
    char date[ALLOSTAT_DATE_TEXT_SIZE];

    if (day > params->run_start && day <= params->run_end) return ALLOSTAT_OK;
    allostat_day_format(day, date);
    return ALLOSTAT_FAIL(error, DATA, "%s: saved on %s, which is not within the run",
                         self->path, date);
}

allostat_status allostat_city_folder_open(allostat_city_folder *self,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t count = (int32_t)self->scenario->epochs[0].params.run_replicates;
    city_file file = {0};
    char path[ALLOSTAT_PATH_SIZE];
    struct stat facts;

    ALLOSTAT_TRY(name_file(self, 0, path, error));
    if (stat(path, &facts) != 0) {
        status = ALLOSTAT_FAIL(error, NO_INPUT,
                               "%s: %s; --from-city wants the folder that a run with "
                               "--save-city has named as its city",
                               path, strerror(errno));
        goto cleanup;
    }
    ALLOSTAT_TRY(city_file_read(&file, self, 0, error));
    ALLOSTAT_TRY(check_month(&file, self->scenario, error));
    ALLOSTAT_TRY(check_past(&file, self->scenario, error));
    self->month = file.facts.month;
    for (int32_t r = 1; r < count; r++) {
        ALLOSTAT_TRY(name_file(self, r, path, error));
        if (stat(path, &facts) != 0) {
            status = ALLOSTAT_FAIL(
                error, NO_INPUT,
                "%s: %s; the folder holds fewer replicates than the run wants: set "
                "--replicates %d or save more",
                path, strerror(errno), (int)r);
            goto cleanup;
        }
    }
cleanup:
    city_file_free(&file);
    return status;
}

allostat_status allostat_city_folder_load(void *self, int32_t replicate,
                                          allostat_city *city,
                                          allostat_records *records,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_city_folder *folder = self;
    allostat_error why = {0};
    city_file file = {0};

    ALLOSTAT_TRY(city_file_read(&file, folder, replicate, error));
    if (file.facts.month != folder->month) {
        status = ALLOSTAT_FAIL(error, DATA, "%s: saved on another day than replicate 0",
                               file.path);
        goto cleanup;
    }
    ALLOSTAT_TRY(check_past(&file, folder->scenario, error));
    status = allostat_checkpoint_read(city, records, folder->month, file.state,
                                      file.state_size, &why);
    if (status != ALLOSTAT_OK)
        status = allostat_error_set(error, status, why.code_file, why.code_line,
                                    "%s: %s", file.path, why.message);
cleanup:
    city_file_free(&file);
    return status;
}
