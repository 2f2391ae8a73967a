#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR_WIDTH = 30, DUE_SIZE = 32 };
static const double terminal_seconds = 0.2, log_seconds = 60.0;

double allostat_progress_clock(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void allostat_progress_begin(allostat_progress_bar *bar, bool quiet)
{
    const char *kind = getenv("TERM");

    memset(bar, 0, sizeof *bar);
    bar->quiet = quiet;
    bar->terminal =
        isatty(STDERR_FILENO) && (kind == NULL || strcmp(kind, "dumb") != 0);
    bar->started = allostat_progress_clock();
    bar->last = bar->started;
    sigemptyset(&bar->signals);
    sigaddset(&bar->signals, SIGINT);
    sigaddset(&bar->signals, SIGTERM);
    sigaddset(&bar->signals, SIGUSR1);
    sigprocmask(SIG_BLOCK, &bar->signals, NULL);
}

static int waiting_signal(void)
{
    sigset_t pending;

    sigemptyset(&pending);
    if (sigpending(&pending) != 0) return 0;
    if (sigismember(&pending, SIGINT) == 1) return SIGINT;
    if (sigismember(&pending, SIGTERM) == 1) return SIGTERM;
    return sigismember(&pending, SIGUSR1) == 1 ? SIGUSR1 : 0;
}

static void format_time_left(double seconds, char text[DUE_SIZE])
{
    if (seconds < 60.0) {
        snprintf(text, DUE_SIZE, "%.0f s left", seconds);
    } else if (seconds < 5400.0) {
        snprintf(text, DUE_SIZE, "%.0f min left", seconds / 60.0);
    } else {
        snprintf(text, DUE_SIZE, "%.1f h left", seconds / 3600.0);
    }
}

static void draw(allostat_progress_bar *bar, double share, const char *left)
{
    const int full = (int)(share * BAR_WIDTH);

    if (!bar->terminal) {
        fprintf(stderr, "allostat: %.0f %% done, %s\n", 100.0 * share, left);
        return;
    }
    fprintf(stderr, "\r[");
    for (int i = 0; i < BAR_WIDTH; i++) fputc(i < full ? '#' : '.', stderr);
    /* to the end of the line: the text may have been longer before */
    fprintf(stderr, "] %3.0f %%  %s\033[K", 100.0 * share, left);
    fflush(stderr);
    bar->shown = true;
}

bool allostat_progress_show(void *context, int64_t days_done, int64_t days_total)
{
    allostat_progress_bar *bar = context;
    const double now = allostat_progress_clock();
    const double pause = bar->terminal ? terminal_seconds : log_seconds;
    char left[DUE_SIZE];

    bar->days = days_done;
    bar->stop_signal = waiting_signal();
    if (!bar->quiet && now - bar->last >= pause && days_done > 0 && days_total > 0) {
        const double share = (double)days_done / (double)days_total;
        format_time_left((now - bar->started) * (1.0 - share) / share, left);
        draw(bar, share, left);
        bar->last = now;
    }
    return bar->stop_signal == 0;
}

void allostat_progress_end(allostat_progress_bar *bar)
{
    if (bar->shown) fprintf(stderr, "\r\033[K");
    bar->shown = false;
}
