#include "params/utf8.h"

int32_t allostat_utf8_next(const char *text, size_t length, size_t *at)
{
    static const int32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char first = (unsigned char)text[(*at)++];
    const int more = first < 0x80   ? 0
                     : first < 0xC2 ? -1
                     : first < 0xE0 ? 1
                     : first < 0xF0 ? 2
                     : first < 0xF5 ? 3
                                    : -1;
    if (more <= 0) return more < 0 ? -1 : first;
    if (length - *at < (size_t)more) return -1;

    int32_t character = first & (0x3F >> more);
    for (int i = 0; i < more; i++) {
        const unsigned char next = (unsigned char)text[*at + (size_t)i];
        if ((next & 0xC0) != 0x80) return -1;
        character = (character << 6) | (next & 0x3F);
    }
    if (character < smallest[more] || character > 0x10FFFF) return -1;
    if (character >= 0xD800 && character <= 0xDFFF) return -1;
    *at += (size_t)more;
    return character;
}

bool allostat_utf8_is_control(int32_t character)
{
    return character < 0x20 || (character >= 0x7F && character < 0xA0) ||
           (character >= 0x200E && character <= 0x200F) ||
           (character >= 0x2028 && character <= 0x202E) ||
           (character >= 0x2066 && character <= 0x2069) || character == 0xFEFF ||
           character == 0xFFFE || character == 0xFFFF;
}
