/* The page to send: what the policies did, how sure that is and for whom, in words,
 * pictures and tables; one file that needs nothing else.
 *
 * The page is a function of the result files: no time of day, no name of a machine. */
#ifndef ALLOSTAT_IO_REPORT_PAGE_H
#define ALLOSTAT_IO_REPORT_PAGE_H

#include "io/report/canvas.h"
#include "io/saved_run.h"
#include "study/contrast.h"

/* A run and the name of its file as given. */
typedef struct {
    const char *path;
    const allostat_saved_run *run;
} allostat_page_run;

/* What is kept of a policy for the table of all of them. */
typedef struct {
    char name[ALLOSTAT_TEXT_SIZE];
    char description[ALLOSTAT_TEXT_SIZE];
    char path[ALLOSTAT_PATH_SIZE];
    char digest[ALLOSTAT_DIGEST_SIZE];
    char version[ALLOSTAT_TEXT_SIZE];
    int64_t seed;
    int32_t replicate_count;
    allostat_contrast_cell whole[ALLOSTAT_OUTCOME_COUNT];
    allostat_text answer;          /* HTML: sentence, how sure, for whom, picture */
    size_t sure_from, sure_length; /* of `answer`: how sure, for whom */
} allostat_page_policy;

typedef struct {
    const char *title; /* NULL: made from the names of the runs */
    allostat_page_run base;
    allostat_canvas canvas;
    int32_t policy_count, policy_expected;
    allostat_page_policy *policy; /* [policy_expected] */
    allostat_page_files *files;   /* NULL when figures are not kept */
    allostat_error *error;
} allostat_page;

/* Does the page, or the contrast behind it, read this series? */
bool allostat_page_reads(const allostat_series_info *info);

/* Begin a page about `base` and policy_expected policies; `base`, `title` and `files`
 * must outlive it. *report can be freed whatever happens. Errors: NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_page_begin(allostat_page *report,
                                                        allostat_page_run base,
                                                        int32_t policy_expected,
                                                        allostat_error *error);

/* The next policy; it and its contrast may go away afterwards. */
ALLOSTAT_MUST_CHECK allostat_status allostat_page_add(
    allostat_page *report, allostat_page_run policy, const allostat_contrast *contrast);

/* The whole page; the caller frees it. */
ALLOSTAT_MUST_CHECK allostat_status allostat_page_end(allostat_page *report,
                                                      allostat_text *page);

void allostat_page_free(allostat_page *report);

/* Trajectories and, with policies, their table for a terminal. */
typedef struct {
    int32_t columns; /* of the terminal */
    bool utf8;
    bool colour;
} allostat_terminal;

/* Charts of one run, and of a policy beside it unless that is NULL. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_terminal_charts(allostat_text *text, const allostat_terminal *terminal,
                         const allostat_page_run *base, const allostat_page_run *policy,
                         allostat_error *error);

/* One line a policy: deaths averted with interval, QALYs, cost, ICER. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_terminal_table(allostat_text *text, const allostat_terminal *terminal,
                        const allostat_page *report);

#endif
