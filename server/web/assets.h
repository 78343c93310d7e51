/* assets.h - the files of server/web/assets, inside the program; made by cmake/embed.cmake. */
#ifndef DOXE_SERVER_ASSETS_H
#define DOXE_SERVER_ASSETS_H

#include <stddef.h>

struct asset {
    const char *name;
    const char *etag; /* in its quotes */
    const unsigned char *bytes;
    size_t n;
};
extern const struct asset assets[];
extern const int asset_count;

#endif
