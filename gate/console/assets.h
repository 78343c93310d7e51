/* assets.h - the files of gate/console/assets, inside the program; made by cmake/embed.cmake. */
#ifndef DOXE_GATE_CONSOLE_ASSETS_H
#define DOXE_GATE_CONSOLE_ASSETS_H

#include <stddef.h>

struct console_asset {
    const char *name;
    const char *etag; /* in its quotes */
    const unsigned char *bytes;
    size_t n;
};
extern const struct console_asset console_assets[];
extern const int console_asset_count;

#endif
