/* A report and a source in memory, for tests of single readers. */
#ifndef ALLOSTAT_TESTS_PARAMS_READING_H
#define ALLOSTAT_TESTS_PARAMS_READING_H

#include "check.h"

#include "params/report.h"
#include "params/source.h"

#include <string.h>

typedef struct {
    allostat_pool pool;
    allostat_report report;
    allostat_source *source;
} reading;

static inline void reading_init(reading *self, const char *text)
{
    *self = (reading){.report = {.pool = &self->pool}};
    self->source = allostat_source_from_text(&self->report, "file.yaml", text);
    assert_non_null(self->source);
}

/* Ends the reading: it must have found `text` as all that there is to say. */
static inline void reading_expect(reading *self, const char *text)
{
    allostat_mistakes mistakes = {0};
    allostat_error error = {0};
    const allostat_status status =
        allostat_report_finish(&self->report, &mistakes, &error);

    if (text == NULL) {
        assert_int_equal(status, ALLOSTAT_OK);
        assert_null(mistakes.text);
    } else {
        assert_int_not_equal(status, ALLOSTAT_OK);
        assert_string_equal(mistakes.text, text);
    }
    allostat_mistakes_free(&mistakes);
    allostat_pool_free(&self->pool);
}

#endif
