/* The sections of the page; each writes itself to the canvas of a view. */
#ifndef ALLOSTAT_IO_REPORT_SECTIONS_H
#define ALLOSTAT_IO_REPORT_SECTIONS_H

#include "io/report/page.h"

/* A run, or a policy beside its base. */
typedef struct {
    allostat_canvas *canvas;
    const allostat_results *base;
    const allostat_results *policy;    /* NULL when there is none */
    const allostat_contrast *contrast; /* NULL when there is none */
    allostat_month first, last;        /* months looked at */
    double scale;                      /* of the city: 1 is the real one */
    allostat_status *status;           /* of a failure outside the canvas */
    allostat_error *error;
} allostat_view;

/* The base and the policy as they are told apart in every picture. */
extern const allostat_chart_key allostat_view_keys[3];

/* How many runs a view has, and the i-th of them. */
int32_t allostat_view_runs(const allostat_view *view);
const allostat_results *allostat_view_run(const allostat_view *view, int32_t i);

/* How the bands of a run are to be read: "mean of 8 replicates; …". */
void allostat_view_bands_text(const allostat_view *view, char *text, size_t size);

/* The value of a month that was observed, in persons of the simulated city; else NaN.
 */
double allostat_view_observed(const allostat_view *view, allostat_counted series,
                              allostat_month month);

/* A line a run with bands, month by month, and points where observed. */
typedef struct {
    int32_t place; /* of the base among what the canvas has drawn */
    const char *name, *title;
    allostat_pick pick;
    bool observed;
    bool from_zero; /* the axis begins at 0 */
} allostat_trajectory;

void allostat_section_trajectory(const allostat_view *view,
                                 const allostat_trajectory *trajectory);

/* In words: what the policy did, how sure that is, for whom. */
void allostat_words_answer(allostat_pen *pen, const allostat_contrast *contrast);
void allostat_words_sure(allostat_pen *pen, const allostat_contrast *contrast);
void allostat_words_whom(allostat_pen *pen, const allostat_contrast *contrast);

/* Of several policies: the best by deaths averted, and which are not told from chance.
 */
void allostat_words_many(allostat_pen *pen, const allostat_page *report);

/* What a difference of QALYs and of cost means, in words. */
void allostat_words_value(allostat_pen *pen, double qalys, double cost);

/* The first screen, before the sections, and what stands at the end. */
void allostat_front(allostat_page *report);
void allostat_back(allostat_page *report);

void allostat_section_key_numbers(const allostat_view *view);
void allostat_section_trajectories(const allostat_view *view);
void allostat_section_difference(const allostat_view *view);
void allostat_section_parts(const allostat_view *view);
void allostat_section_who_dies(const allostat_view *view);
void allostat_section_care(const allostat_view *view);
void allostat_section_regulation(const allostat_view *view);
void allostat_section_ledger(const allostat_view *view);
void allostat_section_value(const allostat_view *view);
void allostat_section_fit(const allostat_view *view);
void allostat_section_changes(const allostat_view *view);

#endif
