#include "base/marks.h"

#include "base/columns.h"

#include <string.h>

static size_t words_of(size_t rows)
{
    return (rows + ALLOSTAT_MARKS_WORD - 1) / ALLOSTAT_MARKS_WORD;
}

allostat_status allostat_marks_reserve(allostat_marks *self, size_t rows,
                                       allostat_error *error)
{
    const size_t words = words_of(rows);
    const size_t wanted = words + words / 2; /* rows come month by month */
    allostat_status status = ALLOSTAT_OK;

    if (words <= self->capacity) return ALLOSTAT_OK;
    allostat_marks_free(self);
    ALLOSTAT_TRY(allostat_column_allocate((void **)&self->word, wanted,
                                          sizeof *self->word, error));
    self->capacity = wanted;
cleanup:
    return status;
}

allostat_status allostat_marks_clear(allostat_marks *self, size_t rows,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_marks_reserve(self, rows, error));
    if (rows > 0) memset(self->word, 0, words_of(rows) * sizeof *self->word);
cleanup:
    return status;
}

void allostat_marks_free(allostat_marks *self)
{
    allostat_column_free((void **)&self->word);
    self->capacity = 0;
}
