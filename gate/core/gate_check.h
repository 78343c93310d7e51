/*
 * gate_check.h - inside the gate: is an event made of values that mean something?
 *
 * The shell makes events from parsed messages and typed inputs, so these are
 * guards against our own mistakes, not parsers: enums in their ranges, texts
 * that end in NUL within their space, times that can be added to.
 */
#ifndef DOXE_GATE_CHECK_H
#define DOXE_GATE_CHECK_H

#include "gate/core/event.h"

bool gate_event_is_valid(const struct gate_event *event);

#endif
