/* A town for tests of ties: people who want so many of each kind, some of whom use. */
#ifndef ALLOSTAT_TESTS_TOWN_H
#define ALLOSTAT_TESTS_TOWN_H

#include "check.h"

#include "people/residents.h"
#include "people/users.h"

#include <stdbool.h>
#include <string.h>

typedef struct {
    allostat_residents residents;
    allostat_users users;
} town;

static inline void town_found(town *self, uint32_t people, uint8_t wanted,
                              bool (*uses)(uint32_t person))
{
    allostat_error error = {0};
    size_t row;

    memset(self, 0, sizeof *self);
    assert_int_equal(allostat_residents_init(&self->residents, people, &error),
                     ALLOSTAT_OK);
    assert_int_equal(allostat_users_init(&self->users, people, &error), ALLOSTAT_OK);
    self->residents.row_count = people;
    for (uint32_t person = 0; person < people; person++) {
        self->residents.status[person] = ALLOSTAT_RESIDENT_present;
        self->residents.support_wanted[person] = wanted;
        self->residents.user_row[person] = -1;
        if (!uses(person)) continue;
        assert_int_equal(
            allostat_users_append(&self->users, &self->residents, person, &row, &error),
            ALLOSTAT_OK);
        self->users.active[row] = 1;
        self->users.using_wanted[row] = wanted;
    }
}

static inline void town_leave(town *self)
{
    allostat_residents_free(&self->residents);
    allostat_users_free(&self->users);
}

#endif
