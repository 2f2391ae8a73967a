#include "params/pool.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 1 << 15 };

/* A block: this header, then `size` bytes of which `used` are given out. */
typedef struct allostat_pool_block {
    struct allostat_pool_block *before;
    size_t used, size;
} block;

static size_t rounded(size_t size)
{
    const size_t step = alignof(max_align_t);
    return (size + step - 1) / step * step;
}

static block *block_add(allostat_pool *pool, size_t size)
{
    const size_t body = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    block *added = calloc(1, rounded(sizeof *added) + body);

    if (added == NULL) return NULL;
    *added = (block){.before = pool->last, .size = body};
    pool->last = added;
    return added;
}

void *allostat_pool_alloc(allostat_pool *pool, size_t count, size_t size)
{
    const bool fits = size == 0 || count <= (SIZE_MAX / 2) / size;
    const size_t wanted = fits ? rounded(count * size + (count * size == 0)) : 0;
    block *from = pool->last;

    if (fits && (from == NULL || from->size - from->used < wanted)) {
        from = block_add(pool, wanted);
    }
    if (!fits || from == NULL) {
        pool->failed = true;
        return NULL;
    }
    char *piece = (char *)from + rounded(sizeof *from) + from->used;
    from->used += wanted;
    return piece;
}

char *allostat_pool_text(allostat_pool *pool, const char *text, size_t length)
{
    char *copy = allostat_pool_alloc(pool, length + 1, 1);

    if (copy != NULL) memcpy(copy, text, length);
    return copy;
}

char *allostat_pool_format(allostat_pool *pool, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    char *text = length < 0 ? NULL : allostat_pool_alloc(pool, (size_t)length + 1, 1);

    if (text != NULL) vsnprintf(text, (size_t)length + 1, format, again);
    if (length < 0) pool->failed = true;
    va_end(again);
    va_end(arguments);
    return text;
}

void allostat_pool_free(allostat_pool *pool)
{
    block *last = pool->last;

    while (last != NULL) {
        block *before = last->before;
        free(last);
        last = before;
    }
    *pool = (allostat_pool){0};
}
