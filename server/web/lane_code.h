/*
 * lane_code.h - the short code posted at an exit lane, by which a driver who stands there says so.
 *
 * Six letters and digits (Crockford's 32) of HMAC-SHA256 over lot, gate and lane, keyed by the
 * configuration's payment.case_key_file: it is printed once and needs no table.  It is no
 * secret (everybody at the lane can read it) and opens nothing by itself: together with the exact
 * plate of a vehicle that stands at that very lane at that moment it leads to its page.
 */
#ifndef DOXE_SERVER_LANE_CODE_H
#define DOXE_SERVER_LANE_CODE_H

#include "proto/base/str.h"

enum { LANE_CODE_CAP = 7, LANE_CODE_KEY = 32 };

struct app_lot;

/* `key` has LANE_CODE_KEY bytes. */
void lane_code_make(const uint8_t *key, const char *lot, const char *gate, int lane,
                    char out[LANE_CODE_CAP]);
/*
 * Which lane of the lot a typed code is of: any case, blanks and dashes anywhere, O for 0, I and L
 * for 1.  DX_E_NOT_FOUND.  *ret_gate points into `lot`.
 */
DX_MUST_USE int lane_code_find(const uint8_t *key, const struct app_lot *lot, struct str typed,
                               const char **ret_gate, int *ret_lane);

#endif
