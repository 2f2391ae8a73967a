/* Texts of the page that are files in this folder; the Makefile makes C of them. */
#ifndef ALLOSTAT_IO_REPORT_ASSETS_H
#define ALLOSTAT_IO_REPORT_ASSETS_H

#include <stddef.h>

extern const char allostat_report_page_css[]; /* style of the page */
extern const size_t allostat_report_page_css_size;
extern const char allostat_report_picture_css[]; /* style of a picture, light */
extern const size_t allostat_report_picture_css_size;
extern const char allostat_report_page_js[]; /* legend, zoom, read-out, theme */
extern const size_t allostat_report_page_js_size;

#endif
