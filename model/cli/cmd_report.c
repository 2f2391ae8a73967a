/* allostat report RUN.h5 [POLICY.h5 ...]: a page with pictures, or charts for a
 * terminal. */
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/options.h"
#include "engine/blocks.h"
#include "io/report/page.h"
#include "io/whole_file.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COLUMNS_LEAST = 40, COLUMNS_USUAL = 80, COLUMNS_MOST = 200 };

static const char help[] =
    "usage: allostat report RUN.h5 [POLICY.h5]... [--output PAGE.html] [OPTION]...\n"
    "\n"
    "Make one page of HTML from result files: what each policy did against the first "
    "run, how sure\n"
    "that is and for whom, in words, pictures and tables. The page needs nothing else "
    "and loads\n"
    "nothing. The same files give the same bytes.\n"
    "\n"
    "  -o, --output FILE  the page; report.html by default\n"
    "  --figures DIR      every figure as SVG and its numbers as CSV, too; the folder "
    "is made when\n"
    "                     it is not there\n"
    "  --text             charts and the table of policies for a terminal, to stdout; "
    "no page unless\n"
    "                     --output is given\n"
    "  --title TEXT       title of the page\n"
    "  --force            overwrite files\n"
    "  --help             show this\n"
    "\n"
    "example: allostat report out/vancouver.h5 out/no_naloxone.h5 -o out/report.html\n";

typedef struct {
    const char *output, *figures, *title;
    bool text, force;
    int32_t count;
    char **path; /* [count]: the base first */
} report_options;

static int take_option(void *context, int letter)
{
    report_options *options = context;

    switch (letter) {
    case 'o':
        options->output = optarg;
        return 0;
    case 'd':
        options->figures = optarg;
        return 0;
    case 'i':
        options->title = optarg;
        return 0;
    case 't':
        options->text = true;
        return 0;
    default: /* 'f' */
        options->force = true;
        return 0;
    }
}

/* 0 to go on, 64 after a message, -1 after --help. */
static int read_options(report_options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"output", required_argument, NULL, 'o'},
        {"figures", required_argument, NULL, 'd'},
        {"title", required_argument, NULL, 'i'},
        {"text", no_argument, NULL, 't'},
        {"force", no_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    const int result = allostat_cli_read_options(
        argc, argv,
        &(allostat_cli_options){known, help, take_option, options, .letters = ":o:"});

    if (result != 0) return result;
    options->count = argc - optind;
    options->path = argv + optind;
    if (options->count < 1) {
        return allostat_cli_usage_error("report", "which result file?");
    }
    if (options->output == NULL && !options->text) options->output = "report.html";
    return 0;
}

/* ---- files ---------------------------------------------------------------------- */

static allostat_status make_folder(const char *path, allostat_error *error)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST) return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, CANNOT_CREATE,
                         "the folder %s: %s; --figures makes "
                         "one folder, and not those above it",
                         path, strerror(errno));
}

static allostat_status figure_path(const report_options *options, const char *name,
                                   char path[ALLOSTAT_PATH_SIZE], allostat_error *error)
{
    const int written =
        snprintf(path, ALLOSTAT_PATH_SIZE, "%s/%s", options->figures, name);

    if (written < ALLOSTAT_PATH_SIZE) return ALLOSTAT_OK;
    return ALLOSTAT_FAIL(error, CANNOT_CREATE, "%s/%s: the name is too long",
                         options->figures, name);
}

/* All or none: every name is looked at before the first is written. */
static allostat_status write_figures(const report_options *options,
                                     const allostat_page_files *files,
                                     allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    char path[ALLOSTAT_PATH_SIZE];

    if (options->figures == NULL) return ALLOSTAT_OK;
    ALLOSTAT_TRY(make_folder(options->figures, error));
    for (int32_t i = 0; i < files->count; i++) {
        ALLOSTAT_TRY(figure_path(options, files->file[i].name, path, error));
        ALLOSTAT_TRY(allostat_whole_file_check(path, options->force, error));
    }
    for (int32_t i = 0; i < files->count; i++) {
        const allostat_text *text = &files->file[i].text;
        ALLOSTAT_TRY(figure_path(options, files->file[i].name, path, error));
        ALLOSTAT_TRY(allostat_whole_file_write(path, options->force, text->data,
                                               text->length, error));
    }
cleanup:
    return status;
}

/* ---- the command ---------------------------------------------------------------- */

/* Bold and drawn letters only where someone looks at a terminal that has them. */
static allostat_terminal terminal_of_user(void)
{
    allostat_terminal terminal = {COLUMNS_USUAL, false, false};
    const char *no_color = getenv("NO_COLOR"), *columns = getenv("COLUMNS");
    struct winsize size;

    if (columns != NULL && strtol(columns, NULL, 10) > 0) {
        terminal.columns = (int32_t)strtol(columns, NULL, 10);
    } else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        terminal.columns = size.ws_col;
    }
    if (terminal.columns < COLUMNS_LEAST) terminal.columns = COLUMNS_LEAST;
    if (terminal.columns > COLUMNS_MOST) terminal.columns = COLUMNS_MOST;
    setlocale(LC_CTYPE, "");
    terminal.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    setlocale(LC_CTYPE, "C");
    terminal.colour =
        isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0');
    return terminal;
}

/* A policy's file, read while the policy before it is put on the page. */
typedef struct {
    allostat_saved_run run;
    allostat_status status;
    allostat_error error;
} policy_file;

/* What the command holds while it works: two policies at a time. */
typedef struct {
    const report_options *options;
    allostat_terminal terminal;
    allostat_saved_run base;
    allostat_contrast_base against; /* the base, as contrasts want it */
    policy_file policy[2];          /* in turn */
    allostat_page report;
    allostat_page_files files;
    allostat_text charts, page;
} work;

static const allostat_stored_wanted page_wants = {allostat_page_reads,
                                                  allostat_contrast_reads_fact};

static void read_policy(work *self, int32_t i)
{
    policy_file *file = &self->policy[i % 2];

    file->status = allostat_saved_run_init(
        &file->run, self->options->path[i],
        (allostat_saved_wanted){page_wants, &self->base.scenario}, &file->error);
}

static allostat_status show_policy(work *self, int32_t i, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_page_run base = {self->options->path[0], &self->base};
    const allostat_page_run policy = {self->options->path[i], &self->policy[i % 2].run};
    allostat_contrast contrast = {0};

    ALLOSTAT_TRY(allostat_contrast_with(&contrast, &self->against, &policy.run->results,
                                        0, 0, error));
    ALLOSTAT_TRY(allostat_page_add(&self->report, policy, &contrast));
    if (self->options->text) {
        ALLOSTAT_TRY(allostat_terminal_charts(&self->charts, &self->terminal, &base,
                                              &policy, error));
    }
cleanup:
    allostat_contrast_free(&contrast);
    return status;
}

/* Policy i is put on the page while the next is read: two tasks that share nothing but
 * the base, which neither changes. HDF5 is in one of them only. */
typedef struct {
    work *self;
    int32_t i;
    allostat_status status; /* of showing it */
    allostat_error *error;
} step;

static void do_task(void *context, int32_t task)
{
    step *now = context;

    if (task == 0) {
        now->status = show_policy(now->self, now->i, now->error);
    } else {
        read_policy(now->self, now->i + 1);
    }
}

static allostat_status take_policies(work *self, allostat_error *error)
{
    const int32_t count = self->options->count, threads = allostat_threads_available();

    if (count > 1) read_policy(self, 1);
    for (int32_t i = 1; i < count; i++) {
        policy_file *file = &self->policy[i % 2];
        step now = {self, i, ALLOSTAT_OK, error};

        if (file->status != ALLOSTAT_OK) {
            *error = file->error;
            return file->status;
        }
        allostat_tasks_run(i + 1 < count ? 2 : 1, threads, do_task, &now);
        allostat_saved_run_free(&file->run);
        if (now.status != ALLOSTAT_OK) return now.status;
    }
    return ALLOSTAT_OK;
}

static allostat_status show_text(work *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_page_run base = {self->options->path[0], &self->base};
    if (!self->options->text) return ALLOSTAT_OK;
    if (self->report.policy_count == 0) {
        ALLOSTAT_TRY(allostat_terminal_charts(&self->charts, &self->terminal, &base,
                                              NULL, error));
    } else {
        ALLOSTAT_TRY(
            allostat_terminal_table(&self->charts, &self->terminal, &self->report));
    }
    fwrite(self->charts.data, 1, self->charts.length, stdout);
cleanup:
    return status;
}

static allostat_status write_page(work *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const report_options *options = self->options;

    if (options->output == NULL) return ALLOSTAT_OK;
    ALLOSTAT_TRY(allostat_whole_file_write(options->output, options->force,
                                           self->page.data, self->page.length, error));
    fprintf(stderr, "%s: %.1f kB, %d figures\n", options->output,
            (double)self->page.length / 1000.0, (int)self->report.canvas.figure_count);
cleanup:
    return status;
}

static allostat_status make_report(work *self, allostat_error *error)
{
    allostat_status status = ALLOSTAT_OK;
    const report_options *options = self->options;
    const allostat_page_run base = {options->path[0], &self->base};

    for (int32_t i = 0; options->output != NULL && i < options->count; i++) {
        ALLOSTAT_TRY(
            allostat_whole_file_spare(options->output, options->path[i], error));
    }
    self->terminal = terminal_of_user();
    if (options->output != NULL) {
        ALLOSTAT_TRY(allostat_whole_file_check(options->output, options->force, error));
    }
    ALLOSTAT_TRY(allostat_saved_run_init(&self->base, options->path[0],
                                         (allostat_saved_wanted){page_wants, NULL},
                                         error));
    self->against = (allostat_contrast_base){&self->base.results, NULL};
    self->report.title = options->title;
    self->report.files = options->figures != NULL ? &self->files : NULL;
    ALLOSTAT_TRY(allostat_page_begin(&self->report, base, options->count - 1, error));
    ALLOSTAT_TRY(take_policies(self, error));
    ALLOSTAT_TRY(allostat_page_end(&self->report, &self->page));
    ALLOSTAT_TRY(write_figures(options, &self->files, error));
    ALLOSTAT_TRY(write_page(self, error));
    ALLOSTAT_TRY(show_text(self, error));
cleanup:
    return status;
}

int allostat_cmd_report(int argc, char **argv)
{
    report_options options = {0};
    allostat_error error = {0};
    work self = {.options = &options};
    const int exit_code = read_options(&options, argc, argv);

    if (exit_code != 0) return allostat_cli_finish(exit_code == -1 ? 0 : exit_code);
    const allostat_status status = make_report(&self, &error);
    if (status != ALLOSTAT_OK) allostat_cli_print_error(&error);
    allostat_text_free(&self.charts);
    allostat_text_free(&self.page);
    allostat_contrast_base_free(&self.against);
    for (int i = 0; i < 2; i++) allostat_saved_run_free(&self.policy[i].run);
    allostat_page_free(&self.report);
    allostat_page_files_free(&self.files);
    allostat_saved_run_free(&self.base);
    return allostat_cli_finish(allostat_status_exit_code(status));
}
