/* Ends one expansion of tables/parameters.def. No include guard: it is meant to be read
 * again. */
#undef NUMBER
#undef COUNT
#undef SWITCH
#undef DATE
#undef TEXT
#undef LABELS
#undef VECTOR
#undef SERIES
#undef SCHEDULE
