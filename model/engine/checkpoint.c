#include "engine/checkpoint.h"

#include <stdlib.h>
#include <string.h>

void allostat_bytes_free(allostat_bytes *self)
{
    free(self->data);
    *self = (allostat_bytes){0};
}

allostat_status allostat_bytes_append(allostat_bytes *self, const void *data,
                                      size_t size, allostat_error *error)
{
    if (self->size + size > self->capacity) {
        const size_t wanted = self->size + size,
                     half_more = self->capacity + self->capacity / 2,
                     capacity = wanted > half_more ? wanted : half_more;
        unsigned char *grown = realloc(self->data, capacity);

        if (grown == NULL)
            return ALLOSTAT_FAIL(error, NO_MEMORY, "%zu bytes to save a city",
                                 capacity);
        self->data = grown;
        self->capacity = capacity;
    }
    if (size > 0) memcpy(self->data + self->size, data, size);
    self->size += size;
    return ALLOSTAT_OK;
}

/* One list of what is state serves both ways: every piece passes through here, out of
 * the city into the bytes or back. */
typedef struct {
    allostat_bytes *into;      /* while writing; NULL while reading */
    const unsigned char *from; /* while reading: what is left */
    size_t left;
} passage;

static allostat_status pass(passage *self, void *data, size_t size,
                            allostat_error *error)
{
    if (self->into != NULL) return allostat_bytes_append(self->into, data, size, error);
    if (size > self->left)
        return ALLOSTAT_FAIL(error, DATA, "the saved city is too short");
    if (size > 0) memcpy(data, self->from, size);
    self->from += size;
    self->left -= size;
    return ALLOSTAT_OK;
}

#define PASS(object) ALLOSTAT_TRY(pass(self, &(object), sizeof(object), error))
#define PASS_ROWS(pointer, rows) \
    ALLOSTAT_TRY(pass(self, (pointer), (rows) * sizeof *(pointer), error))

/* ---- the tables
 * ---------------------------------------------------------------------- */

static uint64_t hash_text(uint64_t hash, const char *text)
{
    const uint64_t prime = 1099511628211U; /* FNV-1a */

    for (; *text != '\0'; text++) hash = (hash ^ (unsigned char)*text) * prime;
    return (hash ^ 0xffU) * prime;
}

uint64_t allostat_checkpoint_layout(void)
{
    uint64_t hash = 14695981039346656037U; /* FNV-1a */

#define COLUMN(name, type, unit, about) hash = hash_text(hash, #name " " #type);
#include "tables/residents.def"
#include "tables/users.def"
#undef COLUMN
    for (int32_t i = 0; i < ALLOSTAT_OUTPUT_SERIES_COUNT; i++)
        hash = hash_text(hash, allostat_series_table[i].name);
#define DEATH(name, type, unit, about) hash = hash_text(hash, #name " " #type);
#include "tables/deaths.def"
#undef DEATH
    return hash;
}

static allostat_status pass_residents(passage *self, allostat_residents *residents,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    PASS(residents->forgotten);
    PASS(residents->row_count);
    PASS(residents->near_count);
    if (residents->row_count > residents->row_capacity) {
        if (self->left / allostat_residents_row_bytes() < residents->row_count)
            return ALLOSTAT_FAIL(error, DATA, "the saved city is too short");
        ALLOSTAT_TRY(
            allostat_residents_reserve(residents, residents->row_count, error));
    }
    if (residents->near_count > residents->row_count)
        return ALLOSTAT_FAIL(error, DATA, "the saved city has residents without rows");
#define COLUMN(name, type, unit, about) \
    PASS_ROWS(residents->name, residents->row_count);
#include "tables/residents.def"
#undef COLUMN
    if (self->into == NULL) allostat_residents_number(residents, residents->row_count);
cleanup:
    return status;
}

static allostat_status pass_users(passage *self, allostat_users *users,
                                  allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    PASS(users->row_count);
    if (users->row_count > users->row_capacity) {
        const size_t rows = users->row_count;
        const allostat_share share = users->share;
        if (self->left / allostat_users_row_bytes() < rows)
            return ALLOSTAT_FAIL(error, DATA, "the saved city is too short");
        allostat_users_free(users);
        ALLOSTAT_TRY(allostat_users_init(users, rows, error));
        users->row_count = rows;
        users->share = share;
    }
    PASS(users->street_count);
    if (users->street_count > users->row_count)
        return ALLOSTAT_FAIL(error, DATA, "the saved city has users without rows");
#define COLUMN(name, type, unit, about) PASS_ROWS(users->name, users->row_count);
#include "tables/users.def"
#undef COLUMN
cleanup:
    return status;
}

/* ---- the rest of the state
 * ------------------------------------------------------------ */

static allostat_status pass_ties(passage *self, allostat_ties *ties,
                                 allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    PASS(ties->among_area);
    PASS(ties->among_age);
    for (int kind = 0; kind < ALLOSTAT_TIE_KIND_COUNT; kind++) {
        PASS(ties->meeting[kind].place_bits);
        PASS(ties->meeting[kind].first_place);
        PASS(ties->meeting[kind].places_chosen);
    }
cleanup:
    return status;
}

/* Between months the cells of the running month are empty. */
static allostat_status pass_tally(passage *self, allostat_tally *tally,
                                  allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    PASS(tally->month);
    PASS(tally->yearly);
    PASS(tally->entered);
    PASS(tally->dead_overdose);
    PASS(tally->dead_other);
    PASS(tally->moved_out);
    PASS(tally->kits_handed);
    PASS(tally->kits_lost);
    PASS(tally->kits_used);
    PASS(tally->kits_gone);
    PASS_ROWS(tally->census.people, allostat_census_cells(&tally->census));
    PASS(tally->census.adversity);
cleanup:
    return status;
}

static allostat_status pass_city(passage *self, allostat_city *city,
                                 allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(pass_residents(self, &city->residents, error));
    ALLOSTAT_TRY(pass_users(self, &city->users, error));
    ALLOSTAT_TRY(pass_ties(self, &city->ties, error));
    ALLOSTAT_TRY(pass_tally(self, &city->tally, error));
    PASS(city->becoming.month);
    PASS(city->becoming.chance);
    PASS(city->homes);
    PASS(city->sites);
    PASS(city->kit_stock);
    PASS(city->rx_mean_ratio);
cleanup:
    return status;
}

/* ---- what the city has left so far
 * ----------------------------------------------------- */

/* Rows of one series, month by month or year by year, of which the first `kept` are
 * in the bytes. Those before the window that is wanted now are passed over. */
typedef struct {
    int32_t kept, skipped, row_values;
} kept_rows;

static allostat_status pass_series(passage *self, void *values, size_t value_size,
                                   kept_rows rows, allostat_error *error)
{
    const size_t row_size = (size_t)rows.row_values * value_size,
                 skipped = (size_t)rows.skipped * row_size;

    if (self->into == NULL) {
        if (skipped > self->left)
            return ALLOSTAT_FAIL(error, DATA, "the saved city is too short");
        self->from += skipped;
        self->left -= skipped;
    }
    return pass(self, values, (size_t)(rows.kept - rows.skipped) * row_size, error);
}

#define PASS_SERIES(arrays, count, rows)   \
    for (int s = 0; s < (int)(count); s++) \
    ALLOSTAT_TRY(pass_series(self, (arrays)[s], sizeof *(arrays)[s], (rows), error))

static allostat_status pass_all_series(passage *self, allostat_records *records,
                                       kept_rows months, kept_rows years,
                                       allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    kept_rows cells = months, places = months, levels = months, groups = months;

    cells.row_values = allostat_records_cells(records);
    places.row_values = ALLOSTAT_PLACE_COUNT;
    levels.row_values = ALLOSTAT_QUANTILE_COUNT;
    PASS_SERIES(records->counted, ALLOSTAT_COUNTED_COUNT, cells);
    PASS_SERIES(records->placed, ALLOSTAT_PLACED_COUNT, places);
    PASS_SERIES(records->city, ALLOSTAT_CITY_COUNT, months);
    PASS_SERIES(records->mean, ALLOSTAT_AVERAGED_COUNT, months);
    PASS_SERIES(records->quantile, ALLOSTAT_AVERAGED_COUNT, levels);
    PASS_SERIES(records->yearly, ALLOSTAT_YEARLY_COUNT, years);
    groups.row_values = ALLOSTAT_GROUP_COUNT;
    PASS_SERIES(records->grouped, ALLOSTAT_GROUPED_COUNT, groups);
cleanup:
    return status;
}

/* The deaths of the whole run so far, whatever the window: fact by fact, for a record
 * of them has bytes that mean nothing. */
static allostat_status pass_deaths(passage *self, allostat_records *records,
                                   allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    int64_t count = records->death_count;

    PASS(count);
    if (self->into == NULL) {
        if (count < 0 || (size_t)count > self->left)
            return ALLOSTAT_FAIL(error, DATA, "the saved city is too short");
        ALLOSTAT_TRY(allostat_records_reserve_deaths(records, count, error));
        records->death_count = count;
    }
    for (int64_t i = 0; i < count; i++) {
        allostat_death *death = &records->death[i];
#define DEATH(name, type, unit, about) PASS(death->name);
#include "tables/deaths.def"
#undef DEATH
    }
cleanup:
    return status;
}

/* Of the rows from `first` on, up to `end`, those that a window from `wanted` on does
 * not have are passed over. */
static kept_rows rows_between(int32_t first, int32_t end, int32_t wanted)
{
    kept_rows rows = {.row_values = 1};

    if (end > first) rows.kept = end - first;
    if (wanted > first) rows.skipped = wanted - first;
    if (rows.skipped > rows.kept) rows.skipped = rows.kept;
    return rows;
}

static allostat_status pass_records(passage *self, allostat_records *records,
                                    allostat_month month, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t year = allostat_date_from_day(allostat_month_first_day(month)).year;
    allostat_month first_month = records->first_month;
    int32_t first_year = records->first_year;

    PASS(first_month);
    PASS(first_year);
    if (records->first_month < first_month && records->first_month < month) {
        return ALLOSTAT_FAIL(error, DATA,
                             "the saved city has no series from before its own "
                             "run.output_start; set run.output_start to that day or "
                             "a later one");
    }
    const kept_rows months = rows_between(first_month, month, records->first_month);
    const kept_rows years = rows_between(first_year, year, records->first_year);
    ALLOSTAT_TRY(pass_all_series(self, records, months, years, error));
    ALLOSTAT_TRY(pass_deaths(self, records, error));
cleanup:
    return status;
}

/* ---- both ways
 * -------------------------------------------------------------------------- */

/* Writing changes nothing: the pointers are not const because reading goes the same
 * way. */
allostat_status allostat_checkpoint_write(const allostat_city *city,
                                          const allostat_records *records,
                                          allostat_month month, allostat_bytes *bytes,
                                          allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    passage out = {.into = bytes};
    allostat_city city_view = *city;
    allostat_records records_view = *records;

    ALLOSTAT_TRY(pass_city(&out, &city_view, error));
    ALLOSTAT_TRY(pass_records(&out, &records_view, month, error));
cleanup:
    return status;
}

allostat_status allostat_checkpoint_read(allostat_city *city, allostat_records *records,
                                         allostat_month month, const void *data,
                                         size_t size, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    passage in = {.from = data, .left = size};

    ALLOSTAT_TRY(pass_city(&in, city, error));
    ALLOSTAT_TRY(pass_records(&in, records, month, error));
    if (in.left > 0)
        return ALLOSTAT_FAIL(error, DATA, "the saved city is longer than it should be");
    city->becoming.params = city->entry.params;
    city->becoming.key = city->key;
cleanup:
    return status;
}
