/* For madvise, of which POSIX has no version that knows of huge pages. */
#define _DEFAULT_SOURCE

#include "base/columns.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Columns from this size on start on a huge page and ask for such pages. */
static const size_t huge_page = (size_t)1 << 21;

/* Ties lead to rows anywhere: with pages of 4 KiB half of the time of such a look goes
 * into the search for the page. Only advice: where it is not taken nothing changes. */
static void ask_for_huge_pages(void *memory, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    if (bytes >= huge_page) (void)madvise(memory, bytes, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)bytes;
#endif
}

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
    void *memory = NULL;

    if (row_size != 0 && rows > (SIZE_MAX - block) / row_size) return NULL;
    bytes = (rows * row_size + block - 1) / block * block;
    if (bytes == 0) bytes = block;
    if (posix_memalign(&memory, bytes >= huge_page ? huge_page : block, bytes) != 0)
        return NULL;
    ask_for_huge_pages(memory, bytes);
    memset(memory, 0, bytes);
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
