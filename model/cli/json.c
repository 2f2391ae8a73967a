#include "cli/json.h"

#include <math.h>
#include <stdio.h>

enum { MONTH_SIZE = 16, MONTHS_A_YEAR = 12 };

json_t *allostat_json_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *allostat_json_text(const char *value)
{
    json_t *string = json_string(value);

    return string != NULL ? string : json_null();
}

json_t *allostat_json_month(allostat_month value)
{
    char written[MONTH_SIZE];

    snprintf(written, sizeof written, "%04d-%02d", (int)(value / MONTHS_A_YEAR),
             (int)(value % MONTHS_A_YEAR + 1));
    return json_string(written);
}
