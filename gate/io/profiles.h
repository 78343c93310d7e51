/* profiles.h - etc/profiles inside the program; made by cmake/embed.cmake. */
#ifndef DOXE_GATE_IO_PROFILES_H
#define DOXE_GATE_IO_PROFILES_H

#include <stddef.h>

struct gate_profile_asset {
    const char *name;
    const char *etag;
    const unsigned char *bytes;
    size_t n;
};
extern const struct gate_profile_asset gate_profile_assets[];
extern const int gate_profile_asset_count;

#endif
