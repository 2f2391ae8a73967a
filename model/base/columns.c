#include "base/columns.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The pointers behind `column` have other types than void *: only their bytes may be
 * touched. */
static void *read_pointer(void **column)
{
    void *memory;

    memcpy(&memory, (const void *)column, sizeof memory);
    return memory;
}

static void write_pointer(void **column, void *memory)
{
    memcpy((void *)column, &memory, sizeof memory);
}

/* Zeroed memory for the rows, or NULL; whole blocks, and at least one. */
static void *allocate_rows(size_t rows, size_t row_size)
{
    const size_t block = ALLOSTAT_COLUMN_ALIGNMENT;
    size_t bytes;
    void *memory;

    if (row_size != 0 && rows > (SIZE_MAX - block) / row_size) return NULL;
    bytes = (rows * row_size + block - 1) / block * block;
    if (bytes == 0) bytes = block;
    memory = aligned_alloc(block, bytes);
    if (memory != NULL) memset(memory, 0, bytes);
    return memory;
}

allostat_status allostat_column_allocate(void **column, size_t rows, size_t row_size,
                                         allostat_error *error)
{
    void *memory = allocate_rows(rows, row_size);

    write_pointer(column, memory);
    if (memory == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "a column of %zu rows of %zu bytes",
                             rows, row_size);
    return ALLOSTAT_OK;
}

allostat_status allostat_column_grow(void **column, size_t old_rows, size_t new_rows,
                                     size_t row_size, allostat_error *error)
{
    const size_t kept = old_rows < new_rows ? old_rows : new_rows;
    void *old = read_pointer(column);
    void *memory = allocate_rows(new_rows, row_size);

    if (memory == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "a column of %zu rows of %zu bytes",
                             new_rows, row_size);
    if (old != NULL) memcpy(memory, old, kept * row_size);
    free(old);
    write_pointer(column, memory);
    return ALLOSTAT_OK;
}

void allostat_column_free(void **column)
{
    free(read_pointer(column));
    write_pointer(column, NULL);
}
