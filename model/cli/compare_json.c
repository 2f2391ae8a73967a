#include "cli/compare_present.h"
#include "cli/json.h"

#include "params/difference.h"
#include "study/contrast_words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_SIZE = 2 * ALLOSTAT_TEXT_SIZE };

static json_t *estimate(const allostat_estimate *value)
{
    json_t *object = json_object();

    allostat_json_set(object, "mean", allostat_json_number(value->mean));
    allostat_json_set(object, "low", allostat_json_number(value->low));
    allostat_json_set(object, "high", allostat_json_number(value->high));
    return object;
}

static json_t *paired(const allostat_paired *value)
{
    json_t *object = json_object();

    allostat_json_set(object, "mean", allostat_json_number(value->mean));
    allostat_json_set(object, "low", allostat_json_number(value->low));
    allostat_json_set(object, "high", allostat_json_number(value->high));
    allostat_json_set(object, "standard_error",
                      allostat_json_number(value->standard_error));
    return object;
}

static json_t *outcomes(const allostat_contrast_cell cell[ALLOSTAT_OUTCOME_COUNT])
{
    json_t *object = json_object();

    for (int o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++) {
        json_t *one = json_object();
        allostat_json_set(one, "unit", allostat_json_text(allostat_outcomes[o].unit));
        allostat_json_set(one, "base", estimate(&cell[o].base));
        allostat_json_set(one, "policy", estimate(&cell[o].policy));
        allostat_json_set(one, "difference", paired(&cell[o].difference));
        allostat_json_set(one, "relative", allostat_json_number(cell[o].relative));
        allostat_json_set(one, "pairing_gain",
                          allostat_json_number(cell[o].pairing_gain));
        allostat_json_set(one, "replicates_needed",
                          json_integer(cell[o].replicates_needed));
        allostat_json_set(object, allostat_outcomes[o].name, one);
    }
    return object;
}

static json_t *parts(const allostat_contrast *contrast)
{
    json_t *list = json_array();

    for (int32_t i = 0; i < contrast->part_count; i++) {
        json_t *object = json_object();
        allostat_json_set(object, "dimension",
                          allostat_json_text(contrast->part[i].dimension));
        allostat_json_set(object, "label", allostat_json_text(contrast->part[i].label));
        allostat_json_set(object, "outcomes", outcomes(contrast->part[i].outcome));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *averted(const allostat_contrast *contrast)
{
    json_t *list = json_array();

    for (allostat_month m = contrast->first; m <= contrast->last; m++) {
        json_t *object = paired(&contrast->averted[m - contrast->first]);
        allostat_json_set(object, "month", allostat_json_month(m));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *ledger(const allostat_contrast *contrast)
{
    json_t *object = json_object();

    for (int row = 0; row < ALLOSTAT_LEDGER_COUNT; row++) {
        allostat_json_set(object, allostat_ledger_rows[row].name,
                          estimate(allostat_ledger_estimate(&contrast->ledger,
                                                            (allostat_ledger_row)row)));
    }
    return object;
}

static json_t *value(const allostat_contrast *contrast)
{
    const allostat_value_contrast *found = &contrast->value;
    json_t *object = json_object();
    char sentence[ALLOSTAT_SENTENCE_SIZE];

    allostat_value_sentence(sentence, sizeof sentence, contrast);
    allostat_json_set(object, "sentence", allostat_json_text(sentence));
    allostat_json_set(object, "price_year", json_integer(found->price_year));
    allostat_json_set(object, "qalys", estimate(&found->qalys));
    allostat_json_set(object, "cost_payer", estimate(&found->cost_payer));
    allostat_json_set(object, "cost_society", estimate(&found->cost_society));
    allostat_json_set(object, "verdict_payer", allostat_json_text(found->verdict));
    allostat_json_set(object, "verdict_society",
                      allostat_json_text(found->verdict_society));
    allostat_json_set(object, "icer_payer", allostat_json_number(found->icer_payer));
    allostat_json_set(object, "icer_society",
                      allostat_json_number(found->icer_society));
    allostat_json_set(object, "willingness_to_pay",
                      allostat_json_number(found->willingness_to_pay));
    allostat_json_set(object, "net_benefit_payer", estimate(&found->net_payer));
    allostat_json_set(object, "net_benefit_society", estimate(&found->net_society));
    return object;
}

static json_t *changes(const allostat_contrast *contrast)
{
    json_t *list = json_array();
    allostat_differences found;
    char name[NAME_SIZE], origin[2 * ALLOSTAT_PATH_SIZE], day[ALLOSTAT_DATE_TEXT_SIZE];

    if (allostat_differences_init(&found, contrast->base->scenario,
                                  contrast->policy->scenario, NULL) != ALLOSTAT_OK) {
        allostat_differences_free(&found);
        json_decref(list);
        return NULL;
    }
    for (int32_t i = 0; i < found.count; i++) {
        const allostat_difference *item = &found.item[i];
        json_t *object = json_object();
        allostat_difference_name(name, sizeof name, item, contrast->base->scenario);
        allostat_difference_origin(origin, sizeof origin, item,
                                   contrast->policy->scenario);
        allostat_day_format(item->day, day);
        allostat_json_set(object, "parameter", allostat_json_text(name));
        allostat_json_set(object, "base", allostat_json_text(item->base));
        allostat_json_set(object, "policy", allostat_json_text(item->policy));
        allostat_json_set(object, "from", allostat_json_text(day));
        allostat_json_set(object, "origin", allostat_json_text(origin));
        json_array_append_new(list, object);
    }
    allostat_differences_free(&found);
    return list;
}

static json_t *side(const allostat_comparison_runs *runs, int32_t i)
{
    json_t *object = json_object();

    allostat_json_set(object, "name",
                      allostat_json_text(allostat_compare_name(runs, i)));
    allostat_json_set(object, "path", allostat_json_text(runs->side[i].path));
    allostat_json_set(object, "version", allostat_json_text(runs->side[i].version));
    if (runs->side[i].digest[0] != '\0')
        allostat_json_set(object, "sha256", allostat_json_text(runs->side[i].digest));
    return object;
}

static json_t *policy(const allostat_compare_shown *shown, int32_t i)
{
    const allostat_contrast *contrast = &shown->runs->contrast[i];
    json_t *object = side(shown->runs, i);
    char sentence[ALLOSTAT_SENTENCE_SIZE];
    double half_width = 0.0;
    const int32_t needed = allostat_compare_replicates(shown, contrast, &half_width);

    allostat_contrast_sentence(sentence, sizeof sentence, contrast);
    allostat_json_set(object, "sentence", allostat_json_text(sentence));
    allostat_json_set(object, "first_month", allostat_json_month(contrast->first));
    allostat_json_set(object, "last_month", allostat_json_month(contrast->last));
    allostat_json_set(object, "replicates", json_integer(contrast->replicate_count));
    allostat_json_set(object, "outcomes", outcomes(contrast->whole));
    allostat_json_set(object, "parts", parts(contrast));
    allostat_json_set(object, "deaths_averted_by_month", averted(contrast));
    allostat_json_set(object, "ledger", ledger(contrast));
    allostat_json_set(object, "value", value(contrast));
    allostat_json_set(object, "changes", changes(contrast));
    allostat_json_set(object, "half_width_wanted", allostat_json_number(half_width));
    allostat_json_set(object, "replicates_needed", json_integer(needed));
    return object;
}

static json_t *combination(const allostat_comparison_runs *runs)
{
    const allostat_combination *all = &runs->combination;
    json_t *object = json_object();

    for (int o = 0; o < ALLOSTAT_OUTCOME_COUNT; o++) {
        const allostat_combined *combined = &all->outcome[o];
        json_t *one = json_object(), *list = json_array();
        for (int32_t p = 0; p < all->part_count; p++) {
            json_t *part = json_object();
            allostat_json_set(part, "name",
                              allostat_json_text(allostat_compare_name(runs, 1 << p)));
            allostat_json_set(part, "alone", paired(&combined->alone[p]));
            allostat_json_set(part, "share", paired(&combined->share[p]));
            json_array_append_new(list, part);
        }
        allostat_json_set(one, "parts", list);
        allostat_json_set(one, "together", paired(&combined->together));
        allostat_json_set(one, "interaction", paired(&combined->interaction));
        allostat_json_set(object, allostat_outcomes[o].name, one);
    }
    return object;
}

allostat_status allostat_compare_json(const allostat_compare_shown *shown,
                                      allostat_error *error)
{
    const allostat_comparison_runs *runs = shown->runs;
    const allostat_params *params = &runs->side[0].scenario.epochs[0].params;
    json_t *object = json_object(), *list = json_array();

    for (int32_t i = 1; i < runs->side_count; i++)
        json_array_append_new(list, policy(shown, i));
    allostat_json_set(object, "base", side(runs, 0));
    allostat_json_set(object, "seed", json_integer(params->run_seed));
    allostat_json_set(object, "scale", allostat_json_number(params->population_scale));
    allostat_json_set(object, "policies", list);
    if (runs->wanted.combine)
        allostat_json_set(object, "combination", combination(runs));
    char *written = json_dumps(object, JSON_INDENT(2));
    json_decref(object);
    if (written == NULL)
        return ALLOSTAT_FAIL(error, NO_MEMORY, "the comparison as JSON");
    puts(written);
    free(written);
    return ALLOSTAT_OK;
}
