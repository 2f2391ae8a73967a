/* Lanes from top to bottom, one axis of time. Colours are those of Okabe and Ito, which
 * people of any colour vision can tell apart; every line also has its own dash and its
 * name beside it, so that colour says nothing alone. */
#include "study/biography.h"

#include <math.h> /* isnan */

#define INK "#222222"
#define SOFT "#777777"
#define RULE "#dddddd"
#define ORANGE "#E69F00"
#define SKY "#56B4E9"
#define GREEN "#009E73"
#define BLUE "#0072B2"
#define RED "#D55E00"
#define PURPLE "#CC79A7"

enum {
    WIDTH = 1240,
    LEFT = 150,
    RIGHT = 1070,
    TOP = 96,
    LANE = 78,
    STRIP = 13,
    STEP = 16, /* of strips and rows of events */
    GAP = 20,
    POINTS = 900 /* of a line at most */
};

typedef struct {
    const allostat_biography *life;
    allostat_text *text;
    allostat_error *error;
    double y; /* top of the next lane */
} picture;

#define DRAW(...) ALLOSTAT_TRY(allostat_text_append(p->text, p->error, __VA_ARGS__))

/* A text of the user, in which XML has to be escaped. */
static allostat_status draw_text(picture *p, const char *text)
{
    allostat_status status = ALLOSTAT_OK;

    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '&') {
            DRAW("&amp;");
        } else if (*c == '<') {
            DRAW("&lt;");
        } else {
            DRAW("%c", *c);
        }
    }
cleanup:
    return status;
}

static double x_of(const picture *p, int32_t i)
{
    const double share =
        p->life->day_count > 1 ? (double)i / (p->life->day_count - 1) : 0.0;

    return LEFT + share * (RIGHT - LEFT);
}

static double x_of_day(const picture *p, allostat_day day)
{
    const int32_t last = p->life->day_count - 1;
    const int32_t i = day - p->life->day[0].day;

    return x_of(p, i < last ? i : last);
}

static float value_of(const picture *p, int32_t i, allostat_trace_column column)
{
    return p->life->day[i].value[column];
}

/* What is not known counts as nothing. */
static int32_t code_of(const picture *p, int32_t i, allostat_trace_column column)
{
    const float value = value_of(p, i, column);

    return isnan(value) ? 0 : (int32_t)value;
}

/* ---- parts ---------------------------------------------------------------------- */

static allostat_status label_left(picture *p, double y, const char *name)
{
    allostat_status status = ALLOSTAT_OK;

    DRAW("<text x='%d' y='%.1f' text-anchor='end'>%s</text>\n", LEFT - 34, y, name);
cleanup:
    return status;
}

static allostat_status label_right(picture *p, double y, const char *colour,
                                   const char *dash, const char *name)
{
    allostat_status status = ALLOSTAT_OK;

    DRAW("<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='%s' stroke-width='2.5' "
         "stroke-dasharray='%s'/><text x='%d' y='%.1f'>%s</text>\n",
         RIGHT + 10, RIGHT + 34, y - 4.0, y - 4.0, colour, dash, RIGHT + 40, y, name);
cleanup:
    return status;
}

/* The frame of a lane with its scale: low, high and a line at `middle`. */
static allostat_status frame(picture *p, const char *name, double low, double middle,
                             double high)
{
    allostat_status status = ALLOSTAT_OK;
    const double marks[3] = {low, middle, high};

    DRAW("<rect x='%d' y='%.1f' width='%d' height='%d' fill='#fafafa' stroke='" RULE
         "'/>\n",
         LEFT, p->y, RIGHT - LEFT, LANE);
    ALLOSTAT_TRY(label_left(p, p->y + LANE / 2.0 + 4.0, name));
    for (int i = 0; i < 3; i++) {
        const double y = p->y + LANE * (high - marks[i]) / (high - low);
        DRAW("<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='" RULE
             "'/><text class='s' x='%d' y='%.1f' text-anchor='end'>%g</text>\n",
             LEFT, RIGHT, y, y, LEFT - 6, y + 4.0, marks[i]);
    }
cleanup:
    return status;
}

/* Mean of the days behind a point, as far as it is known; NaN when it is on none. */
static double mean_of(const picture *p, allostat_trace_column column, int32_t first,
                      int32_t width)
{
    double sum = 0.0;
    int32_t days = 0;

    for (int32_t i = first; i < first + width && i < p->life->day_count; i++) {
        const float value = value_of(p, i, column);

        if (isnan(value)) continue;
        sum += (double)value;
        days++;
    }
    return days > 0 ? sum / days : (double)NAN;
}

typedef struct {
    allostat_trace_column column;
    const char *colour, *dash, *name;
} curve;

/* The line is broken where nothing is known. */
static allostat_status draw_curve(picture *p, const curve *c, double low, double high)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t width = p->life->day_count / POINTS + 1;
    const char *pen = "M";

    DRAW("<path fill='none' stroke='%s' stroke-width='1.6' stroke-dasharray='%s' d='",
         c->colour, c->dash);
    for (int32_t i = 0; i < p->life->day_count; i += width) {
        const double share = (high - mean_of(p, c->column, i, width)) / (high - low);
        const double inside = share < 0.0 ? 0.0 : (share > 1.0 ? 1.0 : share);
        if (isnan(share)) {
            pen = "M";
            continue;
        }
        DRAW("%s%.1f %.1f", pen, x_of(p, i), p->y + LANE * inside);
        pen = "L";
    }
    DRAW("'/>\n");
cleanup:
    return status;
}

static allostat_status draw_lane(picture *p, const char *name, const curve *curves,
                                 int32_t count, const double scale[3])
{
    allostat_status status = ALLOSTAT_OK;
    const double first = 18.0, step = 18.0;

    ALLOSTAT_TRY(frame(p, name, scale[0], scale[1], scale[2]));
    for (int32_t i = 0; i < count; i++) {
        ALLOSTAT_TRY(draw_curve(p, &curves[i], scale[0], scale[2]));
        ALLOSTAT_TRY(label_right(p, p->y + first + i * step, curves[i].colour,
                                 curves[i].dash, curves[i].name));
    }
    p->y += LANE + GAP;
cleanup:
    return status;
}

/* A strip: stretches of days with the same code of a column, in the colour of the code;
 * code 0 is left blank. */
static allostat_status draw_strip(picture *p, const char *name,
                                  allostat_trace_column column,
                                  const char *const *colour, int32_t codes)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t days = p->life->day_count;

    ALLOSTAT_TRY(label_left(p, p->y + STRIP - 2.0, name));
    DRAW("<rect x='%d' y='%.1f' width='%d' height='%d' fill='#fafafa' stroke='" RULE
         "'/>\n",
         LEFT, p->y, RIGHT - LEFT, STRIP);
    for (int32_t from = 0, to = 0; from < days; from = to) {
        const int32_t code = code_of(p, from, column);
        while (to < days && code_of(p, to, column) == code) to++;
        if (code <= 0 || code >= codes || colour[code] == NULL) continue;
        const double width = x_of(p, to < days ? to : days - 1) - x_of(p, from);
        DRAW("<rect x='%.1f' y='%.1f' width='%.1f' height='%d' fill='%s'/>\n",
             x_of(p, from), p->y, width > 1.0 ? width : 1.0, STRIP, colour[code]);
    }
    p->y += STEP;
cleanup:
    return status;
}

static allostat_status draw_key(picture *p, double y, const char *colour,
                                const char *name)
{
    allostat_status status = ALLOSTAT_OK;

    DRAW("<rect x='%d' y='%.1f' width='12' height='10' fill='%s'/><text class='s' "
         "x='%d' y='%.1f'>%s</text>\n",
         RIGHT + 10, y, colour, RIGHT + 27, y + 9.0, name);
cleanup:
    return status;
}

/* Number of support ties as bars of light blue. */
static allostat_status draw_ties(picture *p)
{
    allostat_status status = ALLOSTAT_OK;
    const int32_t days = p->life->day_count;
    const double height = 2.0 * STRIP;

    ALLOSTAT_TRY(label_left(p, p->y + STRIP + 2.0, "support ties"));
    DRAW("<rect x='%d' y='%.1f' width='%d' height='%.1f' fill='#fafafa' stroke='" RULE
         "'/><text class='s' x='%d' y='%.1f' text-anchor='end'>%d</text>\n",
         LEFT, p->y, RIGHT - LEFT, height, LEFT - 6, p->y + 9.0,
         (int)ALLOSTAT_SUPPORT_SLOTS);
    for (int32_t from = 0, to = 0; from < days; from = to) {
        const float ties = value_of(p, from, ALLOSTAT_TRACE_support_count);
        const double bar = height * (double)ties / ALLOSTAT_SUPPORT_SLOTS;
        while (to < days && value_of(p, to, ALLOSTAT_TRACE_support_count) == ties) to++;
        if (ties <= 0.0f) continue;
        DRAW("<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='" SKY "'/>\n",
             x_of(p, from), p->y + height - bar,
             x_of(p, to < days ? to : days - 1) - x_of(p, from), bar);
    }
    p->y += height + GAP;
cleanup:
    return status;
}

/* ---- lanes ---------------------------------------------------------------------- */

static allostat_status draw_title(picture *p, const char *area)
{
    static const char *const styles[ALLOSTAT_STYLE_COUNT] = {"secure", "anxious",
                                                             "avoidant", "fearful"};
    allostat_status status = ALLOSTAT_OK;
    const allostat_biography *life = p->life;
    const int32_t age = allostat_age_in_month(life->birth_month,
                                              allostat_month_of_day(life->day[0].day));

    DRAW("<text x='%d' y='34' class='t'>Person %u, %s, ", LEFT, (unsigned)life->person,
         life->sex == ALLOSTAT_SEX_male ? "man" : "woman");
    ALLOSTAT_TRY(draw_text(p, area));
    DRAW("</text>\n");
    DRAW("<text x='%d' y='58'>%d years old in %d. Attachment %s (anxiety %+.1f, "
         "avoidance %+.1f SD); %d adverse childhood experiences of %d",
         LEFT, (int)age, (int)allostat_date_from_day(life->day[0].day).year,
         styles[life->style], life->anxiety, life->avoidance, (int)life->ace_score,
         (int)ALLOSTAT_ACE_MAX);
    if (life->used) {
        DRAW("; %s%s; proneness to lapse %+.1f (log).</text>\n",
             life->injects ? "injects" : "does not inject",
             life->stimulants ? ", also stimulants" : "", life->frailty);
    } else {
        DRAW("; never used unregulated opioids.</text>\n");
    }
cleanup:
    return status;
}

static allostat_status draw_years(picture *p, double bottom)
{
    allostat_status status = ALLOSTAT_OK;
    const allostat_biography *life = p->life;
    const allostat_day last = life->day[life->day_count - 1].day;
    const int32_t first_year = allostat_date_from_day(life->day[0].day).year;

    for (int32_t year = first_year; year <= allostat_date_from_day(last).year; year++) {
        const allostat_day day = allostat_day_from_date((allostat_date){year, 1, 1});
        if (day < life->day[0].day) continue;
        const double x = x_of_day(p, day);
        DRAW("<line x1='%.1f' x2='%.1f' y1='%d' y2='%.1f' stroke='" RULE
             "'/><text class='s' x='%.1f' y='%d'>%d</text>\n",
             x, x, TOP - 12, bottom, x + 3.0, TOP - 14, (int)year);
    }
cleanup:
    return status;
}

static allostat_status draw_circumstances(picture *p)
{
    static const char *const homes[3] = {NULL, ORANGE, RED};
    static const char *const inside[3] = {NULL, GREEN, INK};
    allostat_status status = ALLOSTAT_OK;
    const double top = p->y;

    ALLOSTAT_TRY(draw_strip(p, "housing", ALLOSTAT_TRACE_housing, homes, 3));
    ALLOSTAT_TRY(draw_strip(p, "institution", ALLOSTAT_TRACE_institution, inside, 3));
    ALLOSTAT_TRY(draw_ties(p));
    ALLOSTAT_TRY(draw_key(p, top - 9.0, ORANGE, "room, shelter"));
    ALLOSTAT_TRY(draw_key(p, top + 4.0, RED, "homeless"));
    ALLOSTAT_TRY(draw_key(p, top + 17.0, GREEN, "detox"));
    ALLOSTAT_TRY(draw_key(p, top + 30.0, INK, "custody"));
    ALLOSTAT_TRY(draw_key(p, top + 43.0, SKY, "support ties (count)"));
cleanup:
    return status;
}

static allostat_status draw_mind(picture *p)
{
    static const curve mind[] = {
        {ALLOSTAT_TRACE_stress, RED, "none", "stress"},
        {ALLOSTAT_TRACE_ptsd_severity, PURPLE, "6 3", "PTSD"},
        {ALLOSTAT_TRACE_pain, SOFT, "2 2", "pain"},
    };
    static const curve body[] = {
        {ALLOSTAT_TRACE_tolerance, BLUE, "none", "true"},
        {ALLOSTAT_TRACE_believed_tolerance, ORANGE, "6 3", "believed"},
    };
    static const curve wanting[] = {
        {ALLOSTAT_TRACE_craving, GREEN, "none", "craving"},
    };
    static const double unit[3] = {0.0, 0.5, 1.0}, deviations[3] = {-3.0, 0.0, 3.0};
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(draw_lane(p, "stress, PTSD, pain", mind, 3, unit));
    ALLOSTAT_TRY(draw_lane(p, "tolerance", body, 2, unit));
    ALLOSTAT_TRY(draw_lane(p, "craving (SD)", wanting, 1, deviations));
cleanup:
    return status;
}

/* Doses a day as bars from the floor, treatment and prescription as strips below. */
static allostat_status draw_use(picture *p)
{
    static const char *const drugs[ALLOSTAT_TREATMENT_COUNT] = {NULL,  BLUE,   SKY,
                                                                GREEN, PURPLE, RED};
    static const char *const doses[4] = {NULL, "#f3d9a4", ORANGE, "#a66f00"};
    const double most = 10.0, half = 5.0;
    allostat_status status = ALLOSTAT_OK;
    const int32_t width = p->life->day_count / POINTS + 1;

    ALLOSTAT_TRY(frame(p, "doses a day", 0.0, half, most));
    DRAW("<path stroke='" INK "' stroke-width='1' d='");
    for (int32_t i = 0; i < p->life->day_count; i += width) {
        const double mean = mean_of(p, ALLOSTAT_TRACE_doses, i, width);
        const double bar = LANE * (mean < most ? mean : most) / most;
        if (mean > 0.0) DRAW("M%.1f %.1fv%.1f", x_of(p, i), p->y + LANE, -bar);
    }
    DRAW("'/>\n");
    ALLOSTAT_TRY(label_right(p, p->y + STEP, INK, "none", "unregulated"));
    p->y += LANE + GAP / 2.0;
    ALLOSTAT_TRY(draw_key(p, p->y - 47.0, RED, "naltrexone"));
    ALLOSTAT_TRY(draw_key(p, p->y - 34.0, PURPLE, "injectable"));
    ALLOSTAT_TRY(draw_key(p, p->y - 21.0, GREEN, "morphine by mouth"));
    ALLOSTAT_TRY(draw_key(p, p->y - 8.0, BLUE, "methadone"));
    ALLOSTAT_TRY(draw_key(p, p->y + 5.0, SKY, "buprenorphine"));
    ALLOSTAT_TRY(draw_key(p, p->y + 18.0, ORANGE, "prescribed (darker: more)"));
    ALLOSTAT_TRY(draw_strip(p, "treatment", ALLOSTAT_TRACE_treatment, drugs,
                            ALLOSTAT_TREATMENT_COUNT));
    ALLOSTAT_TRY(draw_strip(p, "prescription", ALLOSTAT_TRACE_rx_dose, doses, 4));
    p->y += GAP;
cleanup:
    return status;
}

/* ---- events --------------------------------------------------------------------- */

typedef struct {
    const char *name, *colour, *shape; /* shape: path around (0, 0) */
    uint32_t kinds;                    /* bits of the kinds of event in the row */
} event_row;

#define HAS(kind) (1u << ALLOSTAT_LIFE_EVENT_##kind)

static allostat_status draw_event_row(picture *p, const event_row *row)
{
    allostat_status status = ALLOSTAT_OK;
    int32_t count = 0;

    DRAW("<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='" RULE "'/>\n", LEFT, RIGHT,
         p->y, p->y);
    ALLOSTAT_TRY(label_left(p, p->y + 4.0, row->name));
    for (int32_t i = 0; i < p->life->happening_count; i++) {
        const allostat_happening *event = &p->life->happening[i];
        char date[ALLOSTAT_DATE_TEXT_SIZE];

        if (!(row->kinds & (1u << event->kind))) continue;
        count++;
        allostat_day_format(event->day, date);
        DRAW("<path transform='translate(%.1f %.1f)' d='%s' fill='%s' stroke='" INK
             "' stroke-width='0.6'><title>%s, %s</title></path>\n",
             x_of_day(p, event->day), p->y, row->shape, row->colour,
             allostat_life_event_names[event->kind], date);
    }
    DRAW("<text x='%d' y='%.1f' class='s'>%d in all</text>\n", RIGHT + 10, p->y + 4.0,
         (int)count);
    p->y += STEP;
cleanup:
    return status;
}

/* A line through all lanes on the days of overdoses and releases. */
static allostat_status draw_marks(picture *p)
{
    allostat_status status = ALLOSTAT_OK;
    const uint32_t overdose = HAS(overdose) | HAS(reversed);

    for (int32_t i = 0; i < p->life->happening_count; i++) {
        const allostat_happening *event = &p->life->happening[i];
        const uint32_t bit = 1u << event->kind;

        if (!(bit & (overdose | HAS(release)))) continue;
        const double x = x_of_day(p, event->day);
        DRAW("<line x1='%.1f' x2='%.1f' y1='%d' y2='%.1f' stroke='%s' "
             "stroke-width='0.8' stroke-dasharray='%s' opacity='0.6'/>\n",
             x, x, TOP, p->y, bit & overdose ? RED : INK,
             bit & overdose ? "none" : "1 3");
    }
cleanup:
    return status;
}

static allostat_status draw_end(picture *p)
{
    const uint32_t ends = HAS(death_overdose) | HAS(death_other) | HAS(moved_out);
    allostat_status status = ALLOSTAT_OK;

    for (int32_t i = 0; i < p->life->happening_count; i++) {
        const allostat_happening *event = &p->life->happening[i];
        char date[ALLOSTAT_DATE_TEXT_SIZE];

        if (!(ends & (1u << event->kind))) continue;
        allostat_day_format(event->day, date);
        DRAW("<line x1='%.1f' x2='%.1f' y1='%d' y2='%.1f' stroke='" INK
             "' stroke-width='2.5'/><text x='%.1f' y='%.1f' text-anchor='end' "
             "font-weight='bold'>%s, %s, age %d</text>\n",
             x_of_day(p, event->day), x_of_day(p, event->day), TOP - 10, p->y,
             x_of_day(p, event->day), p->y + GAP,
             allostat_life_event_names[event->kind], date,
             (int)allostat_age_in_month(p->life->birth_month,
                                        allostat_month_of_day(event->day)));
    }
cleanup:
    return status;
}

static allostat_status draw_events(picture *p)
{
    static const event_row rows[] = {
        {"overdose", RED, "M0-6L6 5H-6Z", HAS(overdose)},
        {"given naloxone", "#ffffff", "M0-6L6 5H-6Z", HAS(reversed)},
        {"bereaved", PURPLE, "M0-6L5 0L0 6L-5 0Z", HAS(bereaved)},
        {"release", SKY, "M-5-5H5V5H-5Z", HAS(release)},
        {"starts treatment", BLUE, "M-4-5L5 0L-4 5Z", HAS(treatment)},
        {"stops use", GREEN, "M-5-2H5V2H-5Z", HAS(stop)},
        {"begins, lapses", ORANGE, "M-2-5H2V5H-2Z", HAS(first_use) | HAS(lapse)},
    };
    allostat_status status = ALLOSTAT_OK;

    ALLOSTAT_TRY(draw_marks(p));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ALLOSTAT_TRY(draw_event_row(p, &rows[i]));
    }
    ALLOSTAT_TRY(draw_end(p));
cleanup:
    return status;
}

/* ---- the whole ------------------------------------------------------------------ */

static int32_t count_of(const allostat_biography *life, uint32_t kinds)
{
    int32_t count = 0;

    for (int32_t i = 0; i < life->happening_count; i++) {
        count += (kinds & (1u << life->happening[i].kind)) != 0;
    }
    return count;
}

/* For those who cannot see the picture. */
static allostat_status describe(picture *p)
{
    const allostat_biography *life = p->life;
    allostat_status status = ALLOSTAT_OK;
    char first[ALLOSTAT_DATE_TEXT_SIZE], last[ALLOSTAT_DATE_TEXT_SIZE];

    allostat_day_format(life->day[0].day, first);
    allostat_day_format(life->day[life->day_count - 1].day, last);
    DRAW("<title id='title'>Life of person %u from %s to %s</title>\n"
         "<desc id='desc'>%d overdoses survived, %d of them reversed with naloxone; %d "
         "bereavements; %d releases from detox or custody; %d starts of treatment; %d "
         "stops of use and %d lapses; %s.</desc>\n",
         (unsigned)life->person, first, last,
         (int)count_of(life, HAS(overdose) | HAS(reversed)),
         (int)count_of(life, HAS(reversed)), (int)count_of(life, HAS(bereaved)),
         (int)count_of(life, HAS(release)), (int)count_of(life, HAS(treatment)),
         (int)count_of(life, HAS(stop)), (int)count_of(life, HAS(lapse)),
         count_of(life, HAS(death_overdose)) ? "died by overdose"
         : count_of(life, HAS(death_other))  ? "died of another cause"
         : count_of(life, HAS(moved_out))    ? "moved out of the city"
                                             : "alive at the end");
cleanup:
    return status;
}

allostat_status allostat_biography_svg(const allostat_biography *self, const char *area,
                                       allostat_text *text, allostat_error *error)
{
    enum { HEIGHT = 750, BOTTOM = 716 };
    allostat_status status = ALLOSTAT_OK;
    picture whole = {.life = self, .text = text, .error = error, .y = TOP};
    picture *p = &whole;

    DRAW("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%d' "
         "height='%d' role='img' aria-labelledby='title desc' "
         "font-family='Helvetica, Arial, sans-serif' font-size='12' fill='" INK "'>\n",
         WIDTH, HEIGHT, WIDTH, HEIGHT);
    if (self->day_count > 0) {
        ALLOSTAT_TRY(describe(p));
        DRAW("<style>.t{font-size:18px;font-weight:bold}.s{font-size:11px;fill:" SOFT
             "}</style><rect width='100%%' height='100%%' fill='#ffffff'/>\n");
        ALLOSTAT_TRY(draw_title(p, area));
        ALLOSTAT_TRY(draw_years(p, BOTTOM));
        ALLOSTAT_TRY(draw_circumstances(p));
        ALLOSTAT_TRY(draw_mind(p));
        ALLOSTAT_TRY(draw_use(p));
        ALLOSTAT_TRY(draw_events(p));
    }
    DRAW("</svg>\n");
cleanup:
    return status;
}
