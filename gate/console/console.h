/*
 * console.h - what the gate itself serves over HTTP: the lanes' display pages.
 *
 *     GET /                      the gate's lanes, with links
 *     GET /lane/<n>              full-screen page of a lane, for any screen; live, no reload
 *     GET /lane/<n>/display.json the same as data (a phone's camera in the simulator reads it)
 *     GET /lane/<n>/events       server-sent events: "display" with that data
 *     GET /health                {"status":"ok", gate, version, online, and what the shell tells}
 *     GET /assets/<file>         style and script, from inside the program
 *
 * It works with the line to the city cut: everything comes from this program.
 * The loop thread tells what lanes show; the HTTP thread reads; a lock lies
 * between.  A stream is registered, and pushed to, under that lock, so that no
 * change falls between a screen's first view and its first event; the server
 * never calls back with a lock of its own.  No decision is taken here, and
 * nothing is written.
 *
 * Not here: cameras' pushes (gate/io/camera_http.h), the attendant's actions (a
 * later part), what the sentences are (gate/core/display.h).
 */
#ifndef DOXE_GATE_CONSOLE_H
#define DOXE_GATE_CONSOLE_H

#include "gate/core/display.h"
#include "proto/base/out.h"
#include "proto/io/http_srv.h"

struct console;

struct console_lane {
    int lane;
    const char *name; /* "Làn vào 1"; copied, cut at 120 bytes */
    bool exit;
};

/* `title` is the gate's name for people.  At most MSG_LANES_MAX lanes.  DX_E_MEMORY. */
DX_MUST_USE int console_new(const char *gate, const char *title, const struct console_lane *lanes,
                            int lane_count, struct console **ret_console);
void console_free(struct console *console);
/* Where pushes go; NULL before the server runs and after it was stopped. */
void console_attach(struct console *console, struct http_srv *srv);

/* ---- from the loop thread ---- */
void console_show(struct console *console, int lane, const struct lane_display *display);
void console_online(struct console *console, bool connected);
/* One JSON object that /health shows as "detail" from now on; cut off when longer than its cap. */
enum { CONSOLE_HEALTH_CAP = 4096 };
void console_health(struct console *console, struct str detail);

/* ---- from the HTTP thread ---- */
/* False when the path is none of the console's; the answer is then left alone. */
bool console_handle(struct console *console, const struct http_request *request,
                    struct http_response *response);

/* The display as JSON (tests, too): docs in the header of lane_json.c. */
void console_lane_json(struct out *out, int lane, const struct lane_display *display);

#endif
