/* Contended things: who among those who ask gets one of the places there are. */
#ifndef ALLOSTAT_CARE_REQUESTS_H
#define ALLOSTAT_CARE_REQUESTS_H

#include "base/draws.h"
#include "base/error.h"
#include "params/params.h"
#include "people/users.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t order; /* the smallest is served first */
    uint32_t row;
    bool granted;
} allostat_request;

/* Requests collected in row order; kept from month to month so that nothing is
 * allocated anew. */
typedef struct {
    size_t count, capacity;
    uint64_t any_bits;         /* of all orders */
    allostat_request *request; /* [2 x capacity]: the second half is scratch */
} allostat_requests;

ALLOSTAT_MUST_CHECK allostat_status allostat_requests_reserve(allostat_requests *self,
                                                              size_t capacity,
                                                              allostat_error *error);
void allostat_requests_free(allostat_requests *self);

/* Waiting time first, then a keyed draw: earlier since-days come first. `since` >= 0.
 */
static inline uint64_t allostat_request_order(int32_t since, uint32_t rank_bits)
{
    return ((uint64_t)(uint32_t)since << 32) | rank_bits;
}

/* Room must have been reserved. */
void allostat_requests_add(allostat_requests *self, uint64_t order, uint32_t row);

/* Adds what the users of rows first .. first + count - 1 ask for, in row order; returns
 * a number of which the sum is wanted. It writes those rows only. */
typedef int32_t (*allostat_requests_ask)(void *context, allostat_requests *list,
                                         size_t first, size_t count);

/* All users are asked, by whoever shares out work on them; the requests stand in row
 * order. Room for all users must have been reserved. Returns the sum. */
int32_t allostat_requests_collect(allostat_requests *self, const allostat_users *users,
                                  allostat_requests_ask ask, void *context);

/* Grant the `places` requests of smallest order; equal orders are served as they were
 * added. Linear in the number of requests: no sort. Returns the number granted. */
size_t allostat_requests_grant(allostat_requests *self, size_t places);

/* Do `work` for the row of each request that was granted; those of `users` share it
 * out. It writes this row only. */
typedef void (*allostat_requests_work)(const void *context, size_t row);
void allostat_requests_serve(const allostat_requests *self, const allostat_users *users,
                             allostat_requests_work work, const void *context);

/* Put the requests in order, the smallest first; equal orders as they were added.
 * Linear. */
void allostat_requests_sort(allostat_requests *self);

/* Columns that only a programme fills, so that they need no look while it is closed. */
typedef enum {
    ALLOSTAT_RESTS_housing_first,
    ALLOSTAT_RESTS_spotted,
    ALLOSTAT_RESTS_strength_known,
    ALLOSTAT_RESTS_safer_supply,
    ALLOSTAT_RESTS_safer_waiting,
    ALLOSTAT_RESTS_ioat_waiting,
    ALLOSTAT_RESTS_COUNT
} allostat_rests;

/* Which of them are known to be 0 for everybody; zeroed, nothing is known. */
typedef struct {
    bool known[ALLOSTAT_RESTS_COUNT];
} allostat_care_rest;

/* What a programme works with on the first day of a month. */
typedef struct {
    allostat_users *users;
    const allostat_params *params;
    allostat_draw_key key;
    allostat_month month;
    allostat_requests *requests; /* scratch */
    allostat_care_rest *rest;    /* kept from month to month for the same users;
                                    NULL: nothing is known */
} allostat_care_month;

static inline bool allostat_care_rests(const allostat_care_month *care,
                                       allostat_rests column)
{
    return care->rest != NULL && care->rest->known[column];
}

static inline void allostat_care_note_rest(const allostat_care_month *care,
                                           allostat_rests column, bool rests)
{
    if (care->rest != NULL) care->rest->known[column] = rests;
}

#endif
