#include "proto/io/mailbox.h"

#include "proto/base/check.h"
#include "proto/io/clock_os.h"

struct mailbox {
    pthread_mutex_t lock;
    pthread_cond_t arrived; /* a value is there */
    pthread_cond_t taken;   /* there is room */
    size_t size, capacity, count, first;
    unsigned char values[];
};

int mailbox_new(size_t size, size_t capacity, struct mailbox **ret_box)
{
    if (size == 0 || capacity == 0 || capacity > SIZE_MAX / 2 / size) {
        return DX_E_INVAL;
    }
    struct mailbox *box = calloc(1, sizeof *box + size * capacity);
    if (!box) {
        return DX_E_MEMORY;
    }
    pthread_mutex_init(&box->lock, NULL);
    clock_cond_init(&box->arrived);
    clock_cond_init(&box->taken);
    box->size = size;
    box->capacity = capacity;
    *ret_box = box;
    return 0;
}

void mailbox_free(struct mailbox *box)
{
    if (!box) {
        return;
    }
    pthread_cond_destroy(&box->arrived);
    pthread_cond_destroy(&box->taken);
    pthread_mutex_destroy(&box->lock);
    free(box);
}

static void put(struct mailbox *box, const void *value)
{
    size_t at = (box->first + box->count) % box->capacity;
    memcpy(box->values + at * box->size, value, box->size);
    box->count++;
    pthread_cond_signal(&box->arrived);
}

int mailbox_post(struct mailbox *box, const void *value)
{
    int error = 0;
    pthread_mutex_lock(&box->lock);
    if (box->count == box->capacity) {
        error = DX_E_FULL;
    } else {
        put(box, value);
    }
    pthread_mutex_unlock(&box->lock);
    return error;
}

void mailbox_post_wait(struct mailbox *box, const void *value)
{
    pthread_mutex_lock(&box->lock);
    while (box->count == box->capacity) {
        pthread_cond_wait(&box->taken, &box->lock);
    }
    put(box, value);
    pthread_mutex_unlock(&box->lock);
}

/*
 * Deadlines are on the boot clock, a condition waits on the monotonic one; they
 * differ by the time suspended, so the remaining time is handed over.  It is
 * taken anew after each wake-up, and a suspend then shows in the next look.
 */
int mailbox_take(struct mailbox *box, mono_t deadline, void *ret_value)
{
    enum { LONGEST_WAIT_MS = 60 * 1000 };
    int error = 0;
    pthread_mutex_lock(&box->lock);
    while (box->count == 0) {
        int64_t wait_ms = LONGEST_WAIT_MS;
        if (deadline.ms != mono_never().ms) {
            wait_ms = mono_diff(deadline, clock_mono());
        }
        if (wait_ms <= 0) {
            error = DX_E_TIMEOUT;
            break;
        }
        (void)clock_cond_wait(&box->arrived, &box->lock,
                              wait_ms < LONGEST_WAIT_MS ? wait_ms : LONGEST_WAIT_MS);
    }
    if (!error) {
        memcpy(ret_value, box->values + box->first * box->size, box->size);
        box->first = (box->first + 1) % box->capacity;
        box->count--;
        pthread_cond_signal(&box->taken);
    }
    pthread_mutex_unlock(&box->lock);
    return error;
}

size_t mailbox_count(struct mailbox *box)
{
    pthread_mutex_lock(&box->lock);
    size_t count = box->count;
    pthread_mutex_unlock(&box->lock);
    return count;
}
