#include "check.h"

#include "fixture.h"
#include "io/digest.h"

#include <string.h>

/* FIPS 180-4, the example of one block. */
static void digest_of_abc_is_the_published_one(void **state)
{
    char digest[ALLOSTAT_DIGEST_SIZE];

    (void)state;
    allostat_digest_bytes("abc", 3, digest);
    assert_string_equal(
        digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void digest_of_a_file_is_that_of_its_bytes(void **state)
{
    const fixture *self = *state;
    enum { SIZE = 200001 }; /* more than one buffer, and a part of one */
    static unsigned char bytes[SIZE];
    char of_bytes[ALLOSTAT_DIGEST_SIZE], of_file[ALLOSTAT_DIGEST_SIZE];

    for (size_t i = 0; i < SIZE; i++) bytes[i] = (unsigned char)(i % 251);
    FILE *file = fopen(self->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, SIZE, file), SIZE);
    assert_int_equal(fclose(file), 0);
    allostat_digest_bytes(bytes, SIZE, of_bytes);
    assert_int_equal(allostat_digest_file(self->path, of_file, NULL), ALLOSTAT_OK);
    assert_string_equal(of_file, of_bytes);
}

static void a_missing_file_has_no_digest(void **state)
{
    const fixture *self = *state;
    char digest[ALLOSTAT_DIGEST_SIZE];
    allostat_error error = {0};

    assert_int_equal(allostat_digest_file(self->path, digest, &error),
                     ALLOSTAT_ERROR_NO_INPUT);
    assert_non_null(strstr(error.message, self->path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digest_of_abc_is_the_published_one),
        cmocka_unit_test_setup_teardown(digest_of_a_file_is_that_of_its_bytes,
                                        fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_missing_file_has_no_digest, fixture_setup,
                                        fixture_teardown),
    };
    return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
