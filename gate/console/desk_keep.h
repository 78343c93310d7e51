/*
 * desk_keep.h - a picture that must not be deleted with the others.
 *
 * The cameras' folder keeps the newest so many pictures (gate/io/picture_store.h).
 * A picture that belongs to an opening by hand gets a second name in the folder
 * `kept` beside them: the file lives on when its first name is deleted.  Nothing
 * in doxe deletes from `kept`; how long such pictures stay is the operator's rule.
 */
#ifndef DOXE_GATE_DESK_KEEP_H
#define DOXE_GATE_DESK_KEEP_H

#include "proto/base/str.h"

/* Is it a name that picture_store gives?  Nothing else is ever opened. */
bool desk_picture_is_named(struct str name);
/* DX_E_FORMAT, DX_E_NOT_FOUND (deleted already), DX_E_IO. */
DX_MUST_USE int desk_keep_picture(const char *folder, const char *name);

#endif
