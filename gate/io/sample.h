/* sample.h - etc/gate.yaml inside the program, for --print-sample; made by cmake/embed.cmake. */
#ifndef DOXE_GATE_IO_SAMPLE_H
#define DOXE_GATE_IO_SAMPLE_H

#include <stddef.h>

struct gate_sample_asset {
    const char *name;
    const char *etag;
    const unsigned char *bytes;
    size_t n;
};
extern const struct gate_sample_asset gate_sample_assets[];
extern const int gate_sample_asset_count;

#endif
