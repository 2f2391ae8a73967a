/* Time that passes while the program runs, for measuring; no result depends on it. */
#ifndef ALLOSTAT_BASE_CLOCK_H
#define ALLOSTAT_BASE_CLOCK_H

/* Seconds since some moment before; never goes back. */
double allostat_seconds_now(void);

/* Seconds that processors have spent on this program, all threads, since it began. */
typedef struct {
    double own;    /* in the program itself */
    double system; /* in the system for it, most of it to find and to clear memory */
} allostat_processor_seconds;

allostat_processor_seconds allostat_processor_seconds_now(void);

#endif
