/*
 * bank_known.h - has this transfer been told before, by whatever source?
 *
 * Three looks, the first that finds something wins:
 *   1. the provider's own id (also where it only confirmed a credit of another source);
 *   2. account, bank reference, amount and direction: sources that pass the bank's reference on;
 *   3. a twin: account, amount and direction, booked within two minutes (or, where one of the two
 *      has the day alone, within a day: what is sent late at night is booked the next day), and
 *      the same payment code, or without any code the same words.  A credit that this source has
 *      told of already is nobody's twin here, so that two equal transfers stay two.  Two numbers
 *      of the same provider are never twins: its own ids tell its transfers apart.
 * The third is needed because feeds and files spell references differently, or leave them out.
 */
#ifndef DOXE_SERVER_BANK_KNOWN_H
#define DOXE_SERVER_BANK_KNOWN_H

#include "server/app/desk.h"

/* `code` is the one found in it, or "".  *ret_id is the known credit's, "" for a new one. */
DX_MUST_USE int bank_known(struct desk *desk, const struct bank_credit *credit, const char *code,
                           enum payment_seen *ret_seen, char ret_id[ULID_CAP]);

#endif
