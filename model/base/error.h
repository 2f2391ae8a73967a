/* Status codes and the one error record, filled where a failure is noticed. */
#ifndef ALLOSTAT_BASE_ERROR_H
#define ALLOSTAT_BASE_ERROR_H

typedef enum {
    ALLOSTAT_OK = 0,
#define ALLOSTAT_ERROR_ROW(name, exit_code, text) ALLOSTAT_ERROR_##name,
#include "tables/errors.def"
#undef ALLOSTAT_ERROR_ROW
    ALLOSTAT_STATUS_COUNT
} allostat_status;

enum { ALLOSTAT_PATH_SIZE = 1024, ALLOSTAT_MESSAGE_SIZE = 1024 };

/* What went wrong, where in our source and, when a user's file is to blame, where in
 * it. */
typedef struct {
    allostat_status status;
    const char *code_file;              /* our source file */
    int code_line;                      /* our line */
    char user_file[ALLOSTAT_PATH_SIZE]; /* the user's file; "" when none is involved */
    int user_line;                      /* counted from 1; 0 when unknown */
    int user_column;                    /* counted from 1; 0 when unknown */
    char message[ALLOSTAT_MESSAGE_SIZE];
} allostat_error;

/* The fixed text of a status; never NULL. */
const char *allostat_status_text(allostat_status status);

/* The program's exit code for a status: 0 for ALLOSTAT_OK, else 64 to 75. */
int allostat_status_exit_code(allostat_status status);

/* Record a failure and return its status. `error` may be NULL. Use it through
 * ALLOSTAT_FAIL. The members user_* stay as they are; the arguments may quote
 * error->message. */
allostat_status allostat_error_set(allostat_error *error, allostat_status status,
                                   const char *code_file, int code_line,
                                   const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Say which place in the user's file is to blame, before or after the failure is
 * recorded. `error` may be NULL; `user_file` NULL means none; line and column from 1, 0
 * when unknown. A path longer than ALLOSTAT_PATH_SIZE - 1 is cut. */
void allostat_error_blame(allostat_error *error, const char *user_file, int user_line,
                          int user_column);

#define ALLOSTAT_FAIL(error, name, ...) \
    allostat_error_set((error), ALLOSTAT_ERROR_##name, __FILE__, __LINE__, __VA_ARGS__)

/* Pass a failure on: needs a local `allostat_status status` and a label `cleanup`. */
#define ALLOSTAT_TRY(call)                       \
    do {                                         \
        status = (call);                         \
        if (status != ALLOSTAT_OK) goto cleanup; \
    } while (0)

#define ALLOSTAT_MUST_CHECK __attribute__((warn_unused_result))

#endif
