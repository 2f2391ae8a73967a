/* Reading UTF-8 one character at a time. */
#ifndef ALLOSTAT_PARAMS_UTF8_H
#define ALLOSTAT_PARAMS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The character at text[*at] (*at < length); moves *at behind it. -1, and one byte
 * further, when the bytes are no character of UTF-8 (RFC 3629: no overlong form, no
 * surrogate). */
int32_t allostat_utf8_next(const char *text, size_t length, size_t *at);

/* Would a terminal take this character as a command, or YAML as the end of a line? C0
 * and C1 controls, line and paragraph separators, directions of writing, byte order
 * mark. */
bool allostat_utf8_is_control(int32_t character);

#endif
