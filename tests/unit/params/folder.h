/* A folder of files for a test, gone after it. */
#ifndef ALLOSTAT_TESTS_PARAMS_FOLDER_H
#define ALLOSTAT_TESTS_PARAMS_FOLDER_H

#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_FILES_MAX = 16, FOLDER_PATH_SIZE = 128 };

typedef struct {
    char path[FOLDER_PATH_SIZE];
    char made[FOLDER_FILES_MAX][2 * FOLDER_PATH_SIZE]; /* files and folders in it */
    int count;
} folder;

static inline void folder_init(folder *self)
{
    *self = (folder){.path = "/tmp/allostat_test_XXXXXX"};
    assert_non_null(mkdtemp(self->path));
}

/* The path of a name in the folder; valid until it is freed. Nothing is made. */
static inline const char *folder_path(folder *self, const char *name)
{
    const size_t length = strlen(self->path);
    assert_true(self->count < FOLDER_FILES_MAX);
    char *path = self->made[self->count++];
    assert_true(length + 1 + strlen(name) < sizeof self->made[0]);
    memcpy(path, self->path, length);
    path[length] = '/';
    strcpy(path + length + 1, name);
    return path;
}

static inline const char *folder_write_bytes(folder *self, const char *name,
                                             const char *text, size_t length)
{
    const char *path = folder_path(self, name);
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return path;
}

static inline const char *folder_write(folder *self, const char *name, const char *text)
{
    return folder_write_bytes(self, name, text, strlen(text));
}

static inline void folder_mkdir(folder *self, const char *name)
{
    assert_int_equal(mkdir(folder_path(self, name), 0700), 0);
}

static inline void folder_free(folder *self)
{
    for (int i = self->count - 1; i >= 0; i--) remove(self->made[i]);
    assert_int_equal(rmdir(self->path), 0);
}

#endif
