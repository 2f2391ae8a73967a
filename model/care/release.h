/* Release from custody: treatment from that day on, a kit to take along (model page
 * 6.3). Treatment inside: custody.h; after detox: detox.h. */
#ifndef ALLOSTAT_CARE_RELEASE_H
#define ALLOSTAT_CARE_RELEASE_H

#include "care/requests.h"

/* First day of a month, once it is known who is taken into custody and before kits are
 * handed out: what is arranged for those whose stay ends in the month. Returns the
 * starts of treatment arranged. They do not wait for a place: the places of the next
 * months are fewer by them. */
int32_t allostat_release_month(const allostat_care_month *care);

#endif
