#include "base/clock.h"

#include <sys/resource.h>
#include <time.h>

double allostat_seconds_now(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

allostat_processor_seconds allostat_processor_seconds_now(void)
{
    struct rusage spent = {0};

    (void)getrusage(RUSAGE_SELF, &spent);
    return (allostat_processor_seconds){seconds_of(spent.ru_utime),
                                        seconds_of(spent.ru_stime)};
}
