#include "people/users.h"

#include "base/columns.h"
#include "base/hot.h"
#include "base/marks.h"

#include <string.h>

enum { LEAST_CAPACITY = 1024 };

enum {
    ALL_COLUMNS = 0
#define COLUMN(name, type, unit, about) +1
#include "tables/users.def"
#undef COLUMN
};

/* What they hold is noted again before it is read. */
static allostat_status grow_bits(allostat_users *self, size_t rows,
                                 allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const size_t words = rows / ALLOSTAT_MARKS_WORD + 1;
    uint64_t **bits[] = {&self->present_bits, &self->behind_bits, &self->patient_bits};

    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
        ALLOSTAT_TRY(
            allostat_column_grow((void **)bits[i], 0, words, sizeof(uint64_t), error));
cleanup:
    return status;
}

/* A column that has grown before another failed is longer than the capacity says:
 * harmless. */
static allostat_status grow(allostat_users *self, size_t more, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    allostat_column_room *room = allostat_column_room_make(
        more, ALLOSTAT_USERS_ROW_BYTES, ALL_COLUMNS, self->share);

#define COLUMN(name, type, unit, about)   \
    ALLOSTAT_TRY(allostat_column_grow_in( \
        room, (void **)&self->name, self->row_capacity, more, sizeof(type), error));
#include "tables/users.def"
#undef COLUMN
    ALLOSTAT_TRY(grow_bits(self, more, error));
    self->row_capacity = more;
cleanup:
    allostat_column_room_close(room);
    return status;
}

allostat_status allostat_users_init_shared(allostat_users *self, size_t row_capacity,
                                           allostat_share share, allostat_error *error)
{
    const size_t least = LEAST_CAPACITY;

    memset(self, 0, sizeof *self);
    self->share = share;
    return grow(self, row_capacity > least ? row_capacity : least, error);
}

allostat_status allostat_users_init(allostat_users *self, size_t row_capacity,
                                    allostat_error *error)
{
    return allostat_users_init_shared(self, row_capacity, (allostat_share){0}, error);
}

void allostat_users_free(allostat_users *self)
{
#define COLUMN(name, type, unit, about) allostat_column_free((void **)&self->name);
#include "tables/users.def"
#undef COLUMN
    allostat_column_free((void **)&self->present_bits);
    allostat_column_free((void **)&self->behind_bits);
    allostat_column_free((void **)&self->patient_bits);
    memset(self, 0, sizeof *self);
}

allostat_status allostat_users_reserve(allostat_users *self, size_t rows,
                                       allostat_error *error)
{
    const size_t half_more = self->row_capacity + self->row_capacity / 2;

    if (rows <= self->row_capacity) return ALLOSTAT_OK;
    return grow(self, rows > half_more ? rows : half_more, error);
}

void allostat_users_seat(allostat_users *self, allostat_residents *residents,
                         uint32_t person, size_t i)
{
    self->person[i] = person;
    self->number[i] = residents->number[person];
    self->who[i] = allostat_who_of(residents, person);
    self->present[i] = 1;
    self->avoidance[i] = residents->attachment_avoidance[person];
    self->stress[i] = residents->stress[person];
    self->allostatic_load[i] = residents->allostatic_load[person];
    self->oxytocin[i] = residents->oxytocin[person];
    self->connection[i] = residents->connection[person];
    self->pain[i] = residents->pain[person];
    self->assistance[i] = residents->assistance[person];
    residents->user_row[person] = (int32_t)i;
}

allostat_status allostat_users_append(allostat_users *self,
                                      allostat_residents *residents, uint32_t person,
                                      size_t *row, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(allostat_users_reserve(self, self->row_count + 1, error));
    *row = self->row_count++;
    allostat_users_seat(self, residents, person, *row);
cleanup:
    return status;
}

size_t allostat_users_row_bytes(void) { return ALLOSTAT_USERS_ROW_BYTES; }

void allostat_users_keep_rows(const allostat_users *self, size_t first, size_t count,
                              allostat_kept_users *kept)
{
    unsigned char *at = kept->bytes;

    kept->first = first;
    kept->count = count;
#define COLUMN(name, type, unit, about)                   \
    memcpy(at, self->name + first, count * sizeof(type)); \
    at += count * sizeof(type);
#include "tables/users.def"
#undef COLUMN
}

void allostat_users_put_back(allostat_users *self, const allostat_kept_users *kept)
{
    const unsigned char *at = kept->bytes;

#define COLUMN(name, type, unit, about)                               \
    memcpy(self->name + kept->first, at, kept->count * sizeof(type)); \
    at += kept->count * sizeof(type);
#include "tables/users.def"
#undef COLUMN
}

enum { LIST_ROWS = 256 }; /* at a time */

ALLOSTAT_HOT
static void flag_rows(const int32_t *restrict one, const int32_t *restrict other,
                      size_t count, uint8_t *restrict flag)
{
#pragma omp simd
    for (size_t i = 0; i < count; i++) flag[i] = (uint8_t)((one[i] | other[i]) != 0);
}

size_t allostat_rows_with(const int32_t *one, const int32_t *other, size_t first,
                          size_t count, uint32_t *row)
{
    uint8_t flag[LIST_ROWS];
    size_t found = 0;

    for (size_t begin = first, rows; begin < first + count; begin += rows) {
        rows = first + count - begin;
        if (rows > LIST_ROWS) rows = LIST_ROWS;
        flag_rows(one + begin, other + begin, rows, flag);
        for (size_t i = allostat_next_flag(flag, 0, rows); i < rows;
             i = allostat_next_flag(flag, i + 1, rows))
            row[found++] = (uint32_t)(begin + i);
    }
    return found;
}
