/* Text that grows, distance between names, numbers that read back as they were. */
#ifndef ALLOSTAT_BASE_TEXT_H
#define ALLOSTAT_BASE_TEXT_H

#include "base/error.h"

#include <stddef.h>

/* Start from `allostat_text text = {0};`. data is NULL until something is appended,
 * then always ends with '\0', which length does not count. */
typedef struct {
    char *data;
    size_t length;
    size_t capacity;
} allostat_text;

/* Appends as printf does. On failure (NO_MEMORY) the text is as before. */
ALLOSTAT_MUST_CHECK allostat_status allostat_text_append(allostat_text *self,
                                                         allostat_error *error,
                                                         const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends `length` bytes as they are. On failure (NO_MEMORY) the text is as before. */
ALLOSTAT_MUST_CHECK allostat_status allostat_text_append_bytes(allostat_text *self,
                                                               const char *bytes,
                                                               size_t length,
                                                               allostat_error *error);

/* Hands the characters over to the caller, who frees them, and empties the text. NULL
 * when nothing was ever appended. */
char *allostat_text_steal(allostat_text *self);

void allostat_text_free(allostat_text *self);

enum { ALLOSTAT_TEXT_DISTANCE_LENGTH = 127 };

/* How many letters to insert, delete, replace or swap with their neighbour to make b of
 * a (Damerau-Levenshtein, optimal string alignment; no letter is edited twice). Of
 * longer strings than ALLOSTAT_TEXT_DISTANCE_LENGTH bytes, the length of the longer
 * one. */
size_t allostat_text_distance(const char *a, const char *b);

enum { ALLOSTAT_DOUBLE_TEXT_SIZE = 32 };

/* The first of 15, 16 and 17 decimal digits that reads back (strtod) to the same bits,
 * without trailing zeros. Needs the "C" locale. */
void allostat_double_format(double value, char text[ALLOSTAT_DOUBLE_TEXT_SIZE]);

#endif
