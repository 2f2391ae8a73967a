/* Reading what the user names: whole files, and paths that stay inside the
 * configuration's folder.
 *
 * The configuration's folder is the nearest folder, from that of the named file
 * upwards, that holds a file called `.allostat`; without one it is the folder of the
 * named file. Symbolic links are followed before the check. */
#ifndef ALLOSTAT_PARAMS_SOURCE_H
#define ALLOSTAT_PARAMS_SOURCE_H

#include "params/report.h"

enum { ALLOSTAT_SOURCE_LIMIT = 4 * 1024 * 1024 }; /* bytes */

/* The configuration's folder for a named file; NULL when it cannot be found or memory
 * is out. */
const char *allostat_source_root(allostat_pool *pool, const char *path);

/* `path` as written in the file `from`, in terms of the current folder. */
const char *allostat_source_join(allostat_pool *pool, const char *from,
                                 const char *path);

/* Is `path` inside the folder `root`, links followed? A path that does not exist is
 * judged by the part of it that does. The pool only learns when memory is out. */
bool allostat_source_inside(allostat_pool *pool, const char *root, const char *path);

/* Read the file `path`, which also is its name. `regular_only`: refuse pipes and
 * devices. NULL when it cannot be read, with the reason in errno. */
allostat_source *allostat_source_read(allostat_report *report, const char *path,
                                      bool regular_only);

/* A source for a text in memory; NULL when memory is out. */
allostat_source *allostat_source_from_text(allostat_report *report, const char *name,
                                           const char *text);

/* Report a file that is too large, empty or no UTF-8 text; true when it is none of
 * these. */
bool allostat_source_check(const allostat_source *source, allostat_report *report);

#endif
