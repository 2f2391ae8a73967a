/* How long a line of the cache takes from one core to another: what threads of one city
 * wait for where they write what another has written. */
#ifndef ALLOSTAT_STUDY_HANDOVER_H
#define ALLOSTAT_STUDY_HANDOVER_H

/* Nanoseconds of a line's way to another core and back, the least of some tries: 60
 * where two cores share a cache, twice that and more where they do not, which a virtual
 * machine does not say of itself. 0 where there is one processor only, or where the
 * other was busy with something else. Takes some hundredths of a second. */
double allostat_handover_measure(void);

#endif
