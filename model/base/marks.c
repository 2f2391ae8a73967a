#include "base/marks.h"

#include "base/columns.h"

#include <string.h>

allostat_status allostat_marks_clear(allostat_marks *self, size_t rows,
                                     allostat_error *error)
{
    const size_t words = (rows + ALLOSTAT_MARKS_WORD - 1) / ALLOSTAT_MARKS_WORD;
    allostat_status status = ALLOSTAT_OK;

    if (words > self->capacity) {
        const size_t wanted = words + words / 2; /* rows come month by month */

        allostat_marks_free(self);
        ALLOSTAT_TRY(allostat_column_allocate((void **)&self->word, wanted,
                                              sizeof *self->word, error));
        self->capacity = wanted;
    }
    if (words > 0) memset(self->word, 0, words * sizeof *self->word);
cleanup:
    return status;
}

void allostat_marks_free(allostat_marks *self)
{
    allostat_column_free((void **)&self->word);
    self->capacity = 0;
}
