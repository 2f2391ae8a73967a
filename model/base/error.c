#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *allostat_status_text(allostat_status status)
{
    static const char *const text[ALLOSTAT_STATUS_COUNT] = {
        [ALLOSTAT_OK] = "success",
#define ALLOSTAT_ERROR_ROW(name, exit_code, text) [ALLOSTAT_ERROR_##name] = text,
#include "tables/errors.def"
#undef ALLOSTAT_ERROR_ROW
    };

    if ((unsigned)status >= ALLOSTAT_STATUS_COUNT) return "unknown status";
    return text[status];
}

int allostat_status_exit_code(allostat_status status)
{
    static const int exit_code[ALLOSTAT_STATUS_COUNT] = {
        [ALLOSTAT_OK] = 0,
#define ALLOSTAT_ERROR_ROW(name, exit_code, text) [ALLOSTAT_ERROR_##name] = exit_code,
#include "tables/errors.def"
#undef ALLOSTAT_ERROR_ROW
    };

    /* a status outside the table is itself a broken invariant */
    if ((unsigned)status >= ALLOSTAT_STATUS_COUNT)
        return exit_code[ALLOSTAT_ERROR_INVARIANT];
    return exit_code[status];
}

allostat_status allostat_error_set(allostat_error *error, allostat_status status,
                                   const char *code_file, int code_line,
                                   const char *format, ...)
{
    /* formatted aside: the arguments may quote the message that is replaced */
    char message[ALLOSTAT_MESSAGE_SIZE];
    va_list arguments;

    if (error == NULL) return status;
    va_start(arguments, format);
    if (vsnprintf(message, sizeof message, format, arguments) < 0) message[0] = '\0';
    va_end(arguments);

    error->status = status;
    error->code_file = code_file;
    error->code_line = code_line;
    memcpy(error->message, message, sizeof message);
    return status;
}

void allostat_error_blame(allostat_error *error, const char *user_file, int user_line,
                          int user_column)
{
    size_t length;

    if (error == NULL) return;
    length = user_file == NULL ? 0 : strnlen(user_file, ALLOSTAT_PATH_SIZE - 1);
    if (length > 0) memmove(error->user_file, user_file, length);
    error->user_file[length] = '\0';
    error->user_line = user_line;
    error->user_column = user_column;
}
