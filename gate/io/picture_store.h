/*
 * picture_store.h - the cameras' newest pictures as files in one folder, never more than so many.
 *
 * A help for a person who must look, no proof: the oldest is deleted when one is too
 * many.  A picture is on the disk when picture_store_add has returned 0: only then is its
 * camera told that all is well.  A file is called
 *     <milliseconds since 1970>-<camera>-<event>-<number>.jpg
 * with 8 hex digits of the camera's name of the event, so names sort by time and a camera
 * that sends an event again does not leave a second copy.  Belongs to one thread at a time.
 */
#ifndef DOXE_GATE_IO_PICTURE_STORE_H
#define DOXE_GATE_IO_PICTURE_STORE_H

#include "proto/base/time.h"

enum { PICTURE_NAME_CAP = 80, PICTURE_KEEP_MAX = 100000 };

struct picture_store;

/*
 * Makes the folder (its parent must be there) and looks what is in it.  `keep` 0
 * stores nothing.  DX_E_IO, DX_E_MEMORY.
 */
DX_MUST_USE int picture_store_new(const char *folder, int keep, struct picture_store **ret_store);
void picture_store_free(struct picture_store *store);
/*
 * `event` is the camera's name of it (plate_read.vendor_id).  0, also when it is there
 * already; DX_E_IO: not stored (disk full, folder gone).
 */
DX_MUST_USE int picture_store_add(struct picture_store *store, const char *camera,
                                  const char *event, wall_t at, int number, struct str bytes);
/* Called with each picture that was stored, in the thread that adds; NULL: nobody is told. */
void picture_store_tell(struct picture_store *store, void *context,
                        void (*told)(void *context, const char *camera, wall_t at,
                                     const char *name));
int picture_store_count(const struct picture_store *store);

#endif
