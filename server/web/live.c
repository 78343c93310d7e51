#include "server/web/live.h"

#include "proto/io/clock_os.h"
#include "proto/io/mailbox.h"

#include <stdlib.h>

enum { LIVE_QUEUE = 256 };

/* What the gathering thread is told: which pages have something to see. */
struct note {
    bool console, city, stop;
};

struct live {
    struct http_srv *srv;
    struct mailbox *notes;
    pthread_t thread;
};

static void *gather(void *context)
{
    struct live *live = context;
    mono_t console_from = {0}; /* not pushed before this */
    mono_t city_from = {0};
    bool console = false;
    bool city = false;
    for (;;) {
        mono_t deadline = mono_never();
        struct note note = {0};
        deadline = console ? mono_min(deadline, console_from) : deadline;
        deadline = city ? mono_min(deadline, city_from) : deadline;
        if (mailbox_take(live->notes, deadline, &note) == 0) {
            console = console || note.console;
            city = city || note.city;
        }
        if (note.stop) {
            return NULL;
        }
        mono_t now = clock_mono();
        if (console && mono_reached(now, console_from)) {
            http_push(live->srv, LIVE_CONSOLE, "change", STR("{}"));
            console_from = mono_add(now, LIVE_CONSOLE_MS);
            console = false;
        }
        if (city && mono_reached(now, city_from)) {
            http_push(live->srv, LIVE_CITY, "change", STR("{}"));
            city_from = mono_add(now, LIVE_CITY_MS);
            city = false;
        }
    }
}

int live_new(struct http_srv *srv, struct live **ret_live)
{
    struct live *live = calloc(1, sizeof *live);
    if (!live) {
        return DX_E_MEMORY;
    }
    live->srv = srv;
    int error = mailbox_new(sizeof(struct note), LIVE_QUEUE, &live->notes);
    if (!error && pthread_create(&live->thread, NULL, gather, live) != 0) {
        mailbox_free(live->notes);
        error = DX_E_IO;
    }
    if (error) {
        free(live);
        return error;
    }
    *ret_live = live;
    return 0;
}

void live_free(struct live *live)
{
    if (live) {
        const struct note stop = {.stop = true};
        mailbox_post_wait(live->notes, &stop);
        pthread_join(live->thread, NULL);
        mailbox_free(live->notes);
        free(live);
    }
}

int live_channel(struct str token, char out[HTTP_CHANNEL_CAP])
{
    /* As server/core/session.h draws them: letters and digits, long enough not to be guessed. */
    if (token.n < 16 || token.n > 32) {
        return DX_E_FORMAT;
    }
    for (size_t i = 0; i < token.n; i++) {
        if (!ascii_is_alpha(token.p[i]) && !ascii_is_digit(token.p[i])) {
            return DX_E_FORMAT;
        }
    }
    snprintf(out, HTTP_CHANNEL_CAP, "s:%.*s", (int)token.n, token.p);
    return 0;
}

void live_changed(struct live *live, const struct change *change)
{
    char channel[HTTP_CHANNEL_CAP];
    struct note note = {.console = true,
                        .city = change->kind == CHANGE_SESSION || change->kind == CHANGE_BANK};
    if (live_channel(str_c(change->token), channel) == 0) {
        http_push(live->srv, channel, "change", STR("{}"));
    }
    /* A full queue already holds more than enough reasons to look. */
    (void)!mailbox_post(live->notes, &note);
}
