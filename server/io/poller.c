#include "server/io/poller.h"

#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "proto/io/mailbox.h"
#include "server/app/inbox.h"
#include "server/bank/page.h"
#include "server/io/fetch.h"

enum { ROWS_MAX = 1000, TOKEN_HEADER_CAP = 320, ONCE_ASKS_MAX = 5000, OWN_BUSY_MS = 20000 };

struct source {
    struct poll_plan plan;
    const char *url, *token;
    struct poller_result result;
};

struct poller {
    struct fetch *fetch;
    struct inbox *inbox, own;
    void (*news)(void *context);
    void *context;
    int count;
    struct source source[POLLER_PROVIDERS_MAX];
    struct mailbox *stop;
    pthread_t thread;
    bool running;
    char *body[ROWS_MAX]; /* of the answer that is read */
    char digest[ROWS_MAX][65];
    struct store_inbox_row row[ROWS_MAX];
    int rows;
};

/* ---- life ---- */

static void add_source(struct poller *poller, enum poll_kind kind, const char *url,
                       const char *token, int64_t every_ms, const char *only)
{
    uint64_t seed = 0;
    struct prng prng;
    int64_t since_id = 0;
    const char *provider = page_provider(kind);
    if (!token[0] || (only && strcmp(only, provider) != 0)) {
        return;
    }
    dx_random(&seed, sizeof seed);
    prng_init(&prng, seed);
    if (inbox_get_cursor(poller->inbox, provider, "since_id", &since_id) != 0) {
        since_id = 0; /* the window is swept then */
    }
    struct source *source = &poller->source[poller->count++];
    poll_plan_init(&source->plan, kind, every_ms, since_id, &prng);
    source->url = url[0] ? url : page_default_url(kind);
    source->token = token;
    source->result.provider = provider;
}

int poller_new(const struct server_config *config, const char *only, struct inbox *inbox,
               void (*news)(void *context), void *context, struct poller **ret_poller)
{
    const struct server_bank *bank = &config->bank;
    struct poller *poller = calloc(1, sizeof *poller);
    if (!poller) {
        return DX_E_MEMORY;
    }
    poller->news = news;
    poller->context = context;
    int error = fetch_new(&poller->fetch);
    error = error ? error : mailbox_new(sizeof(int), 1, &poller->stop);
    poller->inbox = inbox ? inbox : &poller->own;
    if (!error && !inbox) {
        error = inbox_open(&poller->own, config->database, OWN_BUSY_MS);
    }
    if (!error) {
        add_source(poller, bank->sepay_api == 0 ? POLL_SEPAY_V1 : POLL_SEPAY_V2, bank->sepay_url,
                   bank->sepay_token, bank->poll_ms, only);
        add_source(poller, POLL_CASSO, bank->casso_url, bank->casso_key, bank->poll_ms, only);
        error = poller->count ? 0 : DX_E_NOT_FOUND;
    }
    if (error) {
        poller_free(poller);
        return error;
    }
    *ret_poller = poller;
    return 0;
}

static void forget_rows(struct poller *poller)
{
    for (int i = 0; i < poller->rows; i++) {
        free(poller->body[i]);
    }
    poller->rows = 0;
}

void poller_free(struct poller *poller)
{
    if (poller) {
        poller_stop(poller);
        forget_rows(poller);
        inbox_close(&poller->own);
        mailbox_free(poller->stop);
        fetch_free(poller->fetch);
        free(poller);
    }
}

/* ---- one question ---- */

static int keep_row(void *context, struct str text)
{
    uint8_t digest[SHA256_SIZE];
    struct poller *poller = context;
    if (poller->rows == ROWS_MAX || text.n > STORE_NOTICE_MAX) {
        return DX_E_RANGE;
    }
    char *copy = malloc(text.n + 1);
    if (!copy) {
        return DX_E_MEMORY;
    }
    memcpy(copy, text.p, text.n);
    dx_sha256(digest, text);
    int i = poller->rows++;
    poller->body[i] = copy;
    str_hex(poller->digest[i], digest, sizeof digest);
    poller->row[i] = (struct store_inbox_row){
        .source = CREDIT_POLL, .body = {copy, text.n}, .digest = poller->digest[i]};
    return 0;
}

/* All rows of the answer, and how far it is now, in one transaction. */
static int store_rows(struct poller *poller, struct source *source, int64_t last_id)
{
    int added = 0;
    struct inbox_cursor cursor = {"since_id", last_id};
    for (int i = 0; i < poller->rows; i++) {
        poller->row[i].provider = source->result.provider;
        poller->row[i].received = clock_wall();
    }
    bool moved = last_id > source->plan.since_id && !source->plan.sweeping;
    int error = poller->rows ? inbox_add(poller->inbox, poller->row, poller->rows, &cursor,
                                         moved ? 1 : 0, &added)
                             : 0;
    source->result.rows += poller->rows;
    source->result.added += added;
    if (!error && added) {
        log_info("poll.found", "provider=%s rows=%d new=%d", source->result.provider, poller->rows,
                 added);
        poller->news(poller->context);
    }
    return error;
}

static void fail(struct source *source, const char *why)
{
    if (strcmp(source->result.why, why) != 0 || source->plan.failures == 0) {
        log_warn("poll.failed", "provider=%s reason=\"%s\"", source->result.provider, why);
    }
    str_copy_cut(source->result.why, sizeof source->result.why, str_c(why));
}

static void read_answer(struct poller *poller, struct source *source,
                        const struct fetch_answer *got, struct poll_answer *answer)
{
    char why[120];
    answer->status = got->status;
    answer->retry_after_ms = got->retry_after_ms;
    if (got->status != 200) {
        if (got->status) {
            snprintf(why, sizeof why, "HTTP status %d", got->status);
        } else {
            snprintf(why, sizeof why, "no answer: %s", got->why);
        }
        fail(source, why);
        return;
    }
    int error =
        page_read(source->plan.kind, (struct str){got->body, got->n}, keep_row, poller, answer);
    if (error) {
        answer->readable = false;
        fail(source,
             got->n ? "the answer is no page of the list" : "an empty answer: is the token right?");
        return;
    }
    error = store_rows(poller, source, answer->last_id);
    if (error) {
        answer->readable = false;
        fail(source, "what came could not be stored");
        return;
    }
    source->result.why[0] = '\0';
}

/* True when a round ended well. */
static bool ask_one(struct poller *poller, struct source *source, const struct poll_ask *ask)
{
    char target[PAGE_TARGET_CAP];
    char url[PAGE_TARGET_CAP + 160];
    char token[TOKEN_HEADER_CAP];
    struct fetch_answer got;
    struct poll_answer answer = {0};
    page_target(ask, target);
    snprintf(url, sizeof url, "%s%s", source->url, target);
    page_authorization(ask->kind, source->token, token, sizeof token);
    const struct fetch_ask fetch = {.url = url, .header = {token}, .timeout_ms = FETCH_TIMEOUT_MS};
    source->result.asked++;
    forget_rows(poller);
    if (fetch_ask(poller->fetch, &fetch, &got) == 0) {
        read_answer(poller, source, &got, &answer);
        fetch_answer_free(&got);
    }
    dx_wipe(token, sizeof token);
    bool done = poll_plan_answered(&source->plan, &answer, clock_mono());
    source->result.failures = source->plan.failures;
    return done;
}

/* ---- for ever, or once ---- */

static void *run(void *argument)
{
    int nothing;
    struct poller *poller = argument;
    for (;;) {
        mono_t next = mono_never();
        for (int i = 0; i < poller->count; i++) {
            next = mono_min(next, poll_plan_deadline(&poller->source[i].plan));
        }
        if (mailbox_take(poller->stop, next, &nothing) == 0) {
            return NULL;
        }
        for (int i = 0; i < poller->count; i++) {
            struct poll_ask ask;
            struct source *source = &poller->source[i];
            if (poll_plan_next(&source->plan, clock_mono(), clock_wall(), &ask)) {
                (void)ask_one(poller, source, &ask);
            }
        }
    }
}

int poller_start(struct poller *poller)
{
    if (pthread_create(&poller->thread, NULL, run, poller) != 0) {
        return DX_E_IO;
    }
    poller->running = true;
    return 0;
}

void poller_stop(struct poller *poller)
{
    int nothing = 0;
    if (poller && poller->running) {
        fetch_stop(poller->fetch);
        (void)!mailbox_post(poller->stop, &nothing);
        pthread_join(poller->thread, NULL);
        poller->running = false;
    }
}

/* The whole window, whatever the pauses; ends with the first failure. */
static void sweep(struct poller *poller, struct source *source)
{
    struct poll_ask ask;
    poll_plan_sweep_now(&source->plan);
    for (int i = 0; i < ONCE_ASKS_MAX; i++) {
        int nothing;
        (void)!mailbox_take(poller->stop, poll_plan_deadline(&source->plan), &nothing);
        if (poll_plan_next(&source->plan, clock_mono(), clock_wall(), &ask) &&
            (ask_one(poller, source, &ask) || source->plan.failures > 0)) {
            return;
        }
    }
}

int poller_once(struct poller *poller, struct poller_result ret_results[POLLER_PROVIDERS_MAX],
                int *ret_count)
{
    int error = 0;
    for (int i = 0; i < poller->count; i++) {
        sweep(poller, &poller->source[i]);
        ret_results[i] = poller->source[i].result;
        error = poller->source[i].plan.failures ? DX_E_LINK : error;
    }
    *ret_count = poller->count;
    return error;
}
