/* Sentences from numbers. Each is right whatever the numbers are: fewer, more, no
 * difference that can be told from chance, none at all, one replicate. */
#include "io/report/numbers.h"
#include "io/report/sections.h"
#include "study/contrast_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef enum {
    FINDING_unknown, /* one replicate, or not counted */
    FINDING_same,    /* no difference in any replicate */
    FINDING_fewer,   /* the interval lies below 0 */
    FINDING_more,    /* the interval lies above 0 */
    FINDING_unclear  /* the interval holds 0 */
} finding;

static finding finding_of(const allostat_paired *difference)
{
    const bool moved = difference->mean > 0.0 || difference->mean < 0.0 ||
                       difference->standard_error > 0.0;

    if (isnan(difference->mean)) return FINDING_unknown;
    if (isnan(difference->low) || isnan(difference->high)) return FINDING_unknown;
    if (!moved) return FINDING_same;
    if (difference->high < 0.0) return FINDING_fewer;
    return difference->low > 0.0 ? FINDING_more : FINDING_unclear;
}

static const allostat_contrast_cell *deaths_of(const allostat_contrast *contrast)
{
    return &contrast->whole[ALLOSTAT_OUTCOME_overdose_deaths];
}

/* Persons are told whole when there are ten and more of them. */
static int decimals_of(const allostat_paired *difference)
{
    const double ten = 10.0;

    return fabs(difference->mean) < ten ? 1 : 0;
}

/* "12 fewer (3 to 20)"; a bound on the other side of 0 has a minus. */
static void put_count(allostat_pen *pen, const allostat_paired *difference, bool fewer)
{
    const int decimals = decimals_of(difference);
    char mean[ALLOSTAT_NUMBER_SIZE], low[ALLOSTAT_NUMBER_SIZE];
    char high[ALLOSTAT_NUMBER_SIZE];
    const double sign = fewer ? -1.0 : 1.0;

    allostat_number_fixed(mean, sign * difference->mean, decimals, false);
    allostat_number_fixed(low, fewer ? -difference->high : difference->low, decimals,
                          false);
    allostat_number_fixed(high, fewer ? -difference->low : difference->high, decimals,
                          false);
    allostat_pen_put(pen, "%s %s", mean, fewer ? "fewer" : "more");
    if (!isnan(difference->low)) allostat_pen_put(pen, " (%s to %s)", low, high);
}

void allostat_words_sure(allostat_pen *pen, const allostat_contrast *contrast)
{
    const allostat_contrast_cell *deaths = deaths_of(contrast);
    const int count = (int)contrast->replicate_count;

    switch (finding_of(&deaths->difference)) {
    case FINDING_unknown:
        allostat_pen_put(pen, "With one pair of replicates chance cannot be told from "
                              "effect; run ten or more.");
        return;
    case FINDING_same:
        allostat_pen_put(pen, "In all %d pairs of replicates the deaths are the same.",
                         count);
        return;
    case FINDING_fewer:
    case FINDING_more:
        allostat_pen_put(pen,
                         "Chance alone is an unlikely reason: the 95 %% interval "
                         "over %d pairs of replicates leaves out no change.",
                         count);
        break;
    case FINDING_unclear:
        allostat_pen_put(pen,
                         "Not sure: the 95 %% interval over %d pairs of "
                         "replicates includes no change.",
                         count);
        break;
    }
    if (deaths->replicates_needed > count) {
        allostat_pen_put(pen,
                         " About %d pairs would narrow it to a tenth of the "
                         "difference.",
                         (int)deaths->replicates_needed);
    }
    allostat_pen_put(pen, " It covers chance within the model, not doubt about the "
                          "model or its inputs.");
}

/* ---- for whom ------------------------------------------------------------------- */

/* The part of a dimension with the largest change of deaths in the direction of the
 * whole, NULL when none moved. */
static const allostat_contrast_part *leader(const allostat_contrast *contrast,
                                            const char *dimension)
{
    const double whole = deaths_of(contrast)->difference.mean;
    const allostat_contrast_part *best = NULL;
    double most = 0.0;

    for (int32_t i = 0; i < contrast->part_count; i++) {
        const allostat_contrast_part *part = &contrast->part[i];
        const double mean =
            part->outcome[ALLOSTAT_OUTCOME_overdose_deaths].difference.mean;
        const double size = whole < 0.0 ? -mean : mean;

        if (strcmp(part->dimension, dimension) != 0 || !(size > most)) continue;
        most = size;
        best = part;
    }
    return best;
}

/* "<b>women</b> 38 more (33 to 42), +32 %" */
static void put_part(allostat_pen *pen, const allostat_contrast_part *part)
{
    const allostat_contrast_cell *cell =
        &part->outcome[ALLOSTAT_OUTCOME_overdose_deaths];
    char share[ALLOSTAT_NUMBER_SIZE];

    allostat_pen_put(pen, "<b>");
    allostat_pen_name(pen, part->label);
    allostat_pen_put(pen, "</b> ");
    put_count(pen, &cell->difference, cell->difference.mean < 0.0);
    if (!isnan(cell->relative)) {
        allostat_pen_put(pen, ", %s",
                         allostat_number_share(share, cell->relative, true));
    }
    if (finding_of(&cell->difference) == FINDING_unclear) {
        allostat_pen_put(pen, ", not told from chance");
    }
}

static void put_leader(allostat_pen *pen, const allostat_contrast *contrast,
                       const char *dimension, const char *words)
{
    const allostat_contrast_part *part = leader(contrast, dimension);

    if (part == NULL) return;
    allostat_pen_put(pen, "<li>%s ", words);
    put_part(pen, part);
    allostat_pen_put(pen, "</li>\n");
}

/* Both sexes: which of them stands first is mostly a matter of how many there are. */
static void put_sexes(allostat_pen *pen, const allostat_contrast *contrast)
{
    int32_t count = 0;

    for (int32_t i = 0; i < contrast->part_count; i++) {
        const allostat_contrast_part *part = &contrast->part[i];
        if (strcmp(part->dimension, "sex") != 0) continue;
        allostat_pen_put(pen, "%s", count++ == 0 ? "<li>" : "; ");
        put_part(pen, part);
    }
    if (count > 0) allostat_pen_put(pen, "</li>\n");
}

void allostat_words_whom(allostat_pen *pen, const allostat_contrast *contrast)
{
    const finding found = finding_of(&deaths_of(contrast)->difference);

    if (found == FINDING_same) {
        allostat_pen_put(pen, "<p>Nobody's risk of dying by overdose changed.</p>\n");
        return;
    }
    if (found == FINDING_unclear) {
        allostat_pen_put(pen, "<p>The whole effect is not told from chance, so these "
                              "are hints only:</p>\n");
    }
    allostat_pen_put(pen, "<ul>\n");
    put_leader(pen, contrast, "area", "most of all areas:");
    put_sexes(pen, contrast);
    put_leader(pen, contrast, "age", "most of all ages:");
    allostat_pen_put(pen, "</ul>\n");
}

/* ---- the answer ----------------------------------------------------------------- */

/* A name in quotes, where it stands in the sentence; 0 when it does not stand there. */
static size_t quoted_length(const char *at, const char *name)
{
    const size_t length = strlen(name);
    const bool stands = at[0] == '"' && length > 0 &&
                        strncmp(at + 1, name, length) == 0 && at[length + 1] == '"';

    return stands ? length + 2 : 0;
}

/* The sentence of study/contrast_words.h; the names in it keep their direction of
 * writing to themselves. */
void allostat_words_answer(allostat_pen *pen, const allostat_contrast *contrast)
{
    const char *const names[] = {contrast->policy->scenario->epochs[0].params.run_name,
                                 contrast->base->scenario->epochs[0].params.run_name};
    char sentence[ALLOSTAT_SENTENCE_SIZE], piece[ALLOSTAT_SENTENCE_SIZE];

    allostat_contrast_sentence(sentence, sizeof sentence, contrast);
    for (const char *from = sentence; *from != '\0';) {
        size_t length = 0;
        while (from[length] != '\0' && quoted_length(from + length, names[0]) == 0 &&
               quoted_length(from + length, names[1]) == 0) {
            length++;
        }
        snprintf(piece, sizeof piece, "%.*s", (int)length, from);
        allostat_pen_text(pen, piece);
        from += length;
        if (*from == '\0') break;
        const char *name = quoted_length(from, names[0]) > 0 ? names[0] : names[1];
        allostat_pen_put(pen, "<q>");
        allostat_pen_name(pen, name);
        allostat_pen_put(pen, "</q>");
        from += quoted_length(from, name);
    }
}

void allostat_words_many(allostat_pen *pen, const allostat_page *report)
{
    int32_t best = -1, unclear = 0, harm = 0;
    double most = 0.0;

    for (int32_t i = 0; i < report->policy_count; i++) {
        const allostat_paired *difference =
            &report->policy[i].whole[ALLOSTAT_OUTCOME_overdose_deaths].difference;
        const finding found = finding_of(difference);
        unclear += found == FINDING_unclear || found == FINDING_unknown;
        harm += found == FINDING_more;
        if (found != FINDING_fewer || !(-difference->mean > most)) continue;
        most = -difference->mean;
        best = i;
    }
    allostat_pen_put(pen, "<p class=\"answer\">");
    if (best >= 0) {
        allostat_pen_put(pen, "Of %d policies <q>", (int)report->policy_count);
        allostat_pen_name(pen, report->policy[best].name);
        allostat_pen_put(pen, "</q> does the most against deaths by overdose: <b>");
        put_count(
            pen,
            &report->policy[best].whole[ALLOSTAT_OUTCOME_overdose_deaths].difference,
            true);
        allostat_pen_put(pen, "</b>.");
    } else {
        allostat_pen_put(pen,
                         "None of %d policies is shown to avert deaths by overdose.",
                         (int)report->policy_count);
    }
    if (harm > 0) {
        allostat_pen_put(pen, " %d %s more deaths than the base.", (int)harm,
                         harm == 1 ? "has" : "have");
    }
    if (unclear > 0) {
        allostat_pen_put(pen, " %d cannot be told from no change.", (int)unclear);
    }
    allostat_pen_put(pen, "</p>\n");
    if (best < 0 || report->policy[best].answer.data == NULL) return;
    allostat_pen_bytes(
        pen, report->policy[best].answer.data + report->policy[best].sure_from,
        report->policy[best].sure_length);
}
