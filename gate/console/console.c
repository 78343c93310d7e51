#include "gate/console/console.h"

#include "gate/console/assets.h"
#include "gate/console/page.h"
#include "gate/console/texts.h"
#include "proto/base/check.h"

struct console {
    pthread_mutex_t lock;
    struct http_srv *srv;
    bool online;
    char gate[MSG_NAME_CAP];
    char title[CONSOLE_NAME_CAP];
    char health[CONSOLE_HEALTH_CAP];
    int lane_count;
    struct page_lane lane[MSG_LANES_MAX];
};

int console_new(const char *gate, const char *title, const struct console_lane *lanes,
                int lane_count, struct console **ret_console)
{
    must(lane_count >= 0 && lane_count <= MSG_LANES_MAX);
    struct console *console = calloc(1, sizeof *console);
    if (!console) {
        return DX_E_MEMORY;
    }
    pthread_mutex_init(&console->lock, NULL);
    str_copy_cut(console->gate, sizeof console->gate, str_c(gate));
    str_copy_cut(console->title, sizeof console->title, str_c(title[0] ? title : gate));
    console->lane_count = lane_count;
    for (int i = 0; i < lane_count; i++) {
        struct page_lane *lane = &console->lane[i];
        lane->lane = lanes[i].lane;
        lane->exit = lanes[i].exit;
        lane->display = (struct lane_display){.kind = DISPLAY_STOPPED, .exit = lanes[i].exit};
        str_copy_cut(lane->name, sizeof lane->name, str_c(lanes[i].name));
        if (lane->name[0] == '\0') {
            snprintf(lane->name, sizeof lane->name, "%s %d", text_vi(TEXT_LANE), lane->lane);
        }
    }
    *ret_console = console;
    return 0;
}

void console_free(struct console *console)
{
    if (console) {
        pthread_mutex_destroy(&console->lock);
        free(console);
    }
}

void console_attach(struct console *console, struct http_srv *srv)
{
    pthread_mutex_lock(&console->lock);
    console->srv = srv;
    pthread_mutex_unlock(&console->lock);
}

static struct page_lane *find_lane(struct console *console, int64_t number)
{
    for (int i = 0; i < console->lane_count; i++) {
        if (console->lane[i].lane == number) {
            return &console->lane[i];
        }
    }
    return NULL;
}

/*
 * lane, state (a word of gate/core/display.h), exit; plate as read; amount_vnd, fee_vnd, paycode,
 * payload, url, valid_until_ms, hold and permit where the state has them; lines in both languages.
 */
void console_lane_json(struct out *out, int lane, const struct lane_display *display)
{
    const char *plate = display->subject.raw[0] ? display->subject.raw : display->subject.key;
    bool is_plate = display->subject.kind == SUBJECT_PLATE;
    json_object(out, NULL);
    json_i64(out, "lane", lane);
    json_c(out, "state", display_kind_text(display->kind));
    json_bool(out, "exit", display->exit);
    json_c(out, "plate", is_plate ? plate : "");
    json_c(out, "vehicle", vehicle_text(display->subject.vehicle));
    json_i64(out, "amount_vnd", display->amount_vnd);
    json_i64(out, "fee_vnd", display->fee_vnd);
    json_c(out, "paycode", display->paycode);
    json_c(out, "payload", display->payload);
    json_c(out, "url", display->url);
    json_i64(out, "valid_until_ms", display->valid_until.ms);
    json_c(out, "hold", display->kind == DISPLAY_HELP ? hold_text(display->hold) : NULL);
    json_c(out, "permit", display->kind == DISPLAY_GO ? permit_text(display->permit) : NULL);
    for (int language = DISPLAY_VI; language <= DISPLAY_EN; language++) {
        json_array(out, language == DISPLAY_VI ? "vi" : "en");
        for (int line = 0; line < DISPLAY_LINES; line++) {
            char text[DISPLAY_LINE_CAP];
            display_line(display, (enum display_language)language, line, text, sizeof text);
            json_c(out, NULL, text);
        }
        json_array_end(out);
    }
    json_object_end(out);
}

void console_show(struct console *console, int lane, const struct lane_display *display)
{
    char space[CONSOLE_PAGE_CAP];
    char channel[24];
    struct out out;
    pthread_mutex_lock(&console->lock);
    struct page_lane *shown = find_lane(console, lane);
    if (shown) {
        shown->display = *display;
        out_init(&out, space, sizeof space);
        page_lane_body(&out, shown);
    }
    if (shown && console->srv && !out_failed(&out)) {
        snprintf(channel, sizeof channel, "lane/%d", lane);
        http_push(console->srv, channel, "display", out_str(&out));
        http_push(console->srv, "index", "lane", STR("{}"));
    }
    pthread_mutex_unlock(&console->lock);
}

void console_online(struct console *console, bool connected)
{
    pthread_mutex_lock(&console->lock);
    console->online = connected;
    if (console->srv) {
        http_push(console->srv, "index", "lane", STR("{}"));
    }
    pthread_mutex_unlock(&console->lock);
}

void console_health(struct console *console, struct str detail)
{
    pthread_mutex_lock(&console->lock);
    if (str_copy(console->health, sizeof console->health, detail)) {
        console->health[0] = '\0';
    }
    pthread_mutex_unlock(&console->lock);
}

static void answer_page(struct http_response *response, const struct out *out)
{
    if (out_failed(out)) {
        http_answer_error(response, 500, "too_long", "The page does not fit its space.");
        return;
    }
    http_answer_header(response, "Cache-Control", "no-store");
    http_answer(response, 200, "text/html; charset=utf-8", out_str(out));
}

static void answer_asset(const struct http_request *request, struct http_response *response,
                         struct str name)
{
    for (int i = 0; i < console_asset_count; i++) {
        const struct file_source *asset = &console_assets[i];
        if (!str_eq_c(name, asset->name)) {
            continue;
        }
        size_t dot = name.n > 3 && str_eq_c(str_slice(name, name.n - 3, name.n), ".js");
        const char *type = dot ? "text/javascript; charset=utf-8" : "text/css; charset=utf-8";
        if (name.n > 4 && str_eq_c(str_slice(name, name.n - 4, name.n), ".svg")) {
            type = "image/svg+xml";
        }
        http_answer_header(response, "ETag", asset->etag);
        http_answer_header(response, "Cache-Control", "no-cache");
        if (str_eq_c(http_header(request, "If-None-Match"), asset->etag)) {
            http_answer(response, 304, type, STR(""));
        } else {
            http_answer(response, 200, type, (struct str){(const char *)asset->bytes, asset->n});
        }
        return;
    }
    http_answer_error(response, 404, "not_found", "There is no such file.");
}

/* "/lane/<n>" and what follows the number. */
static bool take_lane(struct str path, int64_t *ret_lane, struct str *ret_rest)
{
    if (!str_starts(path, STR("/lane/"))) {
        return false;
    }
    struct str rest = str_slice(path, 6, path.n);
    size_t n = str_index(rest, '/');
    *ret_rest = str_slice(rest, n, rest.n);
    return str_parse_i64(str_slice(rest, 0, n), 1, MSG_LANES_MAX, ret_lane) == 0;
}

static void answer_lane(struct console *console, const struct page_lane *lane, struct str rest,
                        struct http_response *response)
{
    char space[CONSOLE_PAGE_CAP];
    struct out out;
    out_init(&out, space, sizeof space);
    if (rest.n == 0 || str_eq_c(rest, "/")) {
        page_lane_write(&out, console->title, lane);
        answer_page(response, &out);
    } else if (str_eq_c(rest, "/display.json")) {
        console_lane_json(&out, lane->lane, &lane->display);
        http_answer_header(response, "Cache-Control", "no-store");
        http_answer_json(response, 200, out_str(&out));
    } else {
        http_answer_error(response, 404, "not_found", "There is no such page.");
    }
}

/* Under the lock: see the header. */
static void answer_events(const struct page_lane *lane, struct http_response *response)
{
    char space[CONSOLE_PAGE_CAP];
    char channel[24];
    struct out out;
    out_init(&out, space, sizeof space);
    snprintf(channel, sizeof channel, "lane/%d", lane->lane);
    page_lane_body(&out, lane);
    http_stream(response, channel, "display", out_str(&out));
}

static void answer_index(struct console *console, struct http_response *response)
{
    char space[CONSOLE_PAGE_CAP];
    struct page_lane lanes[MSG_LANES_MAX];
    struct out out;
    pthread_mutex_lock(&console->lock);
    memcpy(lanes, console->lane, sizeof lanes);
    bool online = console->online;
    pthread_mutex_unlock(&console->lock);
    out_init(&out, space, sizeof space);
    page_index_write(&out, console->title, online, lanes, console->lane_count);
    answer_page(response, &out);
}

static void answer_health(struct console *console, struct http_response *response)
{
    char space[CONSOLE_HEALTH_CAP + 256];
    struct out out;
    out_init(&out, space, sizeof space);
    pthread_mutex_lock(&console->lock);
    json_object(&out, NULL);
    json_c(&out, "status", "ok");
    json_c(&out, "gate", console->gate);
    json_bool(&out, "online", console->online);
    json_c(&out, "version", DOXE_VERSION);
    if (console->health[0]) {
        json_raw(&out, "detail", str_c(console->health));
    }
    json_object_end(&out);
    pthread_mutex_unlock(&console->lock);
    http_answer_json(response, 200, out_str(&out));
}

bool console_handle(struct console *console, const struct http_request *request,
                    struct http_response *response)
{
    struct page_lane copy;
    int64_t number = 0;
    struct str rest;
    bool is_lane = take_lane(request->path, &number, &rest);
    bool is_asset = str_starts(request->path, STR("/assets/"));
    bool is_index = str_eq_c(request->path, "/") || str_eq_c(request->path, "/events");
    bool is_health = str_eq_c(request->path, "/health");
    if (!is_lane && !is_asset && !is_index && !is_health) {
        return false;
    }
    if (request->method != HTTP_GET) {
        http_answer_error(response, 405, "method", "This page can only be read.");
    } else if (is_asset) {
        answer_asset(request, response, str_slice(request->path, 8, request->path.n));
    } else if (is_health) {
        answer_health(console, response);
    } else if (is_lane) {
        pthread_mutex_lock(&console->lock);
        const struct page_lane *lane = find_lane(console, number);
        bool events = lane && str_eq_c(rest, "/events");
        if (events) {
            answer_events(lane, response);
        } else if (lane) {
            copy = *lane;
        }
        pthread_mutex_unlock(&console->lock);
        if (lane && !events) {
            answer_lane(console, &copy, rest, response);
        } else if (!lane) {
            http_answer_error(response, 404, "no_lane", "This gate has no such lane.");
        }
    } else if (str_eq_c(request->path, "/events")) {
        http_stream(response, "index", "", STR(""));
    } else {
        answer_index(console, response);
    }
    return true;
}
