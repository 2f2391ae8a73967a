/* The file that somebody may have meant. */
#ifndef ALLOSTAT_BASE_NEAREST_FILE_H
#define ALLOSTAT_BASE_NEAREST_FILE_H

enum { ALLOSTAT_FILE_HINT_SIZE = 512 };

/* For a path that leads to no file: the file in its folder whose name is nearest to the
 * one wanted, as "; did you mean 'configs/vancouver.yaml'?"; "" when none is near, when
 * the folder cannot be read or the text has no room. Of equally near ones the first by
 * name. Keeps errno. */
void allostat_nearest_file_hint(const char *path, char hint[ALLOSTAT_FILE_HINT_SIZE]);

#endif
