/*
 * web.h - the server's pages and API behind one listener: what main.c starts and stops.
 *
 * It reads the database through a read-only handle of its own (server/store/query_*.h),
 * asks the one writer through server/app/app.h, and turns the small facts that the
 * writer tells after a commit into server-sent events.  It never writes.
 *
 * Who may see what: server/api/routes.h.  Access is HTTP Basic over the users of
 * the configuration, drivers need none: an address with a session's random token
 * is enough to see and pay that one stay.
 *
 * Not here: HTTP itself (proto/io/http_srv.h), decisions (server/app, server/core).
 */
#ifndef DOXE_SERVER_WEB_H
#define DOXE_SERVER_WEB_H

#include "proto/base/str.h"
#include "server/api/auth.h"

struct app;
struct app_config;
struct app_operator;
struct vat_rates;
struct change;
struct web;

/* Borrowed until web_stop. */
struct web_config {
    const char *listen;             /* "127.0.0.1:8080"; port 0 takes a free one: web_port */
    bool behind_proxy;              /* TLS and X-Forwarded-For are the proxy's work */
    const char *tls_cert, *tls_key; /* PEM files, or both NULL */
    const char *database;   /* the file that `app` writes; exists when web_start is called */
    const char *public_url; /* what a driver's phone opens, without a '/' at its end */
    const struct app_config *office;      /* lots and operators of the office; NULL: no office */
    const char *mappings;                 /* of statements (mapping.h); NULL as "" */
    const char *city;                     /* "Hà Nội" */
    const struct vat_rates *vat;          /* NULL: receipts show no tax */
    const struct app_operator *operators; /* for receipts */
    int operator_count;
    const char *lib_dir; /* Debian's javascript packages; NULL: /usr/share/javascript */
    const struct auth_user *users;
    int user_count;
    struct app *app;
    wall_t (*wall)(void *context); /* NULL: the system's clock; tests bring their own */
    void *wall_context;
};

/*
 * Starts listening.  DX_E_DENIED: an address that is not loopback, without TLS
 * and without behind_proxy; DX_E_CONFIG: no address, a PEM file is missing, or a
 * user without name; DX_E_IO: the port is taken, or the database does not open.
 * On failure `why` (of `cap` bytes) holds a sentence.
 */
DX_MUST_USE int web_start(const struct web_config *config, char *why, size_t cap,
                          struct web **ret_web);
/*
 * No request and no stream any more; web_changed does nothing from now on.  Call
 * it while the writer still runs: a request may be waiting for it.  NULL is fine.
 */
void web_quiet(struct web *web);
/* web_quiet, and frees.  Only when web_changed cannot be called any more.  NULL is fine. */
void web_stop(struct web *web);
int web_port(const struct web *web);

/*
 * For app_ports.on_change: `web` is a struct web *, or NULL before it is there.
 * From the writer's thread; quick.
 */
void web_changed(void *web, const struct change *change);

#endif
