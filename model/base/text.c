#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `more` bytes and the final zero; capacity at least doubles. */
static allostat_status reserve(allostat_text *self, size_t more, allostat_error *error)
{
    size_t capacity = self->capacity < 64 ? 64 : self->capacity;
    char *data;

    if (self->data != NULL && more < self->capacity - self->length) return ALLOSTAT_OK;
    if (more >= SIZE_MAX / 4 - self->length)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "a text of %zu more bytes", more);
    while (capacity <= self->length + more) capacity *= 2;
    data = realloc(self->data, capacity);
    if (data == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "a text of %zu bytes", capacity);
    data[self->length] = '\0';
    self->data = data;
    self->capacity = capacity;
    return ALLOSTAT_OK;
}

allostat_status allostat_text_append(allostat_text *self, allostat_error *error,
                                     const char *format, ...)
{
    va_list arguments;
    allostat_status status;
    int length;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "a text cannot be formatted");

    status = reserve(self, (size_t)length, error);
    if (status != ALLOSTAT_OK) return status;
    va_start(arguments, format);
    (void)vsnprintf(self->data + self->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    self->length += (size_t)length;
    return ALLOSTAT_OK;
}

allostat_status allostat_text_append_bytes(allostat_text *self, const char *bytes,
                                           size_t length, allostat_error *error)
{
    const allostat_status status = reserve(self, length, error);

    if (status != ALLOSTAT_OK) return status;
    if (length > 0) memcpy(self->data + self->length, bytes, length);
    self->length += length;
    self->data[self->length] = '\0';
    return ALLOSTAT_OK;
}

char *allostat_text_steal(allostat_text *self)
{
    char *data = self->data;

    *self = (allostat_text){0};
    return data;
}

void allostat_text_free(allostat_text *self)
{
    free(self->data);
    *self = (allostat_text){0};
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* The next row of the table of distances between the first letters of a and of b, from
 * the two rows before: rows[i % 3][j] is the distance between i letters of a and j of
 * b. */
static void next_row(size_t rows[3][ALLOSTAT_TEXT_DISTANCE_LENGTH + 1], const char *a,
                     const char *b, size_t i, size_t b_length)
{
    size_t *row = rows[i % 3];
    const size_t *before = rows[(i + 2) % 3];
    const size_t *two_before = rows[(i + 1) % 3];

    row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
        const size_t replaced = before[j - 1] + (a[i - 1] != b[j - 1]);

        row[j] = least(replaced, least(before[j], row[j - 1]) + 1);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            row[j] = least(row[j], two_before[j - 2] + 1);
    }
}

size_t allostat_text_distance(const char *a, const char *b)
{
    size_t rows[3][ALLOSTAT_TEXT_DISTANCE_LENGTH + 1];
    const size_t a_length = strlen(a);
    const size_t b_length = strlen(b);
    const size_t longer = a_length > b_length ? a_length : b_length;

    if (longer > ALLOSTAT_TEXT_DISTANCE_LENGTH) return longer;
    for (size_t j = 0; j <= b_length; j++) rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) next_row(rows, a, b, i, b_length);
    return rows[a_length % 3][b_length];
}

void allostat_double_format(double value, char text[ALLOSTAT_DOUBLE_TEXT_SIZE])
{
    for (int digits = 15; digits <= 17; digits++) {
        double back;

        (void)snprintf(text, ALLOSTAT_DOUBLE_TEXT_SIZE, "%.*g", digits, value);
        back = strtod(text, NULL);
        if (memcmp(&back, &value, sizeof value) == 0) return;
    }
}
