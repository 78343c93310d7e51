/*
 * tariff_file.h - read a tariff and its versions from YAML.
 *
 * The form is docs/TARIFF.md section 6, with etc/tariffs/ as examples.  A file
 * that states a digest must have it: a version that was published and then
 * edited is refused, because receipts name it.
 */
#ifndef DOXE_IO_TARIFF_FILE_H
#define DOXE_IO_TARIFF_FILE_H

#include "proto/tariff/tariff.h"

/*
 * Read and check `path` into ret_set (untouched on failure); all versions are
 * sealed.  DX_E_NOT_FOUND, DX_E_IO, DX_E_MEMORY or DX_E_CONFIG; `error` gets
 * "FILE:LINE: key '…': what is wrong; what is allowed" (512 bytes are enough).
 */
DX_MUST_USE int tariff_file_load(const char *path, struct tariff_set *ret_set, char *error,
                                 size_t error_cap);
/* The same from text that goes by `name` in messages. */
DX_MUST_USE int tariff_file_load_text(const char *name, struct str text, struct tariff_set *ret_set,
                                      char *error, size_t error_cap);

/*
 * Where the tariff NAME is: a path as it stands when it has a '/' or ends in
 * ".yaml"; else NAME.yaml in the folder $DOXE_TARIFF_DIR, or in the source
 * tree when this is a build in it, or in /usr/share/doxe/tariffs.
 * DX_E_SPACE, or DX_E_FORMAT when the name has other characters than
 * letters, digits and '-'.
 */
DX_MUST_USE int tariff_file_find(const char *name, char *ret_path, size_t cap);

#endif
