/*
 * map_plan.h - every request that a register map makes, before anything is connected.
 *
 * From the same settings and the same plan of blocks as the worker (bus_machine.h),
 * so that an installer sees the bytes on the table and not in the lane.  A test holds
 * the printed bytes against those of a real line.
 */
#ifndef DOXE_GATE_IO_MAP_PLAN_H
#define DOXE_GATE_IO_MAP_PLAN_H

#include "gate/io/config.h"

enum { MAP_FRAME_MAX = 280 };

/* One request as bytes: with TCP's header (transaction number 0) or RTU's check bytes. */
struct map_request {
    enum modbus_transport transport;
    int unit, function, address;
    int count;             /* of what is read, or words written */
    const uint16_t *words; /* writes */
};

/* Returns the length. */
int map_request_bytes(const struct map_request *request, uint8_t ret_bytes[MAP_FRAME_MAX]);
/* Lines for people, or a JSON list of {bus, when, what, unit, function, address, count, values,
 * bytes}. */
DX_MUST_USE int map_plan_settings(FILE *file, const struct gate_settings *settings, bool json);
void map_plan_profile(FILE *file, const struct profile *profile, bool json);

#endif
