/*
 * lot_json.h - the retained messages `config` and `inside` out of their bytes, strictly.
 *
 * What is read replaces what `lot` held of it; on an error nothing changes and *ret_why is a
 * constant sentence without personal data.  DX_E_CHECK: the digest is not that of the bytes.
 * DX_E_STATE: older than what is held (the same version again is fine).  DX_E_DIFFERENT: of
 * another lot.  DX_E_FORMAT, DX_E_VERSION, DX_E_SPACE, DX_E_MEMORY; DX_E_CONFIG: a tariff in it
 * is none.
 */
#ifndef DOXE_IO_LOT_JSON_H
#define DOXE_IO_LOT_JSON_H

#include "proto/lot.h"

DX_MUST_USE int lot_read_config(struct str bytes, struct lot *lot, const char **ret_why);
DX_MUST_USE int lot_read_inside(struct str bytes, struct lot *lot, int *ret_bucket,
                                const char **ret_why);
/* Frees the lists; the rest of the struct becomes zero but for `id`. */
void lot_fini(struct lot *lot);

#endif
