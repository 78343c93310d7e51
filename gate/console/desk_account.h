/*
 * desk_account.h - who works at the console: accounts, logins, locks, rationed guesses.
 *
 * A PIN (six digits or more) or a password is kept as an argon2id hash.  A login
 * is a random token in a cookie; the book holds its SHA-256 only, so a copied book
 * logs nobody in.  A login outlives a restart of the gate, so that a page goes on.
 *
 * Guesses are rationed by account and by address: after DESK_FREE_GUESSES each
 * further one doubles the waiting time; and all together get a few checks a second,
 * because each costs 64 MiB and a tenth of a second on purpose.  A wrong name costs
 * the same time as a wrong PIN.  Six digits are few: without rationing they are
 * found in a day, with it in centuries.
 *
 * Idle for `lock_ms`, a login is locked: nothing but its unlocking works until the
 * PIN is given again.  Its page keeps what was being typed.
 *
 * Times come in; one thread at a time (desk.c holds a lock around it).
 */
#ifndef DOXE_GATE_DESK_ACCOUNT_H
#define DOXE_GATE_DESK_ACCOUNT_H

#include "gate/console/desk_book.h"
#include "gate/console/desk_rules.h"
#include "proto/crypto/crypto.h"
#include "proto/io/limiter.h"

enum {
    DESK_FREE_GUESSES = 5,
    DESK_WAIT_MS = 2000,
    DESK_WAIT_MS_MAX = 15 * 60 * 1000,
    DESK_CHECKS_BURST = 10,
    DESK_CHECK_EVERY_MS = 500,
    DESK_PIN_MIN = 6,
    DESK_SECRET_MAX = 128,
    DESK_TOKEN_CAP = 65,                     /* 32 bytes in hex */
    DESK_LOGIN_MS_MAX = 16 * 60 * 60 * 1000, /* longer than any shift */
    DESK_LOGINS_MAX = 8                      /* of one account; the oldest gives way */
};

struct desk_attendant {
    char name[MSG_NAME_CAP]; /* [a-z0-9-]: it goes into events as `by` */
    char title[DESK_TITLE_CAP];
    enum desk_role role;
    bool active;
};

struct desk_login {
    struct desk_attendant who;
    char token[DESK_TOKEN_CAP]; /* as in the cookie */
    char csrf[DESK_TOKEN_CAP];
    bool locked;
};

/* The two rations and the decoy; about 150 KB. */
struct desk_guard {
    struct limiter by_address, by_name;
    int checks;
    mono_t checked;
    char decoy[PASSWORD_HASH_CAP];
};
DX_MUST_USE int desk_guard_init(struct desk_guard *guard);

/* Is this a PIN or a password that we take?  NULL, or a static sentence why not. */
const char *desk_secret_fault(struct str secret);

/* ---- accounts (also for the command line) ---- */
/* DX_E_EXISTS, DX_E_FORMAT (name). */
DX_MUST_USE int desk_account_add(struct desk_book *book, const struct desk_attendant *attendant,
                                 struct str secret, wall_t now);
/* DX_E_NOT_FOUND.  Ends all logins of the account. */
DX_MUST_USE int desk_account_reset(struct desk_book *book, const char *name, struct str secret,
                                   wall_t now);
DX_MUST_USE int desk_account_set_active(struct desk_book *book, const char *name, bool active,
                                        wall_t now);
/* By name; returns how many of at most `max`. */
int desk_account_list(struct desk_book *book, struct desk_attendant *ret, int max);
DX_MUST_USE int desk_account_find(struct desk_book *book, const char *name,
                                  struct desk_attendant *ret_attendant);

/* ---- logins ---- */
/*
 * Is this the secret of that account?  DX_E_DENIED: no such account, not active, or a wrong
 * secret; DX_E_BUSY: wait *ret_wait_ms first, nothing was checked.
 */
DX_MUST_USE int desk_account_check(struct desk_book *book, struct desk_guard *guard,
                                   struct str name, struct str secret, const char *address,
                                   mono_t now, struct desk_attendant *ret_attendant,
                                   int64_t *ret_wait_ms);
DX_MUST_USE int desk_login_open(struct desk_book *book, const struct desk_attendant *attendant,
                                wall_t now, struct desk_login *ret_login);
/*
 * Whose cookie is this?  DX_E_NOT_FOUND: nobody's, or ended.  Locks it when it was idle for
 * `lock_ms`; `active`: a person did something, so that idleness begins anew.
 */
DX_MUST_USE int desk_login_find(struct desk_book *book, struct str token, wall_t now,
                                int64_t lock_ms, bool active, struct desk_login *ret_login);
DX_MUST_USE int desk_login_set_locked(struct desk_book *book, const struct desk_login *login,
                                      bool locked, wall_t now);
DX_MUST_USE int desk_login_close(struct desk_book *book, const struct desk_login *login);

#endif
