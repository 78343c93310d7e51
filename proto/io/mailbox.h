/*
 * mailbox.h - the bounded queue between a program's workers and its loop thread.
 *
 * One loop thread owns each core.  Workers (MQTT, Modbus, HTTP, serial) post
 * values; the loop takes them one by one, or waits until a deadline.  The
 * caller chooses the value's type by its size; values are copied in and out.
 * mailbox_post never blocks: DX_E_FULL is an answer the worker must handle.
 */
#ifndef DOXE_IO_MAILBOX_H
#define DOXE_IO_MAILBOX_H

#include "proto/base/time.h"

struct mailbox;

/* `capacity` values of `size` bytes each; all memory is taken here.  DX_E_MEMORY. */
DX_MUST_USE int mailbox_new(size_t size, size_t capacity, struct mailbox **ret_box);
void mailbox_free(struct mailbox *box);
DX_MUST_USE int mailbox_post(struct mailbox *box, const void *value);
/* Waits for room instead; for senders that may hold back their source (never in a callback). */
void mailbox_post_wait(struct mailbox *box, const void *value);
/*
 * The oldest value.  Waits until there is one or the clock reaches `deadline`
 * (mono_never() waits for ever, a past time does not wait).  DX_E_TIMEOUT when
 * there was none.
 */
DX_MUST_USE int mailbox_take(struct mailbox *box, mono_t deadline, void *ret_value);
/* Values waiting now; a reading for metrics, old the moment it is made. */
size_t mailbox_count(struct mailbox *box);

#endif
