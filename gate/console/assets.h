/* assets.h - the files of gate/console/assets, inside the program; made by cmake/embed.cmake. */
#ifndef DOXE_GATE_CONSOLE_ASSETS_H
#define DOXE_GATE_CONSOLE_ASSETS_H

#include "proto/io/web_files.h"

extern const struct file_source console_assets[];
extern const int console_asset_count;

#endif
