#include "base/nearest_file.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/nearest_file_XXXXXX";

static void put(const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

static int make_folder(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    put("vancouver.yaml");
    put("kits_halved.yaml");
    put("kits_doubled.yaml");
    put(".vancuver.yaml");
    return 0;
}

static int remove_folder(void **state)
{
    static const char *const names[] = {"vancouver.yaml", "kits_halved.yaml",
                                        "kits_doubled.yaml", ".vancuver.yaml"};
    char path[256];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    return rmdir(folder);
}

static const char *hint_for(const char *name)
{
    static char hint[ALLOSTAT_FILE_HINT_SIZE];
    char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    allostat_nearest_file_hint(path, hint);
    return hint;
}

static void a_misspelt_name_is_told_with_its_folder(void **state)
{
    char wanted[256];

    (void)state;
    snprintf(wanted, sizeof wanted, "; did you mean '%s/vancouver.yaml'?", folder);
    assert_string_equal(hint_for("vancuver.yaml"), wanted);
}

static void nothing_is_told_of_names_that_are_far(void **state)
{
    (void)state;
    assert_string_equal(hint_for("toronto.csv"), "");
    assert_string_equal(hint_for(""), "");
}

static void a_file_that_is_there_is_not_its_own_neighbour(void **state)
{
    (void)state;
    assert_null(strstr(hint_for("vancouver.yaml"), "/vancouver.yaml"));
}

static void a_folder_that_is_not_there_gives_no_hint_and_keeps_errno(void **state)
{
    char hint[ALLOSTAT_FILE_HINT_SIZE];

    (void)state;
    errno = ENOENT;
    allostat_nearest_file_hint("no/such/folder/vancouver.yaml", hint);
    assert_string_equal(hint, "");
    assert_int_equal(errno, ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_misspelt_name_is_told_with_its_folder),
        cmocka_unit_test(nothing_is_told_of_names_that_are_far),
        cmocka_unit_test(a_file_that_is_there_is_not_its_own_neighbour),
        cmocka_unit_test(a_folder_that_is_not_there_gives_no_hint_and_keeps_errno),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
