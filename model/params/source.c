#define _XOPEN_SOURCE 700 /* realpath */

#include "params/source.h"

#include "params/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char marker[] = ".allostat";

static bool is_regular(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

/* The length of the folder part of a path, its last slash included. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* Cut the last part off an absolute path; false at the top. */
static bool cut_last(char *path)
{
    char *slash = strrchr(path, '/');

    if (slash == NULL || path[1] == '\0') return false;
    slash[slash == path ? 1 : 0] = '\0';
    return true;
}

static const char *nearest_marked(allostat_pool *pool, const char *folder)
{
    char *up = allostat_pool_text(pool, folder, strlen(folder));

    while (up != NULL) {
        const char *mark = allostat_pool_format(pool, "%s/%s", up, marker);
        if (mark == NULL) return NULL;
        if (is_regular(mark)) return up;
        if (!cut_last(up)) break;
    }
    return up == NULL ? NULL : folder;
}

const char *allostat_source_root(allostat_pool *pool, const char *path)
{
    const size_t length = folder_length(path);
    const char *folder = length > 0 ? allostat_pool_text(pool, path, length) : ".";
    char *real = folder != NULL ? realpath(folder, NULL) : NULL;
    const char *kept = NULL;

    if (folder != NULL && real == NULL && errno == ENOMEM) pool->failed = true;
    if (real != NULL) kept = allostat_pool_text(pool, real, strlen(real));
    free(real);
    return kept != NULL ? nearest_marked(pool, kept) : NULL;
}

/* Append one part of a path to `joined`, which holds `*length` bytes. ".." takes back
 * the part before it; it stays where there is none. */
static void append_part(char *joined, size_t *length, const char *part,
                        size_t part_length)
{
    const size_t last = joined[0] == '/' && *length == 1 ? 1 : folder_length(joined);
    const bool up = part_length == 2 && memcmp(part, "..", 2) == 0;
    const bool takes_back = *length > last && strcmp(joined + last, "..") != 0;

    if (part_length == 0 || (part_length == 1 && part[0] == '.')) return;
    if (up && takes_back) {
        *length = last > 1 ? last - 1 : last;
    } else if (up && joined[0] == '/' && *length == 1) {
        return;
    } else {
        if (*length > 0 && joined[*length - 1] != '/') joined[(*length)++] = '/';
        memcpy(joined + *length, part, part_length);
        *length += part_length;
    }
    joined[*length] = '\0';
}

const char *allostat_source_join(allostat_pool *pool, const char *from,
                                 const char *path)
{
    const int folder = path[0] == '/' ? 0 : (int)folder_length(from);
    const char *whole = allostat_pool_format(pool, "%.*s%s", folder, from, path);
    char *joined = whole ? allostat_pool_alloc(pool, strlen(whole) + 2, 1) : NULL;
    size_t length = 0;

    if (joined == NULL) return NULL;
    if (whole[0] == '/') joined[length++] = '/';
    while (*whole != '\0') {
        const size_t part_length = strcspn(whole, "/");
        append_part(joined, &length, whole, part_length);
        whole += part_length + (whole[part_length] == '/');
    }
    return length > 0 ? joined : ".";
}

static bool real_is_inside(const char *root, const char *real)
{
    const size_t length = strlen(root);

    if (strcmp(root, "/") == 0) return true;
    return strncmp(real, root, length) == 0 &&
           (real[length] == '/' || real[length] == '\0');
}

bool allostat_source_inside(allostat_pool *pool, const char *root, const char *path)
{
    char part[ALLOSTAT_PATH_SIZE];
    const int written =
        snprintf(part, sizeof part, "%s%s", path[0] == '/' ? "" : "./", path);
    bool inside = false, found = false;

    if (written < 0 || written >= (int)sizeof part) return false;
    do {
        char *real = realpath(part, NULL);
        found = real != NULL;
        if (!found && errno == ENOMEM) pool->failed = true;
        inside = found && real_is_inside(root, real);
        free(real);
    } while (!found && cut_last(part));
    return inside;
}

/* Stops soon behind the limit, so that too large a file is seen without reading it all.
 */
static char *read_all(allostat_pool *pool, FILE *file, size_t *length)
{
    char *text = NULL;
    size_t room = 1 << 14;

    for (*length = 0;; room *= 4) {
        char *larger = realloc(text, room);
        if (larger == NULL) break;
        text = larger;
        *length += fread(text + *length, 1, room - *length, file);
        if (*length < room || room > ALLOSTAT_SOURCE_LIMIT) {
            char *kept = ferror(file) ? NULL : allostat_pool_text(pool, text, *length);
            free(text);
            return kept;
        }
    }
    free(text);
    pool->failed = true;
    return NULL;
}

static allostat_source *source_make(allostat_report *report, const char *name,
                                    const char *text, size_t length)
{
    allostat_source *source = allostat_pool_alloc(report->pool, 1, sizeof *source);
    const char *kept = allostat_pool_text(report->pool, name, strlen(name));

    if (source == NULL || kept == NULL) return NULL;
    *source = (allostat_source){.name = kept,
                                .text = text,
                                .length = length,
                                .order = report->source_count++,
                                .too_large = length > ALLOSTAT_SOURCE_LIMIT};
    return source;
}

allostat_source *allostat_source_read(allostat_report *report, const char *path,
                                      bool regular_only)
{
    struct stat about;
    if (stat(path, &about) != 0) return NULL;
    if (S_ISDIR(about.st_mode) || (regular_only && !S_ISREG(about.st_mode))) {
        errno = S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
        return NULL;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        if (errno == ENOMEM) report->pool->failed = true;
        return NULL;
    }
    size_t length = 0;
    char *text = read_all(report->pool, file, &length);
    const int reason = errno;
    fclose(file);
    errno = reason;
    allostat_source *source = text ? source_make(report, path, text, length) : NULL;
    if (source == NULL) return NULL;
    source->device = (uint64_t)about.st_dev;
    source->inode = (uint64_t)about.st_ino;
    return source;
}

allostat_source *allostat_source_from_text(allostat_report *report, const char *name,
                                           const char *text)
{
    const char *kept = allostat_pool_text(report->pool, text, strlen(text));
    return kept != NULL ? source_make(report, name, kept, strlen(text)) : NULL;
}

/* The place of the first byte that no text file holds; false when there is none. */
static bool find_binary(const allostat_source *source, allostat_source_place *place)
{
    size_t at = 0;

    *place = (allostat_source_place){source, 1, 1};
    while (at < source->length) {
        const int32_t character = allostat_utf8_next(source->text, source->length, &at);
        if (character <= 0 || character == 0x7F) return true;
        if (character < 0x20 && (character < '\t' || character > '\r')) return true;
        place->column++;
        if (character == '\n')
            *place = (allostat_source_place){source, place->line + 1, 1};
    }
    return false;
}

bool allostat_source_check(const allostat_source *source, allostat_report *report)
{
    allostat_source_place place = {source, 1, 1};

    if (source->too_large) {
        allostat_report_add(report, place, "the file is larger than %d MiB",
                            ALLOSTAT_SOURCE_LIMIT / (1024 * 1024));
        return false;
    }
    if (source->length == 0) {
        allostat_report_add(report, place, "the file is empty");
        return false;
    }
    if (find_binary(source, &place)) {
        allostat_report_add(report, place,
                            "this is not text: save the file as plain text in UTF-8");
        return false;
    }
    return true;
}
