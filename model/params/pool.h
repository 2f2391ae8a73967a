/* Memory that is given out piece by piece and given back all at once. */
#ifndef ALLOSTAT_PARAMS_POOL_H
#define ALLOSTAT_PARAMS_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct allostat_pool_block;

typedef struct {
    struct allostat_pool_block *last;
    bool failed; /* an allocation failed: what was made from this pool is not to be used
                  */
} allostat_pool;

/* `count` zeroed objects of `size` bytes, aligned for any type; NULL, and `failed` set,
 * when there is no memory. */
void *allostat_pool_alloc(allostat_pool *pool, size_t count, size_t size);

/* A copy of `length` bytes with a NUL after them; NULL as above. */
char *allostat_pool_text(allostat_pool *pool, const char *text, size_t length);

/* A text made as by printf; NULL as above. */
char *allostat_pool_format(allostat_pool *pool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Safe on a zeroed or a freed pool. */
void allostat_pool_free(allostat_pool *pool);

#endif
