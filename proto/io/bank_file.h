/*
 * bank_file.h - where the list of banks lies, and how it is replaced.
 *
 * Looked for, in this order:
 *     $DOXE_BANKS                      (then nothing else)
 *     /etc/doxe/banks.csv              an administrator's own list
 *     ../share/doxe/banks.csv          beside the program: what was installed or built
 *
 * The links of banks' apps (proto/bank_apps.h) are looked for in the same way: $DOXE_BANK_APPS,
 * then bank_apps.csv in the same two folders.
 *
 * Replacing writes a new file beside the old one, syncs it and renames it, so a
 * reader sees the old list or the new one and never half of one.
 *
 * Not here: the form of the list (proto/banks.h).
 */
#ifndef DOXE_IO_BANK_FILE_H
#define DOXE_IO_BANK_FILE_H

#include "proto/bank_apps.h"
#include "proto/banks.h"

enum { BANK_FILE_MAX = 1 << 17, BANK_FILE_PATH_CAP = 512, BANK_FILE_ERROR_CAP = 256 };

/* The file in use.  DX_E_NOT_FOUND: there is none; DX_E_SPACE: the path is too long. */
DX_MUST_USE int bank_file_find(char ret_path[BANK_FILE_PATH_CAP]);

/*
 * Read a file into `list`.  On failure the list is empty and `error` says why, with the line.
 * DX_E_NOT_FOUND, DX_E_IO, DX_E_MEMORY, or as banks_read.
 */
DX_MUST_USE int bank_file_load(const char *path, struct bank_list *list,
                               char error[BANK_FILE_ERROR_CAP]);

/* The links of banks' apps, found and read.  Errors as above; the list is empty then. */
DX_MUST_USE int bank_file_load_apps(struct bank_app_list *list, char error[BANK_FILE_ERROR_CAP]);

/* Copy `from` over `to`, whole or not at all.  The caller has checked `from`.  DX_E_IO. */
DX_MUST_USE int bank_file_install(const char *from, const char *to,
                                  char error[BANK_FILE_ERROR_CAP]);

#endif
