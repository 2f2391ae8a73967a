/* A CSV of data as a tree of the same words as YAML, so that one piece of code checks
 * both.
 *
 * Comment lines that begin with `#` come first; one of them is `# source: …`. Then the
 * header, then rows of as many cells. */
#ifndef ALLOSTAT_PARAMS_CSV_H
#define ALLOSTAT_PARAMS_CSV_H

#include "params/document.h"

/* A list of rows, each a list of `column_count` words; *note is the text of the source
 * line. NULL, with a mistake or with the pool failed, when the file cannot be used;
 * rows with mistakes are left out. `header` is the first row as it must be:
 * "date,value". */
const allostat_node *allostat_csv_read(const allostat_source *source,
                                       const char *header, allostat_report *report,
                                       const char **note);

#endif
