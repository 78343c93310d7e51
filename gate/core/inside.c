#include "gate/core/inside.h"

#include <string.h>

void inside_init(struct inside *inside)
{
    inside->count = 0;
}

static int find_session(const struct inside *inside, const char *session)
{
    for (int i = inside->count - 1; i >= 0; i--) {
        if (strcmp(inside->entry[i].session, session) == 0) {
            return i;
        }
    }
    return -1;
}

/* The order is kept: the oldest is the one that gives way, the newest the one that is found. */
static void remove_at(struct inside *inside, int at)
{
    inside->count--;
    memmove(&inside->entry[at], &inside->entry[at + 1],
            (size_t)(inside->count - at) * sizeof inside->entry[0]);
}

void inside_add(struct inside *inside, const struct inside_entry *entry)
{
    inside_remove(inside, entry->session);
    if (inside->count == INSIDE_MAX) {
        remove_at(inside, 0);
    }
    inside->entry[inside->count++] = *entry;
}

void inside_remove(struct inside *inside, const char *session)
{
    int at = session[0] ? find_session(inside, session) : -1;
    if (at >= 0) {
        remove_at(inside, at);
    }
}

const struct inside_entry *inside_find_entry(const struct inside *inside,
                                             const struct subject *subject)
{
    for (int i = inside->count - 1; i >= 0 && subject->kind != SUBJECT_NONE; i--) {
        const struct inside_entry *entry = &inside->entry[i];
        /* A person has one key whatever he rides; a plate text stands for one vehicle a class. */
        bool same_class = entry->vehicle == subject->vehicle || subject->kind == SUBJECT_CARD;
        if (entry->kind == subject->kind && same_class && strcmp(entry->key, subject->key) == 0) {
            return entry;
        }
    }
    return NULL;
}

const char *inside_find(const struct inside *inside, const struct subject *subject)
{
    const struct inside_entry *entry = inside_find_entry(inside, subject);
    return entry ? entry->session : "";
}
