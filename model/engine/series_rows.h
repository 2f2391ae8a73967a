/* Reads tables/series.def with the row macros that are defined and ignores the other
 * kinds. No include guard: it is meant to be read again. */
#ifndef COUNTED
#define COUNTED(...)
#endif
#ifndef PLACED
#define PLACED(...)
#endif
#ifndef CITY
#define CITY(...)
#endif
#ifndef AVERAGED
#define AVERAGED(...)
#endif
#ifndef YEARLY
#define YEARLY(...)
#endif
#ifndef GROUPED
#define GROUPED(...)
#endif
#include "tables/series.def"
#undef COUNTED
#undef PLACED
#undef CITY
#undef AVERAGED
#undef YEARLY
#undef GROUPED
