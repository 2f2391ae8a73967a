#include "params/reading.h"

#include "params/document.h"

static void nodes_know_their_kind_text_and_place(void **state)
{
    (void)state;
    reading self;
    reading_init(&self, "# c\na:\n  b: [1, 'x']\n  \xC3\xA9: \"2\"\n");
    const allostat_node *root = allostat_document_read(self.source, &self.report);
    const allostat_node *a = allostat_node_find(root, "a");
    const allostat_node *b = allostat_node_find(a, "b");
    const allostat_node *e = allostat_node_find(a, "\xC3\xA9");

    assert_int_equal(b->kind, ALLOSTAT_NODE_list);
    assert_int_equal(b->count, 2);
    assert_int_equal(b->key->place.column, 3);
    assert_true(b->first->is_plain);
    assert_false(b->first->next->is_plain);
    assert_int_equal(b->first->next->place.line, 3);
    assert_int_equal(b->first->next->place.column, 10);
    assert_string_equal(e->text, "2");
    assert_int_equal(e->place.column, 6);
    assert_null(allostat_node_find(a, "c"));
    reading_expect(&self, NULL);
}

static void every_repeated_key_is_reported_at_its_second_place(void **state)
{
    (void)state;
    reading self;
    reading_init(&self, "b: 1\na: {x: 1, y: 2, x: 3}\nb: 2\n");

    assert_non_null(allostat_document_read(self.source, &self.report));
    reading_expect(
        &self, "file.yaml:2:17: error: 'x' is already set on line 2; keep one of the "
               "two\na: {x: 1, y: 2, x: 3}\n                ^\n"
               "file.yaml:3:1: error: 'b' is already set on line 1; keep one of the "
               "two\nb: 2\n^\n");
}

static void a_list_as_a_key_is_refused_without_a_crash(void **state)
{
    (void)state;
    reading self;
    reading_init(&self, "? [a, b]\n: 1\n? {c: d}\n: 2\n");

    assert_non_null(allostat_document_read(self.source, &self.report));
    assert_int_equal(self.report.count, 2);
    allostat_pool_free(&self.pool);
}

static void a_text_with_nul_is_refused(void **state)
{
    (void)state;
    reading self;
    reading_init(&self, "a: \"x\\0y\"\n");
    const allostat_node *root = allostat_document_read(self.source, &self.report);

    assert_int_equal(allostat_node_find(root, "a")->kind, ALLOSTAT_NODE_refused);
    assert_int_equal(self.report.count, 1);
    allostat_pool_free(&self.pool);
}

/* Cut anywhere, a document is read or refused, and never both a tree and a syntax
 * error. */
static void a_document_cut_anywhere_is_read_or_refused(void **state)
{
    (void)state;
    static const char text[] =
        "run: {name: \"a\\u00e9\", list: [1, &x 2, *x]}\nb:\n  - c: |\n"
        "      text\n  - ? k\n    : v\n...\n---\n!t x\n";
    char cut[sizeof text];

    for (size_t length = 0; length < sizeof text; length++) {
        reading self;
        memcpy(cut, text, length);
        cut[length] = '\0';
        reading_init(&self, cut);
        const allostat_node *root = allostat_document_read(self.source, &self.report);
        assert_true(root != NULL || self.report.count > 0);
        assert_false(self.pool.failed);
        allostat_pool_free(&self.pool);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_know_their_kind_text_and_place),
        cmocka_unit_test(every_repeated_key_is_reported_at_its_second_place),
        cmocka_unit_test(a_list_as_a_key_is_refused_without_a_crash),
        cmocka_unit_test(a_text_with_nul_is_refused),
        cmocka_unit_test(a_document_cut_anywhere_is_read_or_refused),
    };
    return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}
