/*
 * mapping.h - what a bank calls the columns of its statement: data in etc/statements/NAME.yaml.
 *
 * A new bank, or a bank that renamed a column, is a change of such a file, never of code.
 */
#ifndef DOXE_SERVER_BANK_MAPPING_H
#define DOXE_SERVER_BANK_MAPPING_H

#include "server/bank/statement.h"

enum { MAPPINGS_MAX = 64, MAPPING_ERROR_CAP = 512 };

/* DX_E_CONFIG, DX_E_NOT_FOUND, DX_E_IO, DX_E_MEMORY, with the message in `error`. */
DX_MUST_USE int mapping_load(const char *path, char *error, size_t cap,
                             struct statement_mapping *ret_mapping);
DX_MUST_USE int mapping_load_text(const char *name, struct str text, char *error, size_t cap,
                                  struct statement_mapping *ret_mapping);
/*
 * All of a folder ("" : $DOXE_STATEMENT_DIR, the source tree of a build, or where they are
 * installed), those of this bank first, then those of any bank, by name.  The caller frees
 * *ret_mappings.
 */
DX_MUST_USE int mapping_load_all(const char *folder, const char *bin, char *error, size_t cap,
                                 struct statement_mapping **ret_mappings, int *ret_count);

#endif
