/*
 * tariff_change.h - may this tariff take the place of that one?
 *
 * What has been charged, and what a driver reads as today's price, does not change behind anybody's
 * back: a new file must price every entry before its own first difference as the old one did.
 * Versions that are in force, or ended less than the longest stay ago, stand in it unchanged, but
 * for their end.  The first
 * instant at which the two differ is the day the new price begins; it lies ahead.
 *
 * Source: docs/TARIFF.md section 7.  Pure.
 */
#ifndef DOXE_SERVER_TARIFF_CHANGE_H
#define DOXE_SERVER_TARIFF_CHANGE_H

#include "proto/tariff/tariff.h"

enum { TARIFF_CHANGE_WHY_CAP = 240 };

/*
 * `old` NULL: there was none, everything is new.  `vehicle` must have a price from then on.
 * 0: *ret_from is the first instant that is priced otherwise.  DX_E_EXISTS: nothing differs.
 * DX_E_STATE: it would change what is in force or past.  DX_E_NOT_FOUND: no price for the
 * vehicle.  `why` is an English sentence; "" on success.
 */
DX_MUST_USE int tariff_change_judge(const struct tariff_set *old, const struct tariff_set *new_set,
                                    enum vehicle vehicle, wall_t now, wall_t *ret_from,
                                    char why[TARIFF_CHANGE_WHY_CAP]);

/* Has a version that is in force at or after `from` a price for the vehicle? */
bool tariff_change_has_price(const struct tariff_set *set, enum vehicle vehicle, wall_t from);

#endif
