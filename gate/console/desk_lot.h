/*
 * desk_lot.h - who is inside the lot, as far as this gate can know it: line or no line.
 *
 * Two sources.  What this gate has seen come and go stands in its own book (desk_book.h,
 * `stay`).  What the lot's other gates have seen comes as the server's retained lists
 * (proto/lot.h, inside/<c>): the loop checks and keeps them in the journal's file, and they are
 * read from there into the book part by part, so they are there after a restart, too.
 *
 * Where both speak of a stay:
 *   - it left here: it has gone, whatever an older list says
 *   - it came in here and the list, made LAG_MS later or more, does not have it: it left through
 *     another gate (docs/LANE.md, A6), unless the server has not acknowledged its entry yet
 *   - else it is inside
 *
 * How fresh the list is: a part is made anew when one of its stays changes, so while the
 * line is up and nothing waits to be told, the list is as of now; when it is cut, as of the
 * newest part (desk_lot_news).
 *
 * Not here: prices (gate/core/offline.h), the lists' form (proto/io/lot_json.h).
 */
#ifndef DOXE_GATE_DESK_LOT_H
#define DOXE_GATE_DESK_LOT_H

#include "gate/console/desk_book.h"
#include "proto/plate.h"

/* What of the journal the server has: everything of earlier generations counts as told. */
struct desk_told {
    int64_t generation, seq;
};

struct desk_news {
    bool known; /* a list came, now or before a restart */
    wall_t at;  /* the newest part was made then */
};

/*
 * Takes the parts of the list whose bits (1 << lot_bucket_of) are set out of the journal's file;
 * one that is there already in this version, is damaged or of another lot changes nothing.
 */
DX_MUST_USE int desk_lot_take(struct desk_book *book, const char *lot, uint32_t parts);
DX_MUST_USE int desk_lot_news(struct desk_book *book, struct desk_news *ret_news);

/* Stays inside by class, corrections of persons at this gate included. */
DX_MUST_USE int desk_lot_count(struct desk_book *book, const struct desk_told *told,
                               int64_t ret_count[VEHICLE_COUNT]);
/*
 * Stays inside whose plate or ticket has `part` in it, of all gates, this gate's first; also those
 * of this gate that have gone when `ended`.  Returns how many of at most `max` were written.
 */
int desk_lot_find(struct desk_book *book, const struct desk_told *told, const char *part,
                  bool ended, struct desk_stay *ret_stays, int max);
/* The plates inside that are nearest to a canonical one, nearest first. */
int desk_lot_nearest(struct desk_book *book, const struct desk_told *told, const char *canonical,
                     struct desk_stay *ret_stays, int *ret_distances, int max);
/* A stay of this gate or of another one.  DX_E_NOT_FOUND. */
DX_MUST_USE int desk_stay_anywhere(struct desk_book *book, const char *session,
                                   struct desk_stay *ret_stay);

#endif
