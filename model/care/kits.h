/* Naloxone kits: shipped, handed out, carried, lost (model page 6.3). Used: see
 * response.h. */
#ifndef ALLOSTAT_CARE_KITS_H
#define ALLOSTAT_CARE_KITS_H

#include "base/draws.h"
#include "care/requests.h"
#include "params/params.h"
#include "people/residents.h"
#include "people/users.h"

/* Kits shipped and not yet whole, carried from month to month so that no kit is lost in
 * rounding. */
typedef struct {
    double shipped_rest;
    double for_users_rest;
} allostat_kit_stock;

typedef struct {
    int32_t shipped;      /* to programmes in the city */
    int32_t handed_due;   /* of the kits for users: on release, or by outreach */
    int32_t handed_alone; /* by priority to those who use alone most */
    int32_t not_taken;    /* meant for users, who all held as many as they carry */
} allostat_kit_month;

/* First day of a month: kits are lost, then the month's kits are handed out, at most
 * one to a person, to users who hold fewer than they carry at most: to those with
 * kit_due, then a share of the rest by use alone, then by a keyed draw. Error:
 * NO_MEMORY. */
ALLOSTAT_MUST_CHECK allostat_status allostat_kits_month(
    const allostat_care_month *care, const allostat_residents *residents,
    allostat_kit_stock *stock, allostat_kit_month *result, allostat_error *error);

#endif
