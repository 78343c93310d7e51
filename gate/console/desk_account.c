#include "gate/console/desk_account.h"

#include "proto/io/log.h"
#include "proto/topic.h"

int desk_guard_init(struct desk_guard *guard)
{
    char nobody[33];
    uint8_t bytes[16];
    memset(guard, 0, sizeof *guard);
    limiter_init(&guard->by_address, DESK_FREE_GUESSES, TIME_MINUTE_MS, DESK_WAIT_MS,
                 DESK_WAIT_MS_MAX);
    limiter_init(&guard->by_name, DESK_FREE_GUESSES, TIME_MINUTE_MS, DESK_WAIT_MS,
                 DESK_WAIT_MS_MAX);
    dx_random(bytes, sizeof bytes);
    str_hex(nobody, bytes, sizeof bytes);
    return dx_password_hash(guard->decoy, str_c(nobody));
}

/* 111111, 123456, 987654: each step from one digit to the next is the same, and at most 1. */
static bool is_a_row(struct str pin)
{
    int step = pin.p[1] - pin.p[0];
    for (size_t i = 1; i < pin.n; i++) {
        if (pin.p[i] - pin.p[i - 1] != step) {
            return false;
        }
    }
    return step >= -1 && step <= 1;
}

const char *desk_secret_fault(struct str secret)
{
    bool digits = true;
    for (size_t i = 0; i < secret.n; i++) {
        digits = digits && ascii_is_digit(secret.p[i]);
    }
    if (secret.n < DESK_PIN_MIN) {
        return "a PIN has at least 6 digits, a password at least 6 characters";
    }
    if (secret.n > DESK_SECRET_MAX || !str_is_utf8(secret)) {
        return "at most 128 bytes of UTF-8";
    }
    return digits && is_a_row(secret) ? "a PIN is no row like 111111 or 123456" : NULL;
}

/* ---- accounts ---- */

int desk_account_add(struct desk_book *book, const struct desk_attendant *attendant,
                     struct str secret, wall_t now)
{
    char hash[PASSWORD_HASH_CAP];
    if (!topic_name_is_valid(str_c(attendant->name)) || desk_secret_fault(secret)) {
        return DX_E_FORMAT;
    }
    int error = dx_password_hash(hash, secret);
    error = error ? error
                  : db_exec(book->db,
                            "INSERT INTO attendant (name, title, role, hash, active, changed_ms)"
                            " VALUES (?1, ?2, ?3, ?4, 1, ?5)",
                            "tttti", attendant->name, attendant->title,
                            desk_role_text(attendant->role), hash, now.ms);
    dx_wipe(hash, sizeof hash);
    return error;
}

static int end_logins(struct desk_book *book, const char *name)
{
    return db_exec(book->db, "DELETE FROM login WHERE attendant = ?1", "t", name);
}

/* Two statements, one transaction. */
static int finish(struct desk_book *book, int error, const char *name)
{
    if (!error && db_changes(book->db) == 0) {
        error = DX_E_NOT_FOUND;
    }
    error = error ? error : end_logins(book, name);
    if (error) {
        db_rollback(book->db);
        return error;
    }
    return db_commit(book->db);
}

int desk_account_reset(struct desk_book *book, const char *name, struct str secret, wall_t now)
{
    char hash[PASSWORD_HASH_CAP];
    if (desk_secret_fault(secret)) {
        return DX_E_FORMAT;
    }
    int error = dx_password_hash(hash, secret);
    error = error ? error : db_begin(book->db);
    if (!error) {
        error = db_exec(book->db, "UPDATE attendant SET hash = ?2, changed_ms = ?3 WHERE name = ?1",
                        "tti", name, hash, now.ms);
        error = finish(book, error, name);
    }
    dx_wipe(hash, sizeof hash);
    return error;
}

int desk_account_set_active(struct desk_book *book, const char *name, bool active, wall_t now)
{
    int error = db_begin(book->db);
    if (error) {
        return error;
    }
    error = db_exec(book->db, "UPDATE attendant SET active = ?2, changed_ms = ?3 WHERE name = ?1",
                    "tii", name, (int64_t)active, now.ms);
    return finish(book, error, name);
}

static void read_attendant(struct db_row *row, struct desk_attendant *attendant)
{
    memset(attendant, 0, sizeof *attendant);
    str_copy_cut(attendant->name, sizeof attendant->name, db_text(row, 0));
    str_copy_cut(attendant->title, sizeof attendant->title, db_text(row, 1));
    (void)!desk_role_parse(db_text(row, 2), &attendant->role);
    attendant->active = db_i64(row, 3) != 0;
}

int desk_account_list(struct desk_book *book, struct desk_attendant *ret, int max)
{
    struct db_row row;
    int count = 0;
    int error = db_query(book->db, &row,
                         "SELECT name, title, role, active FROM attendant ORDER BY name", "");
    while (!error && count < max && db_next(&row)) {
        read_attendant(&row, &ret[count++]);
    }
    (void)!db_done(&row);
    return count;
}

/* DX_E_NOT_FOUND.  `hash` may be NULL. */
static int find(struct desk_book *book, struct str name, struct desk_attendant *attendant,
                char *hash)
{
    struct db_row row;
    int error = db_query(book->db, &row,
                         "SELECT name, title, role, active, hash FROM attendant WHERE name = ?1",
                         "s", name);
    bool found = !error && db_next(&row);
    if (found) {
        read_attendant(&row, attendant);
        if (hash) {
            str_copy_cut(hash, PASSWORD_HASH_CAP, db_text(&row, 4));
        }
    }
    int ended = db_done(&row);
    return error ? error : ended ? ended : found ? 0 : DX_E_NOT_FOUND;
}

int desk_account_find(struct desk_book *book, const char *name,
                      struct desk_attendant *ret_attendant)
{
    return find(book, str_c(name), ret_attendant, NULL);
}

/* ---- guesses ---- */

static bool may_check(struct desk_guard *guard, mono_t now)
{
    int64_t refilled = mono_diff(now, guard->checked) / DESK_CHECK_EVERY_MS;
    if (refilled > 0) {
        guard->checks = refilled < guard->checks ? guard->checks - (int)refilled : 0;
        guard->checked = now;
    }
    if (guard->checks >= DESK_CHECKS_BURST) {
        return false;
    }
    guard->checks++;
    return true;
}

/* Names are rationed by a digest, so that any text fits the limiter's table. */
static void digest_of(struct str name, char key[LIMITER_NAME_CAP])
{
    uint8_t digest[SHA256_SIZE];
    char hex[33];
    dx_sha256(digest, name);
    str_hex(hex, digest, 16);
    str_copy_cut(key, LIMITER_NAME_CAP, str_c(hex));
}

int desk_account_check(struct desk_book *book, struct desk_guard *guard, struct str name,
                       struct str secret, const char *address, mono_t now,
                       struct desk_attendant *ret_attendant, int64_t *ret_wait_ms)
{
    char key[LIMITER_NAME_CAP];
    char hash[PASSWORD_HASH_CAP] = "";
    struct desk_attendant attendant = {0};
    digest_of(name, key);
    int64_t wait = limiter_wait(&guard->by_address, address, now);
    int64_t wait_name = limiter_wait(&guard->by_name, key, now);
    wait = wait_name > wait ? wait_name : wait;
    if (wait == 0 && !may_check(guard, now)) {
        wait = DESK_CHECK_EVERY_MS;
    }
    if (wait > 0) {
        *ret_wait_ms = wait;
        return DX_E_BUSY;
    }
    int error = find(book, name, &attendant, hash);
    if (error && error != DX_E_NOT_FOUND) {
        return error;
    }
    bool known = !error && attendant.active && secret.n <= DESK_SECRET_MAX;
    bool right = dx_password_matches(known ? hash : guard->decoy,
                                     secret.n <= DESK_SECRET_MAX ? secret : STR(""));
    dx_wipe(hash, sizeof hash);
    if (!known || !right) {
        limiter_failed(&guard->by_address, address, now);
        limiter_failed(&guard->by_name, key, now);
        return DX_E_DENIED;
    }
    limiter_succeeded(&guard->by_address, address);
    limiter_succeeded(&guard->by_name, key);
    *ret_attendant = attendant;
    return 0;
}

/* ---- logins ---- */

static void make_token(char token[DESK_TOKEN_CAP])
{
    uint8_t bytes[32];
    dx_random(bytes, sizeof bytes);
    str_hex(token, bytes, sizeof bytes);
    dx_wipe(bytes, sizeof bytes);
}

static struct str hash_token(struct str token, uint8_t digest[SHA256_SIZE])
{
    dx_sha256(digest, token);
    return (struct str){(const char *)digest, SHA256_SIZE};
}

int desk_login_open(struct desk_book *book, const struct desk_attendant *attendant, wall_t now,
                    struct desk_login *ret_login)
{
    uint8_t digest[SHA256_SIZE];
    struct desk_login login = {.who = *attendant};
    make_token(login.token);
    make_token(login.csrf);
    int error = db_begin(book->db);
    if (error) {
        return error;
    }
    error = db_exec(book->db, "DELETE FROM login WHERE created_ms < ?1", "i",
                    now.ms - DESK_LOGIN_MS_MAX);
    error = error ? error
                  : db_exec(book->db,
                            "DELETE FROM login WHERE attendant = ?1 AND token NOT IN (SELECT token"
                            " FROM login WHERE attendant = ?1 ORDER BY seen_ms DESC LIMIT ?2)",
                            "ti", attendant->name, (int64_t)DESK_LOGINS_MAX - 1);
    error = error ? error
                  : db_exec(book->db,
                            "INSERT INTO login (token, attendant, csrf, created_ms, seen_ms,"
                            " locked) VALUES (?1, ?2, ?3, ?4, ?4, 0)",
                            "btti", hash_token(str_c(login.token), digest), attendant->name,
                            login.csrf, now.ms);
    if (error) {
        db_rollback(book->db);
        return error;
    }
    error = db_commit(book->db);
    if (!error) {
        *ret_login = login;
    }
    return error;
}

int desk_login_set_locked(struct desk_book *book, const struct desk_login *login, bool locked,
                          wall_t now)
{
    uint8_t digest[SHA256_SIZE];
    return db_exec(book->db, "UPDATE login SET locked = ?2, seen_ms = ?3 WHERE token = ?1", "bii",
                   hash_token(str_c(login->token), digest), (int64_t)locked, now.ms);
}

int desk_login_close(struct desk_book *book, const struct desk_login *login)
{
    uint8_t digest[SHA256_SIZE];
    return db_exec(book->db, "DELETE FROM login WHERE token = ?1", "b",
                   hash_token(str_c(login->token), digest));
}

int desk_login_find(struct desk_book *book, struct str token, wall_t now, int64_t lock_ms,
                    bool active, struct desk_login *ret_login)
{
    enum { SEEN_EVERY_MS = 5000 }; /* not a write to the disk for every request */
    uint8_t digest[SHA256_SIZE];
    struct desk_login login = {.locked = false};
    struct db_row row;
    int64_t seen = 0;
    if (str_copy(login.token, sizeof login.token, token) || !token.n) {
        return DX_E_NOT_FOUND;
    }
    int error = db_query(book->db, &row,
                         "SELECT a.name, a.title, a.role, a.active, l.csrf, l.seen_ms, l.locked"
                         " FROM login l JOIN attendant a ON a.name = l.attendant"
                         " WHERE l.token = ?1 AND a.active = 1 AND l.created_ms > ?2",
                         "bi", hash_token(token, digest), now.ms - DESK_LOGIN_MS_MAX);
    bool found = !error && db_next(&row);
    if (found) {
        read_attendant(&row, &login.who);
        str_copy_cut(login.csrf, sizeof login.csrf, db_text(&row, 4));
        seen = db_i64(&row, 5);
        login.locked = db_i64(&row, 6) != 0;
    }
    int ended = db_done(&row);
    if (error || ended || !found) {
        return error ? error : ended ? ended : DX_E_NOT_FOUND;
    }
    int64_t idle_ms = now.ms - seen;
    if (!login.locked && lock_ms > 0 && idle_ms >= lock_ms) {
        login.locked = true;
        error = desk_login_set_locked(book, &login, true, now);
    } else if (!login.locked && active && (idle_ms > SEEN_EVERY_MS || idle_ms < 0)) {
        error = desk_login_set_locked(book, &login, false, now);
    }
    if (error) {
        /* A full disk is no reason to show nothing; by the last time kept, it still locks. */
        log_warn("desk.login_unkept", "by=%s error=%s", login.who.name, dx_error_name(error));
    }
    *ret_login = login;
    return 0;
}
