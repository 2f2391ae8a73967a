/* --save-city and --from-city: runs that leave their city behind, or go on from one. */
#ifndef ALLOSTAT_CLI_BRANCH_H
#define ALLOSTAT_CLI_BRANCH_H

#include "io/city_file.h"

typedef struct {
    const char *save_text; /* of --save-city: DATE or DATE=FOLDER; NULL for none */
    const char *load_text; /* of --from-city: FOLDER; NULL for none */
    allostat_city_folder save, load;
    allostat_branching branching;
} allostat_cli_branch;

/* Ready for a run of `scenario` that writes `output`: the folder to save to is made,
 * the folder to go on from is checked. Errors: USAGE when the date is none or not the
 * first day of a month within the run; those of io/city_file.h. */
ALLOSTAT_MUST_CHECK allostat_status
allostat_cli_branch_open(allostat_cli_branch *self, const allostat_scenario *scenario,
                         const char *output, bool force, allostat_error *error);

#endif
