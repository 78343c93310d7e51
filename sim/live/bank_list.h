/*
 * bank_list.h - the simulated providers' lists over HTTP, for a server that polls them.
 *
 *     GET /userapi/transactions/list   SePay v1     GET /v2/transactions   SePay v2, or Casso
 *
 * (the token decides: Bearer is SePay's, Apikey is Casso's).  Each transfer is in it, told or not.
 * Now and then it is busy (429 with Retry-After) or broken (503), as real ones are.
 * The list's thread reads transfers that the loop has finished writing: bank_list_grew.
 */
#ifndef DOXE_SIM_BANK_LIST_H
#define DOXE_SIM_BANK_LIST_H

#include "sim/bank.h"

struct bank_list_srv;

/* `transfers` stay the caller's.  An empty token takes none.  As http_srv_start. */
DX_MUST_USE int bank_list_start(const char *listen, const char *token,
                                const struct transfer *transfers, struct bank_list_srv **ret_srv);
/* NULL is fine. */
void bank_list_stop(struct bank_list_srv *srv);
/* So many transfers may be read now. */
void bank_list_grew(struct bank_list_srv *srv, int count);

#endif
