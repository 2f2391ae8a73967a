#include "engine/overdoses.h"

#include "care/aftermath.h"

#include <assert.h>
#include <string.h>

/* Rows of those who live apart; those of all blocks were drawn for before: an audit has
 * been told. */
static allostat_draw_key silent(allostat_draw_key key)
{
    key.listener = NULL;
    return allostat_draw_key_of_numbers(key);
}

void allostat_overdoses_list(allostat_row_list *self, const allostat_day_block *block)
{
    const allostat_some_rows overdosed = block->overdosed;

    memcpy(self->row + block->first, overdosed.row,
           overdosed.count * sizeof *overdosed.row);
    self->count[block->first] = (uint32_t)overdosed.count;
}

/* One more row among the first `count` of the list, which are in order of person. They
 * are few a day, and come nearly in order: rows stand in the order of becoming a user.
 */
static void put_in_order(allostat_row_list *self, size_t count,
                         const allostat_users *users, uint32_t row)
{
    const uint32_t *person = users->person;
    size_t at = count;

    for (; at > 0 && person[self->row[at - 1]] > person[row]; at--)
        self->row[at] = self->row[at - 1];
    self->row[at] = row;
}

/* Put the rows of all blocks at the front of the list, in order of person. Returns
 * their number. */
static size_t order_by_person(allostat_row_list *self, const allostat_users *users)
{
    size_t count = 0;

    for (size_t first = 0; first < users->street_count; first += ALLOSTAT_DAY_ROWS_MAX)
        for (uint32_t i = 0; i < self->count[first]; i++)
            put_in_order(self, count++, users, self->row[first + i]);
    return count;
}

static void settle_one(const allostat_span *span, const allostat_scene *scene,
                       int32_t row, allostat_overdose *overdose)
{
    allostat_city *city = span->city;
    const allostat_aftermath after = {
        .params = span->params,
        .day = scene->day,
        .residents = &city->residents,
        .users = &city->users,
        .own = scene->whereabouts->apart != NULL ? &city->apart.rows : &city->users};

    allostat_overdose_finish(scene, row, overdose);
    allostat_tally_overdose(&city->tally, overdose, scene, row);
    if (overdose->fatal)
        allostat_tally_after_treatment(&city->tally, scene, row, overdose->area);
    allostat_overdose_apply(overdose, &after, row);
}

static allostat_scene make_scene(const allostat_span *span, int32_t day,
                                 const allostat_users *own,
                                 const allostat_whereabouts *whereabouts)
{
    const allostat_city *city = span->city;

    return (allostat_scene){.params = span->params,
                            .key = city->key,
                            .day = span->terms[day].day,
                            .residents = &city->residents,
                            .users = own,
                            .whereabouts = whereabouts,
                            .sites = &city->sites,
                            .witnesses = &city->witnesses,
                            .chances = &span->chances};
}

/* What blocks have settled on a day and is not counted yet: see settled.h. */
typedef struct {
    size_t next, end;
} uncounted;

static uncounted settled_on(const allostat_settled_list *list,
                            const allostat_scene *scene)
{
    const uncounted all = {list->from[scene->whereabouts->day],
                           list->from[scene->whereabouts->day + 1]};
    int32_t home[ALLOSTAT_RESPONSE_TOGETHER];
    size_t count = 0;

    for (size_t i = all.next; i < all.end && count < ALLOSTAT_RESPONSE_TOGETHER; i++) {
        const allostat_settled *settled = &list->record[list->order[i]];

        home[count] = (int32_t)settled->row;
        count += settled->tie_open;
    }
    allostat_overdoses_fetch_ties(scene, home, count);
    return all;
}

/* The person's own kit, by which all was settled, was taken by others before. */
static void settle_again(const allostat_span *span, const allostat_scene *scene,
                         const allostat_settled *settled)
{
    const int32_t row = (int32_t)allostat_apart_recall(&span->city->apart, settled->row,
                                                       settled->evening);
    allostat_scene alone = *scene;
    allostat_overdose overdose;

    alone.shared = NULL;
    overdose = allostat_overdose_begin(&alone, row);
    settle_one(span, &alone, row, &overdose);
}

static void count_one(const allostat_span *span, const allostat_scene *scene,
                      allostat_settled *settled)
{
    allostat_city *city = span->city;
    allostat_overdose *overdose = &settled->overdose;
    const int32_t day = scene->whereabouts->day;

    if (allostat_is_apart(&city->apart, settled->row, day)) return; /* called back */
    if (overdose->kit_row >= 0 && city->users.kits[overdose->kit_row] == 0) {
        settle_again(span, scene, settled);
        return;
    }
    allostat_overdose_take_kit(overdose, &city->users);
    if (overdose->stops) allostat_apart_stop(&city->apart, settled->row, day);
    overdose->with_tie =
        settled->tie_open && allostat_overdose_with_tie(scene, (int32_t)settled->row);
    allostat_tally_overdose_of(&city->tally, overdose, &settled->before);
}

/* Those of whoever stands before a person. */
static void count_settled(const allostat_span *span, const allostat_scene *scene,
                          uncounted *left, uint32_t person)
{
    const allostat_settled_list *list = &span->city->settled;

    for (; left->next < left->end; left->next++) {
        allostat_settled *settled = &list->record[list->order[left->next]];

        if (settled->person > person) return;
        count_one(span, scene, settled);
    }
}

/* The first `count` rows of the list are of `own`: everybody's table, or those apart.
 */
static void settle(const allostat_span *span, int32_t day, allostat_users *own,
                   size_t count)
{
    allostat_city *city = span->city;
    const size_t together = ALLOSTAT_RESPONSE_TOGETHER;
    const uint32_t *row = city->overdoses.row;
    const bool apart = own != &city->users;
    const allostat_whereabouts whereabouts = {&city->users, apart ? &city->apart : NULL,
                                              day};
    allostat_response_shared shared;
    allostat_overdose begun[ALLOSTAT_RESPONSE_TOGETHER];
    allostat_scene scene = make_scene(span, day, own, &whereabouts);
    uncounted left = {0};

    city->tally.day = scene.day;
    if (apart) left = settled_on(&city->settled, &scene);
    for (size_t i = 0; i < count; i++) {
        const size_t rest = count - i, which = i % together;

        if (which == 0)
            allostat_overdoses_begin(&scene, &shared, row + i,
                                     rest < together ? rest : together, begun);
        scene.which = which;
        count_settled(span, &scene, &left, own->person[row[i]]);
        settle_one(span, &scene, (int32_t)row[i], &begun[which]);
    }
    count_settled(span, &scene, &left, UINT32_MAX);
}

/* Those of a block's list that are not apart yet. */
static size_t list_here(const allostat_apart *apart, allostat_some_rows overdosed,
                        uint32_t *row)
{
    size_t count = 0;

    for (size_t i = 0; i < overdosed.count; i++) {
        row[count] = overdosed.row[i];
        count += apart->place[overdosed.row[i]] == 0;
    }
    return count;
}

/* Of a row of a block that overdoses; NULL: it will be settled later. */
static allostat_settled *settle_here(allostat_city *city,
                                     const allostat_day_block *block, size_t row,
                                     const allostat_overdose *overdose,
                                     allostat_block_places *places)
{
    size_t evening = ALLOSTAT_NO_EVENING;
    allostat_settled *settled;

    if (overdose->kit_row >= 0) {
        evening = allostat_apart_keep_in_reserve(&city->apart, &city->users, row,
                                                 block->count, &places->evenings);
        if (evening == ALLOSTAT_NO_EVENING) return NULL;
    }
    settled = allostat_settled_next(&city->settled, &places->settled);
    if (settled != NULL) settled->evening = evening;
    return settled;
}

/* True when nothing remains of it but to count it. */
static bool settle_own(const allostat_span *span, const allostat_scene *scene,
                       const allostat_day_block *block, uint32_t row,
                       allostat_block_places *places)
{
    allostat_city *city = span->city;
    const allostat_aftermath after = {.params = span->params,
                                      .day = scene->day,
                                      .residents = &city->residents,
                                      .users = &city->users,
                                      .own = &city->users};
    allostat_overdose overdose;
    const allostat_overdose_reach reach =
        allostat_overdose_resolve_own(scene, (int32_t)row, &overdose);

    if (reach == ALLOSTAT_OVERDOSE_of_others) return false;
    allostat_settled *settled = settle_here(city, block, row, &overdose, places);
    if (settled == NULL) return false;
    settled->row = row;
    settled->person = city->users.person[row];
    settled->day = scene->whereabouts->day;
    settled->tie_open = reach == ALLOSTAT_OVERDOSE_own_tie_open;
    settled->before = allostat_tally_overdosed(&city->tally, scene, (int32_t)row);
    settled->overdose = overdose;
    allostat_overdose_live_on(&overdose, &after, (int32_t)row);
    return true;
}

/* What others settle later would be told to an audit again. */
allostat_some_rows allostat_overdoses_settle_own(const allostat_span *span, int32_t day,
                                                 allostat_day_block *block,
                                                 allostat_block_places *places)
{
    allostat_city *city = span->city;
    const size_t together = ALLOSTAT_RESPONSE_TOGETHER;
    const allostat_whereabouts whereabouts = {&city->users, NULL, day};
    allostat_scene scene = make_scene(span, day, &city->users, &whereabouts);
    allostat_response_shared shared;
    uint32_t *row = block->overdosed_row;
    const size_t count = list_here(&city->apart, block->overdosed, row);
    size_t remaining = 0;

    if (scene.key.listener != NULL)
        return (allostat_some_rows){block->overdosed_row, count};
    for (size_t i = 0; i < count; i++) {
        const size_t rest = count - i;

        scene.which = i % together;
        if (scene.which == 0)
            allostat_overdoses_draw(&scene, &shared, row + i,
                                    rest < together ? rest : together);
        if (!settle_own(span, &scene, block, row[i], places)) row[remaining++] = row[i];
    }
    return (allostat_some_rows){row, remaining};
}

void allostat_overdoses_settle(const allostat_span *span, int32_t day)
{
    allostat_city *city = span->city;

    settle(span, day, &city->users, order_by_person(&city->overdoses, &city->users));
}

/* One more row of those apart. */
static size_t list_apart(allostat_city *city, size_t count, size_t row)
{
    put_in_order(&city->overdoses, count, &city->apart.rows, (uint32_t)row);
    return count + 1;
}

/* Those who overdose for the first time on this day: they have lived it. */
static size_t list_first(allostat_city *city, int32_t day)
{
    const size_t *from = city->apart.from;
    size_t count = 0;

    for (size_t row = from[day + 1]; row < from[day]; row++)
        if (allostat_apart_holds(&city->apart, row))
            count = list_apart(city, count, row);
    return count;
}

static size_t list_again(allostat_city *city, size_t count,
                         allostat_some_rows overdosed)
{
    for (size_t i = 0; i < overdosed.count; i++)
        if (allostat_apart_holds(&city->apart, overdosed.row[i]))
            count = list_apart(city, count, overdosed.row[i]);
    return count;
}

void allostat_overdoses_live(const allostat_span *span, int32_t day)
{
    allostat_city *city = span->city;
    allostat_users *apart = &city->apart.rows;
    const size_t most = ALLOSTAT_DAY_ROWS_MAX, end = apart->row_count;
    uint32_t treated[ALLOSTAT_DAY_ROWS_MAX], inside[ALLOSTAT_DAY_ROWS_MAX];
    allostat_day_block block; /* large: what a day fills is not cleared before */
    size_t count = list_first(city, day);

    block.users = apart;
    block.key = silent(city->key);
    block.seconds = NULL;
    for (block.first = city->apart.from[day]; block.first < end; block.first += most) {
        const size_t left = end - block.first;

        block.count = left < most ? left : most;
        allostat_day_block_open(&block, treated, inside);
        allostat_day_block_live(&block, &span->terms[day]);
        count = list_again(city, count, block.overdosed);
    }
    settle(span, day, apart, count);
}
