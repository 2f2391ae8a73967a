/* A contrast in words: a sentence that can be pasted into a report. */
#ifndef ALLOSTAT_STUDY_CONTRAST_WORDS_H
#define ALLOSTAT_STUDY_CONTRAST_WORDS_H

#include "study/contrast.h"

#include <stdbool.h>
#include <stddef.h>

enum { ALLOSTAT_SENTENCE_SIZE = 2048, ALLOSTAT_NUMBER_TEXT_SIZE = 40 };

/* What the policy does to deaths by overdose, with period, interval and number of
 * replicates; it says so when no difference can be told and when there is no interval.
 * The policy and the base are called by run.name. */
void allostat_contrast_sentence(char *text, size_t size,
                                const allostat_contrast *contrast);

/* What the policy gives and costs the public payer, in QALYs and CAD, with the cost of
 * a QALY where that has a meaning. */
void allostat_value_sentence(char *text, size_t size,
                             const allostat_contrast *contrast);

/* "from 2015 to 2025", "in 2016", "from March 2015 to June 2016", "in May 2015". */
void allostat_period_words(char *text, size_t size, allostat_month first,
                           allostat_month last);

/* 12345.6 as "12,346" with `decimals` places; "-" for NaN. */
void allostat_number_words(char text[ALLOSTAT_NUMBER_TEXT_SIZE], double value,
                           int decimals);

/* True when the interval of a difference holds 0. False with one replicate. */
bool allostat_paired_unsure(const allostat_paired *paired);

/* True when no replicate differs. */
bool allostat_paired_none(const allostat_paired *paired);

#endif
