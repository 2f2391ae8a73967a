/* How far a run is, on stderr: a bar on a terminal, else a line a minute; and whether a
 * signal asks it to stop. */
#ifndef ALLOSTAT_CLI_PROGRESS_H
#define ALLOSTAT_CLI_PROGRESS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    bool quiet;
    bool terminal;
    bool shown;       /* a bar stands on the line */
    double started;   /* seconds of a clock that only runs forward */
    double last;      /* when we last wrote */
    int64_t days;     /* simulated so far */
    int stop_signal;  /* the signal that stopped the run; 0 for none */
    sigset_t signals; /* those that stop it */
} allostat_progress_bar;

/* Seconds of a clock that only runs forward. */
double allostat_progress_clock(void);

/* Holds SIGINT, SIGTERM and SIGUSR1 back from now on: they wait until the run asks for
 * them, so none cuts a file in half. Call it before any thread starts. */
void allostat_progress_begin(allostat_progress_bar *bar, bool quiet);

/* An allostat_progress: `bar` is an allostat_progress_bar. False once a signal waits.
 */
bool allostat_progress_show(void *bar, int64_t days_done, int64_t days_total);

/* Clear the line of the bar. */
void allostat_progress_end(allostat_progress_bar *bar);

#endif
