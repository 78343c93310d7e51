/* The console's life: threads, doors, orders.  See desk.h. */
#include "gate/console/assets.h"
#include "gate/console/desk_parts.h"
#include "gate/console/desk_texts.h"
#include "proto/base/check.h"
#include "proto/io/clock_os.h"
#include "proto/io/http_text.h"
#include "proto/io/log.h"

#include <malloc.h>

enum { CONNECTIONS_MAX = 64, POKES_MAX = 64, CATCH_UP_EVERY_MS = 5000 };

/* What the worker is told. */
struct poke {
    int lane; /* 0: something changed; else a picture of this lane */
    bool stop;
    wall_t at;
    char picture[DESK_PICTURE_CAP];
    struct desk_quote *quote; /* the worker frees it; NULL: none */
};

/* ---- small things that all files use ---- */

int desk_lane_index(const struct desk *desk, int64_t lane)
{
    for (int i = 0; i < desk->config.lane_count; i++) {
        if (desk->lane[i].lane == lane) {
            return i;
        }
    }
    return -1;
}

bool desk_get_lane(struct desk *desk, int64_t lane, struct desk_lane *ret_lane)
{
    int i = desk_lane_index(desk, lane);
    if (i >= 0) {
        pthread_mutex_lock(&desk->snap);
        *ret_lane = desk->lane[i];
        pthread_mutex_unlock(&desk->snap);
    }
    return i >= 0;
}

void desk_make_ulid(char out[ULID_CAP], wall_t now)
{
    uint8_t random[ULID_RANDOM_SIZE];
    dx_random(random, sizeof random);
    ulid_make(out, now, random);
}

void desk_answer(struct desk_visit *visit, int status)
{
    if (out_failed(&visit->out)) {
        http_answer_error(visit->response, 500, "too_long", "The answer does not fit its space.");
        return;
    }
    http_answer_json(visit->response, status, out_str(&visit->out));
}

void desk_answer_error(struct desk_visit *visit, int status, const char *error)
{
    http_answer_error(visit->response, status, error, "");
}

int desk_ask(struct desk *desk, struct desk_order *order)
{
    int64_t ticket = atomic_fetch_add(&desk->ticket, 1) + 1;
    struct desk_answer answer = {.ticket = 0};
    order->ticket = ticket;
    int error = desk->config.give(desk->config.context, order);
    if (error) {
        free(order);
        return error;
    }
    mono_t until = mono_add(clock_mono(), DESK_WAIT_LOOP_MS);
    while (!error && answer.ticket != ticket) {
        error = mailbox_take(desk->answers, until, &answer); /* older ones came too late */
    }
    return error ? error : answer.error;
}

int desk_record(struct desk_visit *visit, int lane, const char *session, const char *code,
                const char *text)
{
    struct desk_order *order = desk_new_event(visit, lane, EVENT_DESK_ACTION);
    if (!order) {
        return DX_E_MEMORY;
    }
    str_copy_cut(order->event.session, sizeof order->event.session, str_c(session));
    str_copy_cut(order->event.code, sizeof order->event.code, str_c(code));
    str_copy_cut(order->event.text, sizeof order->event.text, str_c(text));
    return desk_ask(visit->desk, order);
}

/* ---- from the loop ---- */

void desk_poke(struct desk *desk)
{
    struct poke poke = {.lane = 0};
    (void)!mailbox_post(desk->pokes, &poke); /* full: the worker is awake anyway */
}

void desk_set_lane(struct desk *desk, const struct desk_lane *lane)
{
    int i = desk_lane_index(desk, lane->lane);
    if (i < 0) {
        return;
    }
    pthread_mutex_lock(&desk->snap);
    struct desk_lane *to = &desk->lane[i];
    bool changed = memcmp(to, lane, sizeof *to) != 0;
    if (changed) {
        *to = *lane;
    }
    pthread_mutex_unlock(&desk->snap);
    if (changed) {
        desk_poke(desk);
    }
}

void desk_set_line(struct desk *desk, const struct desk_line *line, wall_t now)
{
    pthread_mutex_lock(&desk->snap);
    struct desk_line *to = &desk->line;
    bool changed = to->online != line->online || to->journal_ok != line->journal_ok ||
                   to->waiting != line->waiting || to->disk_full != line->disk_full ||
                   to->unstored != line->unstored;
    if (to->online != line->online || desk->line_since.ms == 0) {
        desk->line_since = now;
    }
    if (to->journal_ok != line->journal_ok || desk->journal_since.ms == 0) {
        desk->journal_since = now;
    }
    *to = *line;
    pthread_mutex_unlock(&desk->snap);
    if (changed) {
        desk_poke(desk);
    }
}

void desk_answered(struct desk *desk, const struct desk_answer *answer)
{
    (void)!mailbox_post(desk->answers, answer);
}

bool desk_takes_card(struct desk *desk, int lane, mono_t now, const char *key, const char *last4)
{
    int i = desk_lane_index(desk, lane);
    if (i < 0) {
        return false;
    }
    pthread_mutex_lock(&desk->snap);
    struct desk_card *card = &desk->card[i];
    bool wanted = card->until.ms != 0 && !mono_reached(now, card->until);
    if (wanted) {
        card->until.ms = 0;
        card->read = true;
        str_copy_cut(card->key, sizeof card->key, str_c(key));
        str_copy_cut(card->last4, sizeof card->last4, str_c(last4));
    }
    pthread_mutex_unlock(&desk->snap);
    if (wanted) {
        desk_poke(desk);
    }
    return wanted;
}

void desk_add_picture(struct desk *desk, int lane, wall_t at, const char *name)
{
    struct poke poke = {.lane = lane, .at = at};
    str_copy_cut(poke.picture, sizeof poke.picture, str_c(name));
    if (mailbox_post(desk->pokes, &poke)) {
        log_warn("desk.picture_lost", "lane=%d", lane);
    }
}

void desk_lot_changed(struct desk *desk, int bucket)
{
    atomic_fetch_or(&desk->lot_parts, 1u << bucket); /* stays when the poke finds no room */
    desk_poke(desk);
}

void desk_add_quote(struct desk *desk, const struct down *quote, wall_t now)
{
    if (quote->type != DOWN_QUOTE || quote->line_count <= 0 || !quote->session[0]) {
        return;
    }
    struct poke poke = {.quote = calloc(1, sizeof *poke.quote)};
    if (!poke.quote) {
        return;
    }
    memcpy(poke.quote->session, quote->session, sizeof poke.quote->session);
    poke.quote->at = now;
    poke.quote->fee_vnd = quote->fee_vnd;
    poke.quote->line_count = quote->line_count;
    memcpy(poke.quote->line, quote->line, sizeof poke.quote->line);
    if (mailbox_post(desk->pokes, &poke)) {
        log_warn("desk.quote_lost", "lane=%d", quote->lane);
        free(poke.quote);
    }
}

struct desk_told desk_told(struct desk *desk)
{
    pthread_mutex_lock(&desk->snap);
    int64_t waiting = desk->line.waiting;
    pthread_mutex_unlock(&desk->snap);
    return (struct desk_told){desk->book.generation, desk->book.seq - waiting};
}

/* ---- the worker ---- */

static void take_news(struct desk *desk, const struct poke *poke)
{
    int count = 0;
    pthread_mutex_lock(&desk->book_lock);
    int error = 0;
    uint32_t parts = atomic_exchange(&desk->lot_parts, 0);
    if (parts) {
        error = desk_lot_take(&desk->book, desk->config.lot, parts);
    }
    if (poke->picture[0] && !error) {
        error = desk_book_add_picture(&desk->book, poke->lane, poke->at, poke->picture);
    }
    if (poke->quote && !error) {
        error = desk_book_add_quote(&desk->book, poke->quote);
    }
    error = error ? error : desk_book_catch_up(&desk->book, &count);
    pthread_mutex_unlock(&desk->book_lock);
    if (error) {
        log_warn("desk.book", "error=%s", dx_error_name(error));
    }
}

/* Many pokes become one push; the journal is looked at every few seconds in any case. */
static void *work(void *context)
{
    struct desk *desk = context;
    bool stop = false;
    while (!stop) {
        struct poke poke = {.lane = 0};
        bool woken =
            mailbox_take(desk->pokes, mono_add(clock_mono(), CATCH_UP_EVERY_MS), &poke) == 0;
        do {
            stop = stop || poke.stop;
            if (!stop && (poke.picture[0] || poke.quote)) {
                take_news(desk, &poke);
            }
            free(poke.quote);
            memset(&poke, 0, sizeof poke);
        } while (woken && mailbox_take(desk->pokes, (mono_t){0}, &poke) == 0);
        if (!stop) {
            memset(&poke, 0, sizeof poke);
            take_news(desk, &poke);
            if (woken) {
                http_push(desk->srv, "desk", "changed", STR("{}"));
            }
        }
    }
    return NULL;
}

/* ---- requests ---- */

/* A POST comes from our own page: with the login's token, and not from another site. */
static bool is_our_own(const struct desk_visit *visit)
{
    struct str site = http_header(visit->request, "Sec-Fetch-Site");
    struct str token = http_header(visit->request, "X-Doxe-Token");
    if (site.n && !str_eq_c(site, "same-origin")) {
        return false;
    }
    if (visit->route == DESK_ROUTE_LOGIN) {
        return token.n > 0; /* a field of one's own: no other site's form can send it */
    }
    return str_eq_constant_time(token, str_c(visit->login.csrf));
}

/* Asking what is new is not being there: it must not keep a login awake. */
static bool is_active(const struct desk_visit *visit)
{
    return visit->request->method == HTTP_POST;
}

static bool may_enter(struct desk_visit *visit)
{
    const struct desk_route_row *row = &desk_routes[visit->route];
    struct desk *desk = visit->desk;
    if (row->need != DESK_NEED_NOTHING) {
        int error =
            desk_login_find(&desk->book, http_cookie(visit->request, "doxe_desk"), visit->now,
                            desk->config.lock_ms, is_active(visit), &visit->login);
        if (error == DX_E_NOT_FOUND) {
            desk_answer_error(visit, 401, "login");
            return false;
        }
        if (error) {
            desk_answer_error(visit, 503, "database");
            return false;
        }
    }
    if (row->method == HTTP_POST && !is_our_own(visit)) {
        desk_answer_error(visit, 403, "foreign");
        return false;
    }
    if (row->need == DESK_NEED_LOGIN && visit->login.locked) {
        desk_answer_error(visit, 423, "locked");
        return false;
    }
    if (row->need == DESK_NEED_LOGIN && !(row->roles & 1u << visit->login.who.role)) {
        desk_answer_error(visit, 403, "role");
        return false;
    }
    return true;
}

static void answer_health(struct desk_visit *visit)
{
    json_object(&visit->out, NULL);
    json_c(&visit->out, "status", "ok");
    json_c(&visit->out, "version", DOXE_VERSION);
    json_object_end(&visit->out);
    desk_answer(visit, 200);
}

/* Is this browser logged in?  The page asks before it asks for anything that needs a login. */
static void answer_hello(struct desk_visit *visit)
{
    struct desk *desk = visit->desk;
    struct desk_login login;
    bool in = desk_login_find(&desk->book, http_cookie(visit->request, "doxe_desk"), visit->now,
                              desk->config.lock_ms, false, &login) == 0;
    json_object(&visit->out, NULL);
    json_bool(&visit->out, "in", in);
    json_bool(&visit->out, "locked", in && login.locked);
    json_c(&visit->out, "token", in ? login.csrf : "");
    json_c(&visit->out, "title", desk->config.title);
    desk_write_line(visit); /* who cannot log in because of it must see it, too */
    json_object_end(&visit->out);
    desk_answer(visit, 200);
}

static void answer_page(struct desk_visit *visit)
{
    for (int i = 0; i < console_asset_count; i++) {
        if (strcmp(console_assets[i].name, "desk.html") == 0) {
            http_answer(visit->response, 200, "text/html; charset=utf-8",
                        (struct str){(const char *)console_assets[i].bytes, console_assets[i].n});
            return;
        }
    }
    must(!"desk.html is an asset");
}

static void answer_file(struct desk_visit *visit)
{
    files_answer(visit->desk->files, visit->route == DESK_ROUTE_LIB ? "lib" : "assets",
                 visit->segment, visit->request, visit->response);
}

static void answer_texts(struct desk_visit *visit)
{
    desk_texts_write(&visit->out);
    desk_answer(visit, 200);
}

/* It says only that something changed; what, is asked for with a login that is not locked. */
static void answer_events(struct desk_visit *visit)
{
    http_stream(visit->response, "desk", "changed", STR("{}"));
}

static void answer_active(struct desk_visit *visit)
{
    json_object(&visit->out, NULL);
    json_object_end(&visit->out);
    desk_answer(visit, 200);
}

static void (*const answers[DESK_ROUTE_COUNT])(struct desk_visit *visit) = {
    [DESK_ROUTE_PAGE] = answer_page,
    [DESK_ROUTE_ASSET] = answer_file,
    [DESK_ROUTE_LIB] = answer_file,
    [DESK_ROUTE_TEXTS] = answer_texts,
    [DESK_ROUTE_HELLO] = answer_hello,
    [DESK_ROUTE_HEALTH] = answer_health,
    [DESK_ROUTE_LOGIN] = desk_answer_login,
    [DESK_ROUTE_EVENTS] = answer_events,
    [DESK_ROUTE_UNLOCK] = desk_answer_unlock,
    [DESK_ROUTE_LOGOUT] = desk_answer_logout,
    [DESK_ROUTE_LOCK] = desk_answer_lock,
    [DESK_ROUTE_ACTIVE] = answer_active,
    [DESK_ROUTE_STATE] = desk_answer_state,
    [DESK_ROUTE_ALARMS] = desk_answer_alarms,
    [DESK_ROUTE_ACT] = desk_answer_act,
    [DESK_ROUTE_OUTCOME] = desk_answer_outcome,
    [DESK_ROUTE_FIND] = desk_answer_find,
    [DESK_ROUTE_SUGGEST] = desk_answer_suggest,
    [DESK_ROUTE_STAY] = desk_answer_stay,
    [DESK_ROUTE_PICTURE] = desk_answer_picture,
    [DESK_ROUTE_QR] = desk_answer_qr,
    [DESK_ROUTE_SLIP] = desk_answer_slip,
    [DESK_ROUTE_CARD] = desk_answer_card,
    [DESK_ROUTE_RECEIPT] = desk_answer_receipt,
    [DESK_ROUTE_SHIFTS] = desk_answer_shifts,
    [DESK_ROUTE_DEEDS] = desk_answer_deeds,
    [DESK_ROUTE_DEVICES] = desk_answer_devices,
};

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct desk *desk = context;
    struct desk_visit visit = {.desk = desk,
                               .request = request,
                               .response = response,
                               .now = clock_wall(),
                               .mono = clock_mono()};
    int error = desk_route_find(request->method, request->path, &visit.route, &visit.segment);
    if (desk->config.cert) {
        http_answer_header(response, "Strict-Transport-Security", "max-age=31536000");
    }
    if (error) {
        desk_answer_error(&visit, error == DX_E_STATE ? 405 : 404,
                          error == DX_E_STATE ? "method" : "not_found");
        return;
    }
    pthread_mutex_lock(&desk->book_lock);
    out_init(&visit.out, desk->space, DESK_SPACE);
    if (may_enter(&visit)) {
        answers[visit.route](&visit);
    }
    pthread_mutex_unlock(&desk->book_lock);
}

/* ---- start and stop ---- */

static const struct file_package packages[] = {
    {"bootstrap.min.css", "bootstrap5/css/bootstrap.min.css"}};

static int check(const struct desk_config *config)
{
    struct http_address address;
    bool tls = config->cert && config->key;
    if (http_address_parse(config->listen, &address)) {
        return DX_E_CONFIG;
    }
    if (!address.is_loopback && !tls && !config->behind_proxy) {
        log_error("desk.no_tls",
                  "listen=\"%s\" reason=\"it can be reached from outside; give "
                  "console.cert and console.key, or console.behind_proxy\"",
                  config->listen);
        return DX_E_CONFIG;
    }
    return 0;
}

static int open_parts(struct desk *desk)
{
    const struct desk_config *config = &desk->config;
    desk->space = malloc(DESK_SPACE);
    int error =
        desk->space ? mailbox_new(sizeof(struct poke), POKES_MAX, &desk->pokes) : DX_E_MEMORY;
    error = error ? error : mailbox_new(sizeof(struct desk_answer), 32, &desk->answers);
    if (!error) {
        error = desk_book_open(config->database, config->journal, &desk->book);
        if (error) {
            log_error("desk.book_unusable", "path=\"%s\" error=%s", config->database,
                      dx_error_name(error));
        }
    }
    error = error ? error : desk_guard_init(&desk->guard);
    error = error ? error
                  : files_load(console_assets, console_asset_count, packages, 1, config->lib_dir,
                               &desk->files);
    return error;
}

static int start_threads(struct desk *desk)
{
    struct http_config http = {.listen = desk->config.listen,
                               .body_max = DESK_BODY_MAX,
                               .connection_max = CONNECTIONS_MAX,
                               .tls_cert = desk->config.cert,
                               .tls_key = desk->config.key,
                               .context = desk,
                               .handle = handle};
    int count = 0;
    int error = desk_book_catch_up(&desk->book, &count);
    error = error ? error : desk_lot_take(&desk->book, desk->config.lot, UINT32_MAX);
    if (!error) {
        error = http_srv_start(&http, &desk->srv);
        if (error) {
            log_error("desk.http_unusable", "listen=\"%s\" error=%s", desk->config.listen,
                      dx_error_name(error));
        }
    }
    if (!error && pthread_create(&desk->worker, NULL, work, desk) != 0) {
        error = DX_E_MEMORY;
    }
    desk->has_worker = !error;
    return error;
}

int desk_start(const struct desk_config *config, struct desk **ret_desk)
{
    int error = check(config);
    struct desk *desk = error ? NULL : calloc(1, sizeof *desk);
    if (!desk) {
        return error ? error : DX_E_MEMORY;
    }
    desk->config = *config;
    pthread_mutex_init(&desk->snap, NULL);
    pthread_mutex_init(&desk->book_lock, NULL);
    atomic_init(&desk->stopping, false);
    atomic_init(&desk->ticket, 0);
    for (int i = 0; i < config->lane_count; i++) {
        desk->lane[i].lane = config->lane[i].lane;
        desk->lane[i].exit = config->lane[i].exit;
    }
    error = open_parts(desk);
    error = error ? error : start_threads(desk);
    if (error) {
        desk_stop(desk);
        return error;
    }
    malloc_trim(0); /* what packing the files and the first hash have taken goes back */
    log_info("desk.listening", "port=%d tls=%s", desk_port(desk), config->cert ? "yes" : "no");
    *ret_desk = desk;
    return 0;
}

/* Nobody listens any more: what an amount was made of is in the server's books, too. */
static void drop_pokes(struct desk *desk)
{
    struct poke poke;
    while (desk->pokes && mailbox_take(desk->pokes, (mono_t){0}, &poke) == 0) {
        free(poke.quote);
    }
}

void desk_stop(struct desk *desk)
{
    if (!desk) {
        return;
    }
    if (desk->has_worker) {
        struct poke poke = {.stop = true};
        mailbox_post_wait(desk->pokes, &poke);
        pthread_join(desk->worker, NULL);
    }
    http_srv_stop(desk->srv);
    drop_pokes(desk);
    desk_book_close(&desk->book);
    files_free(desk->files);
    mailbox_free(desk->pokes);
    mailbox_free(desk->answers);
    pthread_mutex_destroy(&desk->snap);
    pthread_mutex_destroy(&desk->book_lock);
    free(desk->space);
    dx_wipe(&desk->guard, sizeof desk->guard);
    free(desk);
}

int desk_port(const struct desk *desk)
{
    return http_srv_port(desk->srv);
}
