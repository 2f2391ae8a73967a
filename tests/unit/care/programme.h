/* Tests of programmes: active users in one area, and a month of care for them. */
#ifndef ALLOSTAT_TESTS_CARE_PROGRAMME_H
#define ALLOSTAT_TESTS_CARE_PROGRAMME_H

#include "defaults.h"

#include "care/requests.h"

static const allostat_month PROGRAMME_MONTH = 12 * 2016;

typedef struct {
    allostat_params params;
    allostat_residents residents;
    allostat_users users;
    allostat_requests requests;
    allostat_care_rest rest;
} programme;

static inline void programme_init(programme *self, void **state, size_t people)
{
    self->params = defaults_copy(state);
    self->params.population_scale = 1.0;
    self->requests = (allostat_requests){0};
    self->rest = (allostat_care_rest){0};
    tables_of_users(&self->residents, &self->users, people);
    for (size_t i = 0; i < people; i++) self->users.active[i] = 1;
}

static inline void programme_free(programme *self)
{
    allostat_requests_free(&self->requests);
    tables_free(&self->residents, &self->users);
}

static inline allostat_care_month programme_care(programme *self, allostat_month month)
{
    return (allostat_care_month){
        &self->users, &self->params,   allostat_draw_key_make(6, 0),
        month,        &self->requests, &self->rest};
}

/* Rows in which a column is not zero. */
static inline size_t programme_count(const programme *self, const int32_t *column)
{
    size_t found = 0;

    for (size_t i = 0; i < self->users.row_count; i++) found += column[i] != 0;
    return found;
}

#endif
