/* Reads tables/value.def with the row macros that are defined and ignores the other
 * kinds. No include guard: it is meant to be read again. */
#ifndef UTILITY
#define UTILITY(...)
#endif
#ifndef OTHERS
#define OTHERS(...)
#endif
#ifndef LOSS
#define LOSS(...)
#endif
#ifndef LOSS_OF
#define LOSS_OF(...)
#endif
#ifndef MULTIPLIER
#define MULTIPLIER(...)
#endif
#ifndef COST
#define COST(...)
#endif
#ifndef CITY_COST
#define CITY_COST(...)
#endif
#include "tables/value.def"
#undef UTILITY
#undef OTHERS
#undef LOSS
#undef LOSS_OF
#undef MULTIPLIER
#undef COST
#undef CITY_COST
