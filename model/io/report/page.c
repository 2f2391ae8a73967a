#include "io/report/page.h"

#include "base/version.h"
#include "io/report/assets.h"
#include "io/report/numbers.h"
#include "io/report/sections.h"

#include <sodium.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cells are most of a file: of them only what the sections name. */
bool allostat_page_reads(const allostat_series_info *info)
{
    static const allostat_counted cells[] = {
        ALLOSTAT_COUNTED_residents,
        ALLOSTAT_COUNTED_users,
        ALLOSTAT_COUNTED_people_with_oud_severe,
        ALLOSTAT_COUNTED_overdose_deaths_alone,
        ALLOSTAT_COUNTED_overdose_deaths_on_oat,
        ALLOSTAT_COUNTED_oat_clients,
        ALLOSTAT_COUNTED_oat_waiting,
        ALLOSTAT_COUNTED_oat_starts,
        ALLOSTAT_COUNTED_people_in_methadone,
        ALLOSTAT_COUNTED_people_in_buprenorphine,
        ALLOSTAT_COUNTED_people_in_srom,
        ALLOSTAT_COUNTED_people_in_ioat,
        ALLOSTAT_COUNTED_people_in_naltrexone,
        ALLOSTAT_COUNTED_people_in_safer_supply,
        ALLOSTAT_COUNTED_ioat_waiting,
        ALLOSTAT_COUNTED_safer_supply_waiting,
        ALLOSTAT_COUNTED_therapy_waiting,
        ALLOSTAT_COUNTED_therapy_starts,
        ALLOSTAT_COUNTED_detox_waiting,
        ALLOSTAT_COUNTED_kits_handed_out,
        ALLOSTAT_COUNTED_kits_used,
        ALLOSTAT_COUNTED_kits_lost,
        ALLOSTAT_COUNTED_kits_gone,
    };

    if (info->shape != ALLOSTAT_SHAPE_counted || allostat_contrast_reads(info))
        return true;
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        if (info->index == (int32_t)cells[i]) return true;
    }
    return false;
}

allostat_status allostat_page_begin(allostat_page *report, allostat_page_run base,
                                    int32_t policy_expected, allostat_error *error)
{
    report->base = base;
    report->error = error;
    report->policy_expected = policy_expected;
    report->policy_count = 0;
    report->canvas = (allostat_canvas){
        .page = {.error = error}, .source = "", .prefix = "", .files = report->files};
    report->policy = calloc((size_t)policy_expected + 1, sizeof *report->policy);
    if (report->policy == NULL) {
        return ALLOSTAT_FAIL(error, NO_MEMORY, "%d policies", (int)policy_expected);
    }
    return ALLOSTAT_OK;
}

void allostat_page_free(allostat_page *report)
{
    for (int32_t i = 0; report->policy != NULL && i < report->policy_count; i++)
        allostat_text_free(&report->policy[i].answer);
    free(report->policy);
    allostat_canvas_free(&report->canvas);
    report->policy = NULL;
    report->policy_count = 0;
}

/* The last part of a path. */
static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

/* Said below every picture that stands alone. */
static void set_source(char *source, size_t size, const allostat_page *report,
                       const char *policy_path)
{
    snprintf(source, size, "allostat %s, %s%s%s", allostat_version(),
             file_name(report->base.path), policy_path == NULL ? "" : " and ",
             policy_path == NULL ? "" : file_name(policy_path));
}

static allostat_view view_of(allostat_page *report, allostat_status *status)
{
    const allostat_saved_run *run = report->base.run;
    const allostat_records *records = &run->results.replicate[0];

    return (allostat_view){
        .canvas = &report->canvas,
        .base = &run->results,
        .first = records->first_month,
        .last = records->first_month + records->month_count - 1,
        .scale = run->stored.scale,
        .status = status,
        .error = report->error,
    };
}

/* ---- policies ------------------------------------------------------------------- */

/* Words at the left, the picture that goes with them at the right. */
static void put_answer(const allostat_view *view, allostat_page_policy *kept)
{
    allostat_pen *pen = &view->canvas->page;
    const allostat_contrast *contrast = view->contrast;

    allostat_pen_put(pen, "<div class=\"hero\"><div><p class=\"answer\">");
    allostat_words_answer(pen, contrast);
    allostat_pen_put(pen, "</p>\n");
    kept->sure_from = pen->text.length;
    allostat_pen_put(pen, "<div class=\"sure\"><section><h3>How sure</h3><p>");
    allostat_words_sure(pen, contrast);
    allostat_pen_put(pen, "</p></section><section><h3>For whom</h3>");
    allostat_words_whom(pen, contrast);
    allostat_pen_put(pen, "</section></div>\n");
    kept->sure_length = pen->text.length - kept->sure_from;
    allostat_pen_put(pen, "</div>\n");
    allostat_section_difference(view);
    allostat_pen_put(pen, "</div>\n");
}

static allostat_status keep_policy(allostat_page *report, allostat_page_run policy,
                                   const allostat_view *view)
{
    const allostat_contrast *contrast = view->contrast;
    allostat_page_policy *kept = &report->policy[report->policy_count++];
    const allostat_stored *stored = &policy.run->stored;
    const allostat_pen body = report->canvas.page;

    *kept = (allostat_page_policy){.seed = stored->seed,
                                   .replicate_count = stored->replicate_count};
    snprintf(kept->name, sizeof kept->name, "%s", stored->name);
    snprintf(kept->description, sizeof kept->description, "%s", stored->description);
    snprintf(kept->path, sizeof kept->path, "%s", policy.path);
    snprintf(kept->digest, sizeof kept->digest, "%s", stored->digest);
    snprintf(kept->version, sizeof kept->version, "%s", stored->version);
    memcpy(kept->whole, contrast->whole, sizeof kept->whole);
    report->canvas.page = (allostat_pen){.error = report->error};
    put_answer(view, kept);
    const allostat_status status = report->canvas.page.status;
    kept->answer = report->canvas.page.text;
    report->canvas.page = body;
    return status;
}

/* All sections about a policy, or about the base alone. */
static void put_sections(const allostat_view *view)
{
    allostat_section_key_numbers(view);
    allostat_section_trajectories(view);
    allostat_section_parts(view);
    allostat_section_who_dies(view);
    allostat_section_care(view);
    allostat_section_regulation(view);
    if (view->contrast == NULL) return;
    allostat_section_ledger(view);
    allostat_section_value(view);
    allostat_section_changes(view);
}

static void begin_policy(allostat_page *report, const char *name)
{
    allostat_pen *page = &report->canvas.page;
    const int number = (int)report->policy_count;

    if (report->policy_expected == 1) {
        allostat_pen_put(page, "<section id=\"policy1\"><h2>In detail</h2>\n");
        return;
    }
    allostat_pen_put(page, "<details class=\"policy\" id=\"policy%d\"%s><summary><h2>",
                     number, number == 1 ? " open" : "");
    allostat_pen_put(page, "%d. ", number);
    allostat_pen_name(page, name);
    allostat_pen_put(page, "</h2></summary>\n<p class=\"setting\">");
    allostat_pen_name(page, report->policy[number - 1].description);
    allostat_pen_put(page, "</p>\n");
    allostat_pen_bytes(page, report->policy[number - 1].answer.data,
                       report->policy[number - 1].answer.length);
}

allostat_status allostat_page_add(allostat_page *report, allostat_page_run policy,
                                  const allostat_contrast *contrast)
{
    allostat_status status = ALLOSTAT_OK, inner = ALLOSTAT_OK;
    allostat_view view = view_of(report, &inner);
    char source[ALLOSTAT_PATH_SIZE], prefix[ALLOSTAT_NUMBER_SIZE] = "";

    view.policy = &policy.run->results;
    view.contrast = contrast;
    view.first = contrast->first;
    view.last = contrast->last;
    set_source(source, sizeof source, report, policy.path);
    if (report->policy_expected > 1) {
        snprintf(prefix, sizeof prefix, "policy%d_", (int)report->policy_count + 1);
    }
    report->canvas.source = source;
    report->canvas.prefix = prefix;
    ALLOSTAT_TRY(keep_policy(report, policy, &view));
    begin_policy(report, policy.run->stored.name);
    put_sections(&view);
    allostat_pen_put(&report->canvas.page,
                     report->policy_expected == 1 ? "</section>\n" : "</details>\n");
    report->canvas.source = report->canvas.prefix = "";
    ALLOSTAT_TRY(inner);
    ALLOSTAT_TRY(report->canvas.page.status);
cleanup:
    return status;
}

/* ---- the whole page -------------------------------------------------------------- */

/* SHA-256 in base64, as a content-security policy wants it. */
static void put_hash(allostat_pen *page, const char *text, size_t size)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char code[ALLOSTAT_NUMBER_SIZE];

    crypto_hash_sha256(hash, (const unsigned char *)text, size);
    sodium_bin2base64(code, sizeof code, hash, sizeof hash,
                      sodium_base64_VARIANT_ORIGINAL);
    allostat_pen_put(page, "'sha256-%s'", code);
}

static void put_title(allostat_pen *page, const allostat_page *report)
{
    if (report->title != NULL) {
        allostat_pen_text(page, report->title);
    } else if (report->policy_count == 1) {
        allostat_pen_text(page, report->policy[0].name);
    } else {
        allostat_pen_text(page, report->base.run->stored.name);
        if (report->policy_count > 1) {
            allostat_pen_put(page, ": %d policies", (int)report->policy_count);
        }
    }
}

/* Nothing may be loaded from anywhere; only our own style and script are let in. */
static void put_head(allostat_pen *page, const allostat_page *report)
{
    allostat_pen_put(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta "
                           "charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-"
                           "Policy\" content=\"default-src 'none'; base-uri 'none'; "
                           "form-action 'none'; style-src ");
    put_hash(page, allostat_report_page_css, allostat_report_page_css_size);
    allostat_pen_put(page, "; script-src ");
    put_hash(page, allostat_report_page_js, allostat_report_page_js_size);
    allostat_pen_put(page, "\">\n<meta name=\"viewport\" content=\"width=device-width, "
                           "initial-scale=1\">\n<meta name=\"color-scheme\" "
                           "content=\"light dark\">\n<title>");
    put_title(page, report);
    allostat_pen_put(page, "</title>\n<style>");
    allostat_pen_bytes(page, allostat_report_page_css, allostat_report_page_css_size);
    allostat_pen_put(page, "</style>\n</head>\n<body>\n<header><h1><bdi>");
    put_title(page, report);
    allostat_pen_put(page, "</bdi></h1><button type=\"button\" id=\"theme\" "
                           "hidden>Theme</button></header>\n<main>\n");
}

allostat_status allostat_page_end(allostat_page *report, allostat_text *page)
{
    allostat_status status = ALLOSTAT_OK, inner = ALLOSTAT_OK;
    allostat_view view = view_of(report, &inner);
    allostat_pen body = {0};
    char source[ALLOSTAT_PATH_SIZE];

    set_source(source, sizeof source, report, NULL);
    report->canvas.source = source;
    if (report->policy_count == 0) put_sections(&view);
    body = report->canvas.page;
    report->canvas.page = (allostat_pen){.error = report->error};
    allostat_pen *const pen = &report->canvas.page;
    put_head(pen, report);
    allostat_front(report);
    allostat_pen_bytes(pen, body.text.data, body.text.length);
    allostat_pen_put(pen, "<section id=\"fit\"><h2>Can the base be believed?</h2>\n");
    if (inner == ALLOSTAT_OK) allostat_section_fit(&view);
    allostat_pen_put(pen, "</section>\n");
    allostat_back(report);
    allostat_pen_put(pen, "</main>\n<script>");
    allostat_pen_bytes(pen, allostat_report_page_js, allostat_report_page_js_size);
    allostat_pen_put(pen, "</script>\n</body>\n</html>\n");
    ALLOSTAT_TRY(inner);
    ALLOSTAT_TRY(body.status);
    ALLOSTAT_TRY(pen->status);
    *page = pen->text;
    pen->text = (allostat_text){0};
cleanup:
    allostat_pen_free(&body);
    report->canvas.source = "";
    return status;
}
