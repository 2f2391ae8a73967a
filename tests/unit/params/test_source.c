#include "params/folder.h"
#include "params/reading.h"

static void paths_are_joined_to_the_folder_of_the_file_that_names_them(void **state)
{
    (void)state;
    static const struct {
        const char *from, *path, *joined;
    } cases[] = {
        {"a.yaml", "b.yaml", "b.yaml"},
        {"configs/a.yaml", "b.yaml", "configs/b.yaml"},
        {"configs/scenarios/a.yaml", "../b.yaml", "configs/b.yaml"},
        {"configs/a.yaml", "../../b.yaml", "../b.yaml"},
        {"../a.yaml", "../b.yaml", "../../b.yaml"},
        {"./a.yaml", "./x/.//b.yaml", "x/b.yaml"},
        {"/etc/a.yaml", "../../b.yaml", "/b.yaml"},
        {"configs/a.yaml", "/b/../c", "/c"},
        {"configs/a.yaml", "..", "."},
        {"a.yaml", "..x/b", "..x/b"},
    };
    allostat_pool pool = {0};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(allostat_source_join(&pool, cases[i].from, cases[i].path),
                            cases[i].joined);
    }
    allostat_pool_free(&pool);
}

static void the_root_is_the_nearest_marked_folder_or_that_of_the_file(void **state)
{
    (void)state;
    allostat_pool pool = {0};
    folder files;
    folder_init(&files);

    folder_mkdir(&files, "a");
    folder_mkdir(&files, "a/b");
    const char *path = folder_write(&files, "a/b/c.yaml", "run: {}\n");
    assert_non_null(strstr(allostat_source_root(&pool, path), "/a/b"));
    folder_mkdir(&files, ".allostat"); /* a folder of this name marks nothing */
    assert_non_null(strstr(allostat_source_root(&pool, path), "/a/b"));
    folder_write(&files, "a/.allostat", "");
    const char *root = allostat_source_root(&pool, path);
    assert_string_equal(root + strlen(root) - 2, "/a");
    allostat_pool_free(&pool);
    folder_free(&files);
}

static void a_folder_with_a_longer_name_is_not_inside(void **state)
{
    (void)state;
    allostat_pool pool = {0};
    folder files;
    folder_init(&files);

    folder_mkdir(&files, "a");
    folder_mkdir(&files, "ab");
    const char *other = folder_write(&files, "ab/x", "");
    const char *own = folder_write(&files, "a/x", "");
    const char *root = allostat_source_root(&pool, own);
    assert_true(allostat_source_inside(&pool, root, own));
    assert_false(allostat_source_inside(&pool, root, other));
    assert_true(
        allostat_source_inside(&pool, root, folder_path(&files, "a/none/at/all")));
    assert_false(allostat_source_inside(&pool, root, folder_path(&files, "ab/none")));
    allostat_pool_free(&pool);
    folder_free(&files);
}

static void pipes_and_folders_are_no_files_to_read(void **state)
{
    (void)state;
    reading self;
    folder files;
    folder_init(&files);
    reading_init(&self, "");

    const char *pipe_path = folder_path(&files, "pipe");
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    assert_null(allostat_source_read(&self.report, pipe_path, true));
    assert_null(allostat_source_read(&self.report, files.path, false));
    reading_expect(&self, NULL);
    folder_free(&files);
}

static void a_file_of_exactly_the_limit_is_read_whole(void **state)
{
    (void)state;
    reading self;
    folder files;
    char *text = malloc(ALLOSTAT_SOURCE_LIMIT + 1);
    assert_non_null(text);
    memset(text, '#', ALLOSTAT_SOURCE_LIMIT + 1);
    folder_init(&files);
    reading_init(&self, "");

    const char *path = folder_write_bytes(&files, "a", text, ALLOSTAT_SOURCE_LIMIT);
    const allostat_source *source = allostat_source_read(&self.report, path, true);
    assert_int_equal(source->length, ALLOSTAT_SOURCE_LIMIT);
    assert_true(allostat_source_check(source, &self.report));
    path = folder_write_bytes(&files, "b", text, ALLOSTAT_SOURCE_LIMIT + 1);
    source = allostat_source_read(&self.report, path, true);
    assert_true(source->too_large);
    assert_false(allostat_source_check(source, &self.report));
    free(text);
    allostat_pool_free(&self.pool);
    folder_free(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_joined_to_the_folder_of_the_file_that_names_them),
        cmocka_unit_test(the_root_is_the_nearest_marked_folder_or_that_of_the_file),
        cmocka_unit_test(a_folder_with_a_longer_name_is_not_inside),
        cmocka_unit_test(pipes_and_folders_are_no_files_to_read),
        cmocka_unit_test(a_file_of_exactly_the_limit_is_read_whole),
    };
    return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
