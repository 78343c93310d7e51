/* secret_file.h - a password or token: the first line of a file that only its owner should read. */
#ifndef DOXE_GATE_IO_SECRET_FILE_H
#define DOXE_GATE_IO_SECRET_FILE_H

#include "proto/base/str.h"

/*
 * Without the blanks around it, ended with NUL.  DX_E_NOT_FOUND, DX_E_IO, DX_E_SPACE (longer
 * than cap - 1), DX_E_FORMAT (empty).
 */
DX_MUST_USE int secret_file_read(const char *path, char *out, size_t cap);

#endif
