#include "base/version.h"

/* The Makefile gives the text to this object alone, so that a new version compiles one
 * file. */
#ifndef ALLOSTAT_VERSION_TEXT
#define ALLOSTAT_VERSION_TEXT "unknown"
#endif

const char *allostat_version(void) { return ALLOSTAT_VERSION_TEXT; }
