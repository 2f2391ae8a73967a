#include "base/nearest_file.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { NAME_SIZE = 256, FOLDER_SIZE = 4096 };

/* Copies the name nearest to `wanted`; false when none is near. */
static bool find_nearest(DIR *folder, const char *wanted, char nearest[NAME_SIZE])
{
    size_t least = strlen(wanted) / 3 + 2; /* further away it is another name */
    bool found = false;

    for (const struct dirent *at = readdir(folder); at != NULL; at = readdir(folder)) {
        const size_t distance = allostat_text_distance(wanted, at->d_name);
        const bool first =
            distance == least && found && strcmp(at->d_name, nearest) < 0;

        if (at->d_name[0] == '.' || strlen(at->d_name) >= NAME_SIZE) continue;
        if (distance == 0 || (distance >= least && !first)) continue;
        least = distance;
        found = true;
        memcpy(nearest, at->d_name, strlen(at->d_name) + 1);
    }
    return found;
}

void allostat_nearest_file_hint(const char *path, char hint[ALLOSTAT_FILE_HINT_SIZE])
{
    const int reason = errno;
    const char *slash = strrchr(path, '/');
    const int length = slash != NULL ? (int)(slash - path) + 1 : 0;
    char folder[FOLDER_SIZE], nearest[NAME_SIZE];
    int written = 0;

    if (length < FOLDER_SIZE) {
        snprintf(folder, sizeof folder, "%.*s", length, path);
        DIR *files = opendir(length > 0 ? folder : ".");

        if (files != NULL) {
            if (find_nearest(files, path + length, nearest))
                written = snprintf(hint, ALLOSTAT_FILE_HINT_SIZE,
                                   "; did you mean '%s%s'?", folder, nearest);
            closedir(files);
        }
    }
    if (written <= 0 || written >= ALLOSTAT_FILE_HINT_SIZE) hint[0] = '\0';
    errno = reason;
}
