/* The version of this code. */
#ifndef ALLOSTAT_BASE_VERSION_H
#define ALLOSTAT_BASE_VERSION_H

/* What `git describe --always --dirty` said when the program was built, or the content
 * of the file VERSION when there was no git. Never NULL, never "". */
const char *allostat_version(void);

#endif
