/*
 * auth.h - who is asking: HTTP Basic over the users of the configuration.
 *
 * Passwords are argon2id hashes (proto/crypto).  Checking one takes a tenth of a
 * second and 64 MiB on purpose, so a success is remembered for AUTH_MEMORY_MS as
 * a keyed digest in memory (never the password), and failures are rationed: after
 * AUTH_FREE_FAILURES of one address each further one doubles its waiting time,
 * and all addresses together get a small number of checks a second.  A wrong name
 * costs the same time as a wrong password.
 *
 * HTTP Basic is a first step: sessions with cookies, second factors and scopes
 * by operator and lot are not here yet (docs/openapi.yaml says so).
 *
 * One thread uses a struct auth.  Time comes in: nothing here reads a clock.
 */
#ifndef DOXE_SERVER_AUTH_H
#define DOXE_SERVER_AUTH_H

#include "proto/base/time.h"
#include "proto/crypto/crypto.h"
#include "proto/io/limiter.h"

enum {
    AUTH_MEMORY_MS = 10 * 60 * 1000,
    AUTH_MEMORY_MAX = 64,
    AUTH_FREE_FAILURES = 5,
    AUTH_WAIT_MS_MAX = 15 * 60 * 1000,
    AUTH_CHECKS_BURST = 20, /* of all addresses together */
    AUTH_CHECK_EVERY_MS = 250,
    AUTH_NAME_CAP = 33,
    AUTH_PASSWORD_MAX = 128 /* bytes; a longer one is wrong without being looked at */
};

/* A user has one role.  ANY in a route means: any of them. */
#define ROLES(X)                                                                \
    X(NONE, "none", "no login")                                                 \
    X(OPERATOR, "operator", "the console: lanes, sessions, commands, accounts") \
    X(CITY, "city", "the city's figures; no personal data")

enum role {
#define X(name, word, sentence) ROLE_##name,
    ROLES(X)
#undef X
        ROLE_COUNT
};
const char *role_text(enum role role);
/* DX_E_NOT_FOUND for another word and for "none". */
DX_MUST_USE int role_parse(struct str text, enum role *ret_role);

struct auth_user {
    char name[AUTH_NAME_CAP];
    enum role role;
    char password_hash[PASSWORD_HASH_CAP]; /* "" : nobody gets in under this name */
};

struct auth;

/* `users` are borrowed.  DX_E_MEMORY. */
DX_MUST_USE int auth_new(const struct auth_user *users, int count, struct auth **ret_auth);
void auth_free(struct auth *auth);

/*
 * The value of an Authorization field, from an address, now.
 * DX_E_NOT_FOUND: no credentials given; DX_E_DENIED: wrong; DX_E_BUSY: this
 * address must wait *ret_wait_ms first, and nothing was checked.
 */
DX_MUST_USE int auth_check(struct auth *auth, struct str authorization, const char *address,
                           mono_t now, const struct auth_user **ret_user, int64_t *ret_wait_ms);

/*
 * Is a POST the doing of our own page?  A browser says where a request comes from
 * (Sec-Fetch-Site, Origin), and only a script of the same origin may add a field
 * of its own without asking first (Fetch standard, CORS preflight): both are
 * required of a browser, the field of everybody.  Pass what the fields hold, empty when
 * absent; `host` is the Host field, `public_url` the configured address.
 */
#define AUTH_REQUEST_FIELD "X-Doxe-Request"
bool auth_is_same_origin(struct str fetch_site, struct str origin, struct str request_field,
                         struct str host, struct str public_url);

#endif
