/*
 * charset.h - the bytes of a bank's file as UTF-8, or a sentence why not.
 *
 * A byte order mark decides (UTF-8, UTF-16 either way); else valid UTF-8 is UTF-8; else it
 * is taken as Windows-1258, which older Vietnamese programs write.  Bytes that
 * do not exist there are an error.  Files that are no text (XLSX, XLS, PDF) are named as such.
 */
#ifndef DOXE_SERVER_BANK_CHARSET_H
#define DOXE_SERVER_BANK_CHARSET_H

#include "proto/base/str.h"

/*
 * *ret_text is new memory of *ret_n bytes; free() it.  *ret_name is "UTF-8", "UTF-16" or
 * "Windows-1258".  DX_E_FORMAT with *ret_why set; DX_E_MEMORY.
 */
DX_MUST_USE int charset_to_utf8(struct str bytes, char **ret_text, size_t *ret_n,
                                const char **ret_name, const char **ret_why);

#endif
