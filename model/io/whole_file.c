#include "io/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Tries before we believe that a free temporary name is not to be had. */
enum { NAME_TRIES = 100, LARGEST_WRITE = 1 << 30 };

/* The folder of a path, "." when it names none. */
static void folder_of(const char *path, char folder[ALLOSTAT_PATH_SIZE])
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL) {
        snprintf(folder, ALLOSTAT_PATH_SIZE, ".");
    } else if (slash == path) {
        snprintf(folder, ALLOSTAT_PATH_SIZE, "/");
    } else {
        snprintf(folder, ALLOSTAT_PATH_SIZE, "%.*s", (int)(slash - path), path);
    }
}

static allostat_status fail_create(const char *path, int reason, allostat_error *error)
{
    char folder[ALLOSTAT_PATH_SIZE];

    if (reason == ENOSPC || reason == EDQUOT || reason == EIO) {
        return ALLOSTAT_FAIL(error, IO, "%s: %s", path, strerror(reason));
    }
    folder_of(path, folder);
    if (reason == ENOENT) {
        return ALLOSTAT_FAIL(
            error, CANNOT_CREATE,
            "%s: the folder %s does not exist or takes no files; create it or "
            "choose another --output",
            path, folder);
    }
    return ALLOSTAT_FAIL(error, CANNOT_CREATE, "%s: %s; choose another --output", path,
                         strerror(reason));
}

static allostat_status fail_exists(const char *path, allostat_error *error)
{
    return ALLOSTAT_FAIL(
        error, CANNOT_CREATE,
        "%s exists; give --force to replace it or choose another --output", path);
}

static allostat_status check_target(const char *path, bool force, allostat_error *error)
{
    struct stat facts;

    if (path[0] == '\0')
        return ALLOSTAT_FAIL(error, CANNOT_CREATE, "the output has no name");
    if (stat(path, &facts) != 0) {
        return errno == ENOENT ? ALLOSTAT_OK : fail_create(path, errno, error);
    }
    if (S_ISDIR(facts.st_mode)) {
        return ALLOSTAT_FAIL(error, CANNOT_CREATE, "%s is a folder; name a file in it",
                             path);
    }
    /* a rename would replace the device itself */
    if (!S_ISREG(facts.st_mode)) {
        return ALLOSTAT_FAIL(error, CANNOT_CREATE, "%s is not a regular file", path);
    }
    return force ? ALLOSTAT_OK : fail_exists(path, error);
}

allostat_status allostat_whole_file_spare(const char *path, const char *input,
                                          allostat_error *error)
{
    struct stat ours, theirs;

    if (stat(path, &ours) != 0 || stat(input, &theirs) != 0) return ALLOSTAT_OK;
    if (ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino)
        return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, CANNOT_CREATE,
                         "%s is what this command reads, and --force does not replace "
                         "that; choose another --output",
                         path);
}

/* Opens a new file in the folder of `path`; its name goes to `temporary`. */
static allostat_status open_temporary(const char *path,
                                      char temporary[ALLOSTAT_PATH_SIZE], int *handle,
                                      allostat_error *error)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;

    for (int i = 0; i < NAME_TRIES; i++) {
        const int length =
            snprintf(temporary, ALLOSTAT_PATH_SIZE, "%.*s.%s.%ld-%d.part",
                     (int)(name - path), path, name, (long)getpid(), i);
        if (length >= ALLOSTAT_PATH_SIZE) return fail_create(path, ENAMETOOLONG, error);
        *handle = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (*handle >= 0) return ALLOSTAT_OK;
        if (errno != EEXIST) break;
    }
    return fail_create(path, errno, error);
}

allostat_status allostat_whole_file_check(const char *path, bool force,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    char temporary[ALLOSTAT_PATH_SIZE];
    int handle = -1;

    ALLOSTAT_TRY(check_target(path, force, error));
    /* permission bits do not tell of read-only disks or of root: try it */
    ALLOSTAT_TRY(open_temporary(path, temporary, &handle, error));
    close(handle);
    unlink(temporary);
cleanup:
    return status;
}

/* 0, or the errno of what failed. */
static int write_all(int handle, const void *data, size_t size)
{
    const unsigned char *next = data;

    while (size > 0) {
        const ssize_t done =
            write(handle, next, size < LARGEST_WRITE ? size : LARGEST_WRITE);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return errno;
        if (done == 0) return ENOSPC;
        next += done;
        size -= (size_t)done;
    }
    return fsync(handle) == 0 ? 0 : errno;
}

/* Gives the finished file its name; 0 or the errno of what failed. link() refuses to
 * replace. */
static int give_name(const char *temporary, const char *path, bool force)
{
    if (!force) {
        if (link(temporary, path) == 0) return unlink(temporary) == 0 ? 0 : errno;
        /* some file systems have no hard links: then look first */
        if (errno != EPERM && errno != ENOTSUP && errno != ENOSYS && errno != EMLINK)
            return errno;
        if (access(path, F_OK) == 0) return EEXIST;
    }
    return rename(temporary, path) == 0 ? 0 : errno;
}

/* The new name is on the disk only when its folder is. Some file systems cannot sync a
 * folder. */
static int sync_folder(const char *path)
{
    char folder[ALLOSTAT_PATH_SIZE];

    folder_of(path, folder);
    const int handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return errno == EACCES ? 0 : errno;
    const int failed = fsync(handle) == 0 || errno == EINVAL ? 0 : errno;
    close(handle);
    return failed;
}

allostat_status allostat_whole_file_write(const char *path, bool force,
                                          const void *data, size_t size,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    char temporary[ALLOSTAT_PATH_SIZE];
    int handle = -1, failed;

    ALLOSTAT_TRY(check_target(path, force, error));
    ALLOSTAT_TRY(open_temporary(path, temporary, &handle, error));
    failed = write_all(handle, data, size);
    if (close(handle) != 0 && failed == 0) failed = errno;
    if (failed == 0) failed = give_name(temporary, path, force);
    if (failed != 0) {
        unlink(temporary);
        return failed == EEXIST
                   ? fail_exists(path, error)
                   : ALLOSTAT_FAIL(error, IO, "%s: %s; nothing was written", path,
                                   strerror(failed));
    }
    failed = sync_folder(path);
    if (failed != 0)
        status = ALLOSTAT_FAIL(error, IO, "%s: %s", path, strerror(failed));
cleanup:
    return status;
}
