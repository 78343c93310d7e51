/* assets.h - the files of server/web/assets, inside the program; made by cmake/embed.cmake. */
#ifndef DOXE_SERVER_ASSETS_H
#define DOXE_SERVER_ASSETS_H

#include "proto/io/web_files.h"

extern const struct file_source assets[];
extern const int asset_count;

#endif
