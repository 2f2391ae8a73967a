#include "params/reading.h"

#include "params/csv.h"

static void cells_know_their_places(void **state)
{
    (void)state;
    reading self;
    const char *note = NULL;
    reading_init(&self, "# source: \xC3\xA9 \r\ndate,value\r\n2015,  \"1\"\r\n\r\n"
                        "\xC3\xA9\xC3\xA9,\"a\"\"\nb\"\r\nx,y");
    const allostat_node *rows =
        allostat_csv_read(self.source, "date,value", &self.report, &note);
    const struct {
        const char *text;
        int line, column;
    } wanted[] = {{"2015", 3, 1},   {"1", 3, 8}, {"\xC3\xA9\xC3\xA9", 5, 1},
                  {"a\"\nb", 5, 4}, {"x", 7, 1}, {"y", 7, 3}};
    size_t i = 0;

    assert_non_null(rows);
    assert_string_equal(note, "\xC3\xA9");
    assert_int_equal(rows->count, 3);
    for (const allostat_node *row = rows->first; row != NULL; row = row->next) {
        for (const allostat_node *cell = row->first; cell != NULL;
             cell = cell->next, i++) {
            assert_string_equal(cell->text, wanted[i].text);
            assert_int_equal(cell->place.line, wanted[i].line);
            assert_int_equal(cell->place.column, wanted[i].column);
        }
    }
    assert_int_equal(i, sizeof wanted / sizeof wanted[0]);
    reading_expect(&self, NULL);
}

static void an_empty_cell_is_a_cell(void **state)
{
    (void)state;
    reading self;
    const char *note = NULL;
    reading_init(&self, "# source: x\ndate,value\n2015,\n,5\n");
    const allostat_node *rows =
        allostat_csv_read(self.source, "date,value", &self.report, &note);

    assert_int_equal(rows->count, 2);
    assert_string_equal(rows->first->first->next->text, "");
    assert_int_equal(rows->first->first->next->place.column, 6);
    assert_string_equal(rows->first->next->first->text, "");
    reading_expect(&self, NULL);
}

static void a_header_in_another_order_is_refused(void **state)
{
    (void)state;
    reading self;
    const char *note = NULL;
    reading_init(&self, "# source: x\nvalue,date\n5,2015\n");

    assert_null(allostat_csv_read(self.source, "date,value", &self.report, &note));
    reading_expect(
        &self,
        "file.yaml:2:1: error: the header must be 'date,value'\nvalue,date\n^\n");
}

static void a_comment_among_the_rows_is_refused(void **state)
{
    (void)state;
    reading self;
    const char *note = NULL;
    reading_init(&self, "# source: x\ndate,value\n2015,1\n# more\n2016,2\n");

    assert_non_null(allostat_csv_read(self.source, "date,value", &self.report, &note));
    assert_int_equal(self.report.count, 1);
    allostat_pool_free(&self.pool);
}

static void an_open_quote_is_reported_not_read_to_the_end(void **state)
{
    (void)state;
    reading self;
    const char *note = NULL;
    reading_init(&self, "# source: x\ndate,value\n2015,\"1\n2016,2\n");

    assert_null(allostat_csv_read(self.source, "date,value", &self.report, &note));
    assert_int_equal(self.report.count, 1);
    allostat_pool_free(&self.pool);
}

static void only_a_comment_that_begins_with_source_is_the_source(void **state)
{
    (void)state;
    reading self;
    const char *note = NULL;
    reading_init(&self,
                 "# data\n#Source:  the census\n# source: other\ndate,value\n2015,1\n");

    assert_non_null(allostat_csv_read(self.source, "date,value", &self.report, &note));
    assert_string_equal(note, "the census");
    reading_expect(&self, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_know_their_places),
        cmocka_unit_test(an_empty_cell_is_a_cell),
        cmocka_unit_test(a_header_in_another_order_is_refused),
        cmocka_unit_test(a_comment_among_the_rows_is_refused),
        cmocka_unit_test(an_open_quote_is_reported_not_read_to_the_end),
        cmocka_unit_test(only_a_comment_that_begins_with_source_is_the_source),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
