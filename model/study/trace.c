#include "study/trace.h"

#include "base/columns.h"
#include "care/institutions.h"
#include "opioid/prescribing.h"

#include <math.h> /* NAN */

#include <string.h>

const char *const allostat_life_event_names[ALLOSTAT_LIFE_EVENT_COUNT] = {
    [ALLOSTAT_LIFE_EVENT_first_use] = "first use",
    [ALLOSTAT_LIFE_EVENT_lapse] = "lapse",
    [ALLOSTAT_LIFE_EVENT_stop] = "stop",
    [ALLOSTAT_LIFE_EVENT_overdose] = "overdose",
    [ALLOSTAT_LIFE_EVENT_reversed] = "overdose reversed",
    [ALLOSTAT_LIFE_EVENT_bereaved] = "bereaved",
    [ALLOSTAT_LIFE_EVENT_detox] = "detox",
    [ALLOSTAT_LIFE_EVENT_custody] = "custody",
    [ALLOSTAT_LIFE_EVENT_release] = "release",
    [ALLOSTAT_LIFE_EVENT_treatment] = "treatment starts",
    [ALLOSTAT_LIFE_EVENT_treatment_end] = "treatment ends",
    [ALLOSTAT_LIFE_EVENT_prescription_end] = "prescription ends",
    [ALLOSTAT_LIFE_EVENT_death_overdose] = "death by overdose",
    [ALLOSTAT_LIFE_EVENT_death_other] = "death from another cause",
    [ALLOSTAT_LIFE_EVENT_moved_out] = "moved out",
};

allostat_trace_column_info allostat_trace_column_describe(allostat_trace_column column)
{
    static const char *const names[ALLOSTAT_TRACE_COUNT] = {
#define BOTH(name) [ALLOSTAT_TRACE_##name] = #name,
#define USER BOTH
#define RESIDENT BOTH
#include "tables/trace.def"
#undef BOTH
#undef USER
#undef RESIDENT
    };
    static const allostat_trace_column_info known[] = {
#define COLUMN(name, type, unit, about) {#name, unit, about},
#include "tables/users.def"
#include "tables/residents.def"
#undef COLUMN
    };
    size_t i = 0;

    while (strcmp(known[i].name, names[column]) != 0) i++;
    return known[i];
}

/* ---- one day -------------------------------------------------------------------- */

static void read_values(const allostat_city *city, size_t person,
                        float value[ALLOSTAT_TRACE_COUNT])
{
    const allostat_residents *residents = &city->residents;
    const allostat_users *users = &city->users;
    const int32_t row = residents->user_row[person];

#define USER(name) \
    value[ALLOSTAT_TRACE_##name] = row >= 0 ? (float)users->name[row] : (float)NAN;
#define RESIDENT(name) value[ALLOSTAT_TRACE_##name] = (float)residents->name[person];
#define BOTH(name)                 \
    value[ALLOSTAT_TRACE_##name] = \
        row >= 0 ? (float)users->name[row] : (float)residents->name[person];
#include "tables/trace.def"
#undef BOTH
#undef USER
#undef RESIDENT
}

static void meet(const allostat_city *city, allostat_biography *self)
{
    const allostat_residents *residents = &city->residents;
    const size_t person = self->row;

    self->met = true;
    self->sex = residents->sex[person];
    self->birth_month = residents->birth_month[person];
    self->area = residents->area[person];
    self->ace_score = residents->ace_score[person];
    self->anxiety = (double)residents->attachment_anxiety[person];
    self->avoidance = (double)residents->attachment_avoidance[person];
    self->style = allostat_style(residents->attachment_anxiety[person],
                                 residents->attachment_avoidance[person]);
}

static allostat_status note(allostat_biography *self, allostat_day day,
                            allostat_life_event_kind kind, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    enum { FIRST = 64 };

    if (self->happening_count == self->happening_capacity) {
        const int32_t more = 2 * self->happening_capacity + FIRST;
        ALLOSTAT_TRY(allostat_column_grow(
            (void **)&self->happening, (size_t)self->happening_capacity, (size_t)more,
            sizeof *self->happening, error));
        self->happening_capacity = more;
    }
    self->happening[self->happening_count++] = (allostat_happening){day, kind};
cleanup:
    return status;
}

static allostat_status append_day(allostat_biography *self, allostat_day day,
                                  const float value[ALLOSTAT_TRACE_COUNT],
                                  allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    enum { FIRST = 366 };

    if (self->day_count == self->day_capacity) {
        const int32_t more = 2 * self->day_capacity + FIRST;
        ALLOSTAT_TRY(allostat_column_grow((void **)&self->day,
                                          (size_t)self->day_capacity, (size_t)more,
                                          sizeof *self->day, error));
        self->day_capacity = more;
    }
    allostat_trace_day *today = &self->day[self->day_count++];
    today->day = day;
    memcpy(today->value, value, sizeof today->value);
cleanup:
    return status;
}

/* ---- what has changed since the day before -------------------------------------- */

/* `slot` holds a partner's number plus 1, `row_slot` yesterday's row plus 1. */
static bool lost_by_death(const allostat_residents *residents, uint32_t slot,
                          uint32_t row_slot)
{
    if (slot == 0) return false;
    const size_t row = allostat_residents_find(residents, slot - 1, row_slot - 1);
    const uint8_t status = row < residents->row_count ? residents->status[row] : 0;
    return status == ALLOSTAT_RESIDENT_dead_overdose ||
           status == ALLOSTAT_RESIDENT_dead_other;
}

/* Ties of yesterday whose partner is dead today; a support tie may also use. */
static int32_t count_bereavements(const allostat_biography *self,
                                  const allostat_residents *residents)
{
    int32_t dead = 0;

    for (int32_t i = 0; i < ALLOSTAT_SUPPORT_SLOTS; i++) {
        dead +=
            lost_by_death(residents, self->support.slot[i], self->support_rows.slot[i]);
    }
    for (int32_t i = 0; i < ALLOSTAT_USING_SLOTS; i++) {
        const uint32_t slot = self->together.slot[i];
        const bool counted =
            slot != 0 &&
            allostat_slots_hold(self->support.slot, ALLOSTAT_SUPPORT_SLOTS, slot - 1);
        dead += !counted && lost_by_death(residents, slot, self->together_rows.slot[i]);
    }
    return dead;
}

/* Slots that hold rows become slots that hold numbers, which last. */
static void put_numbers(const allostat_residents *residents, uint32_t *slot,
                        int32_t slot_count)
{
    for (int32_t i = 0; i < slot_count; i++) {
        if (slot[i] != 0) slot[i] = residents->number[slot[i] - 1] + 1;
    }
}

static void remember(const allostat_city *city, allostat_biography *self)
{
    const int32_t row = city->residents.user_row[self->row];
    const allostat_using_ties nobody = {{0}};

    self->support_rows = city->residents.support_ties[self->row];
    self->together_rows = row >= 0 ? city->users.using_ties[row] : nobody;
    self->support = self->support_rows;
    self->together = self->together_rows;
    put_numbers(&city->residents, self->support.slot, ALLOSTAT_SUPPORT_SLOTS);
    put_numbers(&city->residents, self->together.slot, ALLOSTAT_USING_SLOTS);
    if (row < 0) return;
    self->overdoses_year = city->users.overdoses_year[row];
    self->precipitated = city->users.precipitated[row];
    self->used |= city->users.active[row] || city->users.use_years[row] > 0.0f;
    self->injects = city->users.injects[row];
    self->stimulants = city->users.uses_stimulants[row];
    self->frailty = (double)city->users.frailty[row];
}

#define NOTE(happened, kind)                                                  \
    do {                                                                      \
        if (happened)                                                         \
            ALLOSTAT_TRY(note(self, day, ALLOSTAT_LIFE_EVENT_##kind, error)); \
    } while (0)

static allostat_status note_overdoses(const allostat_city *city,
                                      allostat_biography *self, allostat_day day,
                                      allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t row = city->residents.user_row[self->row];
    const allostat_date date = allostat_date_from_day(day);

    if (row < 0 || !city->users.present[row]) return ALLOSTAT_OK;
    if (date.month == 1 && date.day == 1) self->overdoses_year = 0;
    if (city->users.overdoses_year[row] > self->overdoses_year) {
        const bool naloxone = city->users.precipitated[row] > self->precipitated;
        NOTE(naloxone, reversed);
        NOTE(!naloxone, overdose);
    }
cleanup:
    return status;
}

/* What is not known, of somebody without a users' row, is not there. */
static bool starts(const float *before, const float *now, allostat_trace_column column)
{
    const bool was = before[column] > 0.0f, is = now[column] > 0.0f;

    return !was && is;
}

static bool ends(const float *before, const float *now, allostat_trace_column column)
{
    return starts(now, before, column);
}

static bool enters(const float *before, const float *now, float institution)
{
    return before[ALLOSTAT_TRACE_institution] != institution &&
           now[ALLOSTAT_TRACE_institution] == institution;
}

/* Death ends use and treatment too, which is no event of its own. */
static allostat_status note_changes(allostat_biography *self, allostat_day day,
                                    bool dead, const float *now, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const float *before = self->day[self->day_count - 1].value;
    const bool begins = starts(before, now, ALLOSTAT_TRACE_active);
    const bool inside = now[ALLOSTAT_TRACE_institution] > 0.0f;

    NOTE(enters(before, now, ALLOSTAT_INSTITUTION_detox), detox);
    NOTE(enters(before, now, ALLOSTAT_INSTITUTION_custody), custody);
    NOTE(!dead && ends(before, now, ALLOSTAT_TRACE_institution), release);
    NOTE(begins && !self->used, first_use);
    NOTE(begins && self->used, lapse);
    NOTE(!dead && !inside && ends(before, now, ALLOSTAT_TRACE_active), stop);
    NOTE(starts(before, now, ALLOSTAT_TRACE_treatment), treatment);
    NOTE(!dead && ends(before, now, ALLOSTAT_TRACE_treatment), treatment_end);
cleanup:
    return status;
}

static allostat_status note_prescription(const allostat_city *city,
                                         allostat_biography *self, allostat_day day,
                                         allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const bool month_begins = allostat_date_from_day(day).day == 1;
    const uint8_t event = city->residents.rx_event[self->row];

    NOTE(month_begins && allostat_turn_is_due(&city->turn, self->row) &&
             allostat_rx_ends(event) > 0,
         prescription_end);
cleanup:
    return status;
}

static allostat_status note_end(allostat_biography *self, allostat_day day, uint8_t how,
                                allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;

    self->gone = true;
    NOTE(how == ALLOSTAT_RESIDENT_dead_overdose, death_overdose);
    NOTE(how == ALLOSTAT_RESIDENT_dead_other, death_other);
    NOTE(how == ALLOSTAT_RESIDENT_moved_out, moved_out);
cleanup:
    return status;
}

static allostat_status live_day(const allostat_city *city, allostat_biography *self,
                                allostat_day day, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    float value[ALLOSTAT_TRACE_COUNT];

    read_values(city, self->row, value);
    ALLOSTAT_TRY(note_overdoses(city, self, day, error));
    ALLOSTAT_TRY(note_prescription(city, self, day, error));
    if (self->day_count > 0) {
        const int32_t lost = count_bereavements(self, &city->residents);
        const bool dead =
            city->residents.status[self->row] != ALLOSTAT_RESIDENT_present;
        for (int32_t i = 0; i < lost; i++) NOTE(true, bereaved);
        ALLOSTAT_TRY(note_changes(self, day, dead, value, error));
    }
    ALLOSTAT_TRY(append_day(self, day, value, error));
    remember(city, self);
cleanup:
    return status;
}

/* ---- watching ------------------------------------------------------------------- */

typedef struct {
    allostat_biography *biography;
    int32_t count;
} watch;

static allostat_status after_day(void *context, const allostat_city *city,
                                 allostat_day day, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const watch *self = context;

    for (int32_t i = 0; i < self->count; i++) {
        allostat_biography *biography = &self->biography[i];

        if (biography->gone) continue;
        biography->row = allostat_residents_find(&city->residents, biography->person,
                                                 biography->row);
        if (biography->row == city->residents.row_count) continue;
        if (!biography->met) meet(city, biography);
        const uint8_t how = city->residents.status[biography->row];
        const bool last_day = how == ALLOSTAT_RESIDENT_dead_overdose;
        if (how == ALLOSTAT_RESIDENT_present || last_day) {
            ALLOSTAT_TRY(live_day(city, biography, day, error));
        }
        if (how != ALLOSTAT_RESIDENT_present) {
            ALLOSTAT_TRY(note_end(biography, day, how, error));
        }
    }
cleanup:
    return status;
}

allostat_status allostat_trace_run(const allostat_replicate *replicate,
                                   allostat_biography *biography, int32_t count,
                                   allostat_records *records, allostat_error *error)
{
    watch self = {biography, count};
    const allostat_observer observer = {after_day, &self, true};

    for (int32_t i = 0; i < count; i++) biography[i].replicate = replicate->number;
    return allostat_replicate_run(replicate, &observer, records, error);
}

void allostat_biography_free(allostat_biography *self)
{
    allostat_column_free((void **)&self->day);
    allostat_column_free((void **)&self->happening);
    memset(self, 0, sizeof *self);
}
