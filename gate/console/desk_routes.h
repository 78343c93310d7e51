/*
 * desk_routes.h - every address of the console, and who may ask for it: one table.
 *
 * A test asks for each row without a login, with a locked one, with a wrong role
 * and without the token.
 */
#ifndef DOXE_GATE_DESK_ROUTES_H
#define DOXE_GATE_DESK_ROUTES_H

#include "gate/console/desk_rules.h"
#include "proto/io/http_srv.h"

/* LOCKED: also while the login is locked. */
enum desk_need { DESK_NEED_NOTHING, DESK_NEED_LOCKED, DESK_NEED_LOGIN };

/* name, method, path ('*': one more segment), need, roles */
#define DESK_ROUTES(X)                                          \
    X(PAGE, GET, "/", NOTHING, DESK_BY_ALL - 1)                 \
    X(ASSET, GET, "/assets/*", NOTHING, DESK_BY_ALL - 1)        \
    X(LIB, GET, "/lib/*", NOTHING, DESK_BY_ALL - 1)             \
    X(TEXTS, GET, "/api/texts", NOTHING, DESK_BY_ALL - 1)       \
    X(HELLO, GET, "/api/hello", NOTHING, DESK_BY_ALL - 1)       \
    X(HEALTH, GET, "/health", NOTHING, DESK_BY_ALL - 1)         \
    X(LOGIN, POST, "/api/login", NOTHING, DESK_BY_ALL - 1)      \
    X(EVENTS, GET, "/events", LOCKED, DESK_BY_ALL - 1)          \
    X(UNLOCK, POST, "/api/unlock", LOCKED, DESK_BY_ALL - 1)     \
    X(LOGOUT, POST, "/api/logout", LOCKED, DESK_BY_ALL - 1)     \
    X(LOCK, POST, "/api/lock", LOGIN, DESK_BY_ALL - 1)          \
    X(ACTIVE, POST, "/api/active", LOGIN, DESK_BY_ALL - 1)      \
    X(STATE, GET, "/api/state", LOGIN, DESK_BY_ALL - 1)         \
    X(ALARMS, GET, "/api/alarms", LOGIN, DESK_BY_ALL - 1)       \
    X(ACT, POST, "/api/act", LOGIN, DESK_BY_ALL - 1)            \
    X(OUTCOME, GET, "/api/act/*", LOGIN, DESK_BY_ALL - 1)       \
    X(FIND, POST, "/api/find", LOGIN, DESK_BY_ATTENDANT)        \
    X(SUGGEST, POST, "/api/suggest", LOGIN, DESK_BY_ATTENDANT)  \
    X(STAY, GET, "/api/stay/*", LOGIN, DESK_BY_ATTENDANT)       \
    X(PICTURE, GET, "/api/picture/*", LOGIN, DESK_BY_ATTENDANT) \
    X(QR, GET, "/api/qr/*", LOGIN, DESK_BY_ATTENDANT)           \
    X(SLIP, GET, "/api/slip/*", LOGIN, DESK_BY_ATTENDANT)       \
    X(CARD, GET, "/api/card/*", LOGIN, DESK_BY_ATTENDANT)       \
    X(RECEIPT, GET, "/api/receipt/*", LOGIN, DESK_BY_ATTENDANT) \
    X(SHIFTS, GET, "/api/shifts", LOGIN, DESK_BY_ATTENDANT)     \
    X(DEVICES, GET, "/api/devices", LOGIN, DESK_BY_TECHNICIAN)  \
    X(DEEDS, GET, "/api/deeds", LOGIN, DESK_BY_SUPERVISOR)

enum desk_route {
#define X(name, method, path, need, roles) DESK_ROUTE_##name,
    DESK_ROUTES(X)
#undef X
        DESK_ROUTE_COUNT
};

struct desk_route_row {
    const char *name;
    enum http_method method;
    const char *path;
    enum desk_need need;
    unsigned roles;
};
extern const struct desk_route_row desk_routes[DESK_ROUTE_COUNT];

/*
 * DX_E_NOT_FOUND; DX_E_STATE: the path exists with another method.  *ret_segment is what stands
 * for the '*'.
 */
DX_MUST_USE int desk_route_find(enum http_method method, struct str path,
                                enum desk_route *ret_route, struct str *ret_segment);

#endif
