#include "check.h"

#include "study/contrasts.h"

#include <stdlib.h>
#include <string.h>

static void differences_are_policy_minus_base_in_each_replicate(void **state)
{
    contrasts *self = contrasts_new();

    (void)state;
    for (int r = 0; r < CONTRASTS_REPLICATES; r++) {
        contrasts_kill(&self->base, r, 3, 100 + 50 * r);
        contrasts_kill(&self->policy, r, 5, 90 + 50 * r + r); /* -10, -9, -8 */
    }
    contrasts_make(self);
    const allostat_contrast_cell *deaths =
        &self->contrast.whole[ALLOSTAT_OUTCOME_overdose_deaths];
    check_close(deaths->base.mean, 150.0, 1e-12);
    check_close(deaths->policy.mean, 141.0, 1e-12);
    check_close(deaths->difference.mean, -9.0, 1e-12);
    check_close(deaths->difference.standard_error, sqrt(1.0 / 3.0), 1e-12);
    check_close(deaths->relative, -9.0 / 150.0, 1e-12);
    /* variances 2500 and 2601 (100 to 200; 90, 141, 192) against 1 */
    check_close(deaths->pairing_gain, 5101.0, 1e-9);
    assert_true(deaths->replicates_needed > 3);
    contrasts_free(self);
}

static void the_same_run_differs_from_itself_in_nothing(void **state)
{
    contrasts *self = contrasts_new();

    (void)state;
    for (int r = 0; r < CONTRASTS_REPLICATES; r++)
        contrasts_kill(&self->base, r, 3, 7 * r + 1);
    self->policy = self->base;
    contrasts_make(self);
    for (int o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++) {
        const allostat_paired *paired = &self->contrast.whole[o].difference;
        if (isnan(paired->mean)) continue;
        check_close(paired->mean, 0.0, 0.0);
        check_close(paired->low, 0.0, 0.0);
        check_close(paired->high, 0.0, 0.0);
    }
    assert_int_equal(
        self->contrast.whole[ALLOSTAT_OUTCOME_overdose_deaths].replicates_needed, 0);
    contrasts_free(self);
}

/* Every cell gets another number; the parts of each dimension must add up. */
static void parts_add_up_to_the_whole_in_every_dimension(void **state)
{
    static const char *const dimensions[] = {"area", "sex", "age"};
    contrasts *self = contrasts_new();
    const int32_t cells = allostat_records_cells(&self->replicate[0][0]);

    (void)state;
    for (int32_t i = 0; i < 24 * cells; i++) {
        for (int r = 0; r < CONTRASTS_REPLICATES; r++) {
            for (int s = 0; s < ALLOSTAT_COUNTED_COUNT; s++) {
                self->replicate[0][r].counted[s][i] = (i * 7 + s) % 13;
                self->replicate[1][r].counted[s][i] = (i * 5 + s * r) % 11;
            }
        }
    }
    contrasts_make(self);
    for (size_t d = 0; d < sizeof dimensions / sizeof dimensions[0]; d++) {
        for (int o = ALLOSTAT_OUTCOME_overdose_deaths;
             o <= ALLOSTAT_OUTCOME_active_years; o++) {
            double sum = 0.0;
            for (int32_t i = 0; i < self->contrast.part_count; i++) {
                const allostat_contrast_part *part = &self->contrast.part[i];
                if (strcmp(part->dimension, dimensions[d]) == 0)
                    sum += part->outcome[o].difference.mean;
            }
            check_close(sum, self->contrast.whole[o].difference.mean, 1e-6);
        }
    }
    contrasts_free(self);
}

static const allostat_contrast_part *find_part(const contrasts *self, const char *label)
{
    for (int32_t i = 0; i < self->contrast.part_count; i++) {
        if (strcmp(self->contrast.part[i].label, label) == 0)
            return &self->contrast.part[i];
    }
    fail_msg("no part '%s'", label);
    return NULL;
}

static void a_part_is_told_by_its_cells(void **state)
{
    contrasts *self = contrasts_new();

    (void)state;
    contrasts_kill(&self->base, 0, 0, 6);
    contrasts_make(self);
    const int o = ALLOSTAT_OUTCOME_overdose_deaths;
    check_close(find_part(self, "East")->outcome[o].base.mean, 2.0, 0.0);
    check_close(find_part(self, "West")->outcome[o].base.mean, 0.0, 0.0);
    check_close(find_part(self, "women")->outcome[o].base.mean, 2.0, 0.0);
    check_close(find_part(self, "15-18")->outcome[o].base.mean, 2.0, 0.0);
    contrasts_free(self);
}

static void groups_come_from_the_grouped_series_and_the_log(void **state)
{
    contrasts *self = contrasts_new();
    allostat_records *records = &self->replicate[1][0];
    allostat_error error = {0};

    (void)state;
    assert_int_equal(allostat_records_reserve_deaths(records, 1, &error), ALLOSTAT_OK);
    *records->death = (allostat_death){.day = allostat_month_first_day(CONTRASTS_FIRST),
                                       .style = 3,
                                       .ptsd = 1,
                                       .ace_score = 5};
    records->death_count = 1;
    records->grouped[ALLOSTAT_GROUPED_overdoses_by_group]
                    [2 * ALLOSTAT_GROUP_COUNT + ALLOSTAT_GROUP_anxious] = 9;
    contrasts_make(self);
    const int deaths = ALLOSTAT_OUTCOME_deaths, overdoses = ALLOSTAT_OUTCOME_overdoses;
    check_close(find_part(self, "fearful")->outcome[deaths].difference.mean, 1.0 / 3.0,
                1e-12);
    check_close(find_part(self, "with PTSD")->outcome[deaths].difference.mean,
                1.0 / 3.0, 1e-12);
    check_close(find_part(self, "4 ACE or more")->outcome[deaths].difference.mean,
                1.0 / 3.0, 1e-12);
    check_close(find_part(self, "secure")->outcome[deaths].difference.mean, 0.0, 0.0);
    check_close(find_part(self, "anxious")->outcome[overdoses].difference.mean, 3.0,
                1e-12);
    assert_true(isnan(find_part(self, "anxious")
                          ->outcome[ALLOSTAT_OUTCOME_person_years]
                          .difference.mean));
    contrasts_free(self);
}

static void years_lived_are_the_days_of_all_states(void **state)
{
    contrasts *self = contrasts_new();

    (void)state;
    for (int r = 0; r < CONTRASTS_REPLICATES; r++) {
        self->replicate[0][r].counted[ALLOSTAT_COUNTED_days_never_used][0] = 1000;
        self->replicate[0][r].counted[ALLOSTAT_COUNTED_days_abstinent][1] = 461;
    }
    contrasts_make(self);
    check_close(self->contrast.whole[ALLOSTAT_OUTCOME_person_years].base.mean, 4.0,
                1e-12);
    contrasts_free(self);
}

static void the_averted_curve_adds_up_month_by_month(void **state)
{
    contrasts *self = contrasts_new();

    (void)state;
    for (int r = 0; r < CONTRASTS_REPLICATES; r++) {
        contrasts_kill(&self->base, r, 1, 5);
        contrasts_kill(&self->policy, r, 4, 2);
    }
    contrasts_make(self);
    check_close(self->contrast.averted[0].mean, 0.0, 0.0);
    check_close(self->contrast.averted[1].mean, 5.0, 0.0);
    check_close(self->contrast.averted[3].mean, 5.0, 0.0);
    check_close(self->contrast.averted[23].mean, 3.0, 0.0);
    contrasts_free(self);
}

static void months_outside_the_window_do_not_count(void **state)
{
    contrasts *self = contrasts_new();

    (void)state;
    contrasts_kill(&self->base, 0, 11, 3);
    contrasts_kill(&self->base, 0, 12, 30);
    contrasts_kill(&self->base, 0, 14, 300);
    assert_int_equal(allostat_contrast_init(&self->contrast, &self->base, &self->policy,
                                            CONTRASTS_FIRST + 12, CONTRASTS_FIRST + 13,
                                            NULL),
                     ALLOSTAT_OK);
    check_close(self->contrast.whole[ALLOSTAT_OUTCOME_overdose_deaths].base.mean, 10.0,
                1e-12);
    assert_int_equal(self->contrast.first, CONTRASTS_FIRST + 12);
    contrasts_free(self);
}

/* Bit by bit, NaN too, but for what stands between the members. */
static void check_same_estimate(const allostat_estimate *a, const allostat_estimate *b)
{
    assert_memory_equal(a, b, offsetof(allostat_estimate, replicate_count));
    assert_int_equal(a->replicate_count, b->replicate_count);
}

static void check_same_cell(const allostat_contrast_cell *a,
                            const allostat_contrast_cell *b)
{
    const size_t from = offsetof(allostat_contrast_cell, difference);

    check_same_estimate(&a->base, &b->base);
    check_same_estimate(&a->policy, &b->policy);
    assert_memory_equal(&a->difference, &b->difference,
                        offsetof(allostat_contrast_cell, replicates_needed) - from);
    assert_int_equal(a->replicates_needed, b->replicates_needed);
}

/* Held against the kept base in a window, then in another and once more in it. */
static void a_kept_base_gives_what_a_new_one_gives(void **state)
{
    static const allostat_month last[] = {CONTRASTS_FIRST + 13, 0, 0};
    contrasts *self = contrasts_new();
    allostat_contrast_base base = {&self->base, NULL};

    (void)state;
    contrasts_kill(&self->base, 0, 12, 30);
    contrasts_kill(&self->base, 1, 14, 300);
    contrasts_kill(&self->policy, 1, 12, 7);
    for (size_t i = 0; i < sizeof last / sizeof last[0]; i++) {
        allostat_contrast kept;
        assert_int_equal(
            allostat_contrast_with(&kept, &base, &self->policy, 0, last[i], NULL),
            ALLOSTAT_OK);
        assert_int_equal(allostat_contrast_init(&self->contrast, &self->base,
                                                &self->policy, 0, last[i], NULL),
                         ALLOSTAT_OK);
        for (int o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++)
            check_same_cell(&kept.whole[o], &self->contrast.whole[o]);
        check_close(kept.whole[ALLOSTAT_OUTCOME_overdose_deaths].base.mean,
                    i == 0 ? 10.0 : 110.0, 1e-12);
        allostat_contrast_free(&kept);
        allostat_contrast_free(&self->contrast);
    }
    allostat_contrast_base_free(&base);
    contrasts_free(self);
}

static void runs_of_different_output_are_compared_where_both_have_months(void **state)
{
    contrasts *self = contrasts_new();
    allostat_params *params = &self->scenario[1].epochs[0].params;

    (void)state;
    assert_true(allostat_day_parse("2016-01-01", &params->run_output_start));
    allostat_records_free(&self->replicate[1][0]);
    assert_int_equal(
        allostat_records_init(&self->replicate[1][0], &self->scenario[1], NULL),
        ALLOSTAT_OK);
    self->policy.replicate_count = 1;
    contrasts_kill(&self->base, 0, 12, 4);
    contrasts_kill(&self->policy, 0, 0, 1); /* the same month */
    contrasts_make(self);
    assert_int_equal(self->contrast.first, CONTRASTS_FIRST + 12);
    assert_int_equal(self->contrast.replicate_count, 1);
    check_close(self->contrast.whole[ALLOSTAT_OUTCOME_overdose_deaths].difference.mean,
                -3.0, 0.0);
    contrasts_free(self);
}

/* Must fail and name the parameter. */
static void check_unpaired(contrasts *self, const char *word)
{
    allostat_error error = {0};

    assert_int_equal(allostat_contrast_init(&self->contrast, &self->base, &self->policy,
                                            0, 0, &error),
                     ALLOSTAT_ERROR_DATA);
    assert_non_null(strstr(error.message, word));
    contrasts_free(self);
}

static void runs_that_cannot_be_paired_are_refused(void **state)
{
    contrasts *self = contrasts_new();

    (void)state;
    self->scenario[1].epochs[0].params.run_seed++;
    check_unpaired(self, "run.seed");
    self = contrasts_new();
    self->scenario[1].epochs[0].params.run_start++;
    check_unpaired(self, "run.start");
    self = contrasts_new();
    self->scenario[1].epochs[0].params.population_scale = 0.5;
    check_unpaired(self, "population.scale");
    self = contrasts_new();
    self->scenario[1].epochs[0].params.geography_areas.label[0][0] = 'X';
    check_unpaired(self, "geography.areas");
}

static void a_window_without_a_month_of_both_is_refused(void **state)
{
    contrasts *self = contrasts_new();
    allostat_error error = {0};

    (void)state;
    assert_int_equal(allostat_contrast_init(&self->contrast, &self->base, &self->policy,
                                            2019 * 12, 0, &error),
                     ALLOSTAT_ERROR_DATA);
    assert_non_null(strstr(error.message, "2016-12"));
    contrasts_free(self);
}

static void the_ledger_is_averaged_over_replicates(void **state)
{
    contrasts *self = contrasts_new();
    allostat_records *records = &self->replicate[0][2];
    allostat_error error = {0};

    (void)state;
    assert_int_equal(allostat_records_reserve_deaths(records, 3, &error), ALLOSTAT_OK);
    records->death_count = 3;
    for (uint32_t i = 0; i < 3; i++) {
        records->death[i] =
            (allostat_death){.person = i,
                             .day = allostat_month_first_day(CONTRASTS_FIRST),
                             .overdose = 1};
    }
    contrasts_make(self);
    check_close(self->contrast.ledger.saved.mean, 1.0, 0.0);
    check_close(self->contrast.ledger.saved.high, 3.0, 0.0);
    check_close(
        allostat_ledger_estimate(&self->contrast.ledger, ALLOSTAT_LEDGER_harmed)->mean,
        0.0, 0.0);
    contrasts_free(self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_are_policy_minus_base_in_each_replicate),
        cmocka_unit_test(the_same_run_differs_from_itself_in_nothing),
        cmocka_unit_test(parts_add_up_to_the_whole_in_every_dimension),
        cmocka_unit_test(a_part_is_told_by_its_cells),
        cmocka_unit_test(groups_come_from_the_grouped_series_and_the_log),
        cmocka_unit_test(years_lived_are_the_days_of_all_states),
        cmocka_unit_test(the_averted_curve_adds_up_month_by_month),
        cmocka_unit_test(months_outside_the_window_do_not_count),
        cmocka_unit_test(a_kept_base_gives_what_a_new_one_gives),
        cmocka_unit_test(runs_of_different_output_are_compared_where_both_have_months),
        cmocka_unit_test(runs_that_cannot_be_paired_are_refused),
        cmocka_unit_test(a_window_without_a_month_of_both_is_refused),
        cmocka_unit_test(the_ledger_is_averaged_over_replicates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
