/* Time that passes while the program runs, for measuring; no result depends on it. */
#ifndef ALLOSTAT_BASE_CLOCK_H
#define ALLOSTAT_BASE_CLOCK_H

/* Seconds since some moment before; never goes back. */
double allostat_seconds_now(void);

#endif
