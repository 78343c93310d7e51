#include "server/api/auth.h"

#include "proto/base/check.h"

#include <stdlib.h>
#include <string.h>

struct auth_memory {
    uint8_t digest[SHA256_SIZE];  /* keyed, of name and password together */
    const struct auth_user *user; /* NULL: free */
    mono_t until;
};

struct auth {
    const struct auth_user *users;
    int user_count;
    uint8_t key[SHA256_SIZE];
    char decoy[PASSWORD_HASH_CAP]; /* checked for names that do not exist */
    struct auth_memory memory[AUTH_MEMORY_MAX];
    int checks;     /* argon2 runs taken from the bucket */
    mono_t checked; /* when the bucket was last filled up */
    struct limiter failures;
};

const char *role_text(enum role role)
{
    static const char *const words[] = {
#define X(name, word, sentence) [ROLE_##name] = (word),
        ROLES(X)
#undef X
    };
    return role < ROLE_COUNT ? words[role] : "?";
}

int role_parse(struct str text, enum role *ret_role)
{
    for (int i = ROLE_NONE + 1; i < ROLE_COUNT; i++) {
        if (str_eq_c(text, role_text((enum role)i))) {
            *ret_role = (enum role)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

int auth_new(const struct auth_user *users, int count, struct auth **ret_auth)
{
    struct auth *auth = calloc(1, sizeof *auth);
    if (!auth) {
        return DX_E_MEMORY;
    }
    auth->users = users;
    auth->user_count = count;
    dx_random(auth->key, sizeof auth->key);
    char nobody[33];
    uint8_t bytes[16];
    dx_random(bytes, sizeof bytes);
    str_hex(nobody, bytes, sizeof bytes);
    int error = dx_password_hash(auth->decoy, str_c(nobody));
    if (error) {
        free(auth);
        return error;
    }
    limiter_init(&auth->failures, AUTH_FREE_FAILURES, 60 * 1000, 2000, AUTH_WAIT_MS_MAX);
    *ret_auth = auth;
    return 0;
}

void auth_free(struct auth *auth)
{
    if (auth) {
        dx_wipe(auth, sizeof *auth);
        free(auth);
    }
}

static int base64_value(char c)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c ? strchr(alphabet, c) : NULL;
    return found ? (int)(found - alphabet) : -1;
}

/* RFC 4648 section 4, with or without its '=' signs. */
static int base64_decode(struct str text, char *out, size_t cap, size_t *ret_n)
{
    uint32_t bits = 0;
    int have = 0;
    size_t n = 0;
    while (text.n && text.p[text.n - 1] == '=') {
        text.n--;
    }
    for (size_t i = 0; i < text.n; i++) {
        int value = base64_value(text.p[i]);
        if (value < 0) {
            return DX_E_FORMAT;
        }
        bits = (bits << 6 | (uint32_t)value) & 0xffffffu;
        have += 6;
        if (have >= 8) {
            have -= 8;
            if (n == cap) {
                return DX_E_SPACE;
            }
            out[n++] = (char)(bits >> have & 0xffu);
        }
    }
    *ret_n = n;
    return 0;
}

static const struct auth_user *find_user(const struct auth *auth, struct str name)
{
    for (int i = 0; i < auth->user_count; i++) {
        if (str_eq_c(name, auth->users[i].name)) {
            return &auth->users[i];
        }
    }
    return NULL;
}

static const struct auth_user *recall(const struct auth *auth, const uint8_t digest[SHA256_SIZE],
                                      mono_t now)
{
    const struct str wanted = {(const char *)digest, SHA256_SIZE};
    for (int i = 0; i < AUTH_MEMORY_MAX; i++) {
        const struct auth_memory *memory = &auth->memory[i];
        if (memory->user && !mono_reached(now, memory->until) &&
            str_eq_constant_time(wanted, (struct str){(const char *)memory->digest, SHA256_SIZE})) {
            return memory->user;
        }
    }
    return NULL;
}

static void remember(struct auth *auth, const uint8_t digest[SHA256_SIZE],
                     const struct auth_user *user, mono_t now)
{
    struct auth_memory *place = &auth->memory[0];
    for (int i = 0; i < AUTH_MEMORY_MAX; i++) {
        struct auth_memory *memory = &auth->memory[i];
        if (!memory->user) {
            place = memory;
            break;
        }
        if (mono_diff(memory->until, place->until) < 0) {
            place = memory;
        }
    }
    memcpy(place->digest, digest, SHA256_SIZE);
    place->user = user;
    place->until = mono_add(now, AUTH_MEMORY_MS);
}

/* One more argon2 run: is there still one in the bucket of all addresses together? */
static bool may_check(struct auth *auth, mono_t now)
{
    int64_t refilled = mono_diff(now, auth->checked) / AUTH_CHECK_EVERY_MS;
    if (refilled > 0) {
        auth->checks = refilled < auth->checks ? auth->checks - (int)refilled : 0;
        auth->checked = now;
    }
    if (auth->checks >= AUTH_CHECKS_BURST) {
        return false;
    }
    auth->checks++;
    return true;
}

static int check_password(struct auth *auth, struct str name, struct str password,
                          const char *address, mono_t now, const struct auth_user **ret_user,
                          int64_t *ret_wait_ms)
{
    uint8_t digest[SHA256_SIZE];
    struct dx_hmac hmac;
    dx_hmac_sha256_init(&hmac, (struct str){(const char *)auth->key, sizeof auth->key});
    dx_hmac_sha256_update(&hmac, name);
    dx_hmac_sha256_update(&hmac, STR("\0")); /* a name holds no NUL: the border is certain */
    dx_hmac_sha256_update(&hmac, password);
    dx_hmac_sha256_final(&hmac, digest);
    const struct auth_user *user = recall(auth, digest, now);
    if (user) {
        *ret_user = user;
        return 0;
    }
    int64_t wait = limiter_wait(&auth->failures, address, now);
    if (wait == 0 && !may_check(auth, now)) {
        wait = AUTH_CHECK_EVERY_MS;
    }
    if (wait > 0) {
        *ret_wait_ms = wait;
        return DX_E_BUSY;
    }
    user = find_user(auth, name);
    bool known = user && user->password_hash[0] == '$';
    if (!dx_password_matches(known ? user->password_hash : auth->decoy, password) || !known) {
        limiter_failed(&auth->failures, address, now);
        return DX_E_DENIED;
    }
    remember(auth, digest, user, now);
    limiter_succeeded(&auth->failures, address);
    *ret_user = user;
    return 0;
}

int auth_check(struct auth *auth, struct str authorization, const char *address, mono_t now,
               const struct auth_user **ret_user, int64_t *ret_wait_ms)
{
    char text[AUTH_NAME_CAP + AUTH_PASSWORD_MAX + 1];
    size_t n = 0;
    authorization = str_trim(authorization);
    if (authorization.n == 0) {
        return DX_E_NOT_FOUND;
    }
    size_t blank = str_index(authorization, ' ');
    if (!str_eq_nocase(str_slice(authorization, 0, blank), STR("Basic")) ||
        base64_decode(str_trim(str_slice(authorization, blank, authorization.n)), text, sizeof text,
                      &n)) {
        return DX_E_DENIED;
    }
    struct str pair = {text, n};
    size_t colon = str_index(pair, ':');
    struct str name = str_slice(pair, 0, colon);
    struct str password = str_slice(pair, colon + 1, n);
    int error = DX_E_DENIED;
    if (colon < n && str_index(name, '\0') == name.n) {
        error = check_password(auth, name, password, address, now, ret_user, ret_wait_ms);
    }
    dx_wipe(text, sizeof text);
    return error;
}

/* "https://doxe.example:8443/x" -> "doxe.example:8443" */
static struct str authority_of(struct str url)
{
    size_t colon = str_index(url, ':');
    struct str rest = str_slice(url, colon + 1, url.n);
    if (!str_starts(rest, STR("//"))) {
        return (struct str){0};
    }
    rest = str_slice(rest, 2, rest.n);
    return str_slice(rest, 0, str_index(rest, '/'));
}

bool auth_is_same_origin(struct str fetch_site, struct str origin, struct str request_field,
                         struct str host, struct str public_url)
{
    if (request_field.n == 0) {
        return false;
    }
    if (fetch_site.n && !str_eq_c(fetch_site, "same-origin")) {
        return false;
    }
    if (origin.n == 0) {
        return true; /* no browser: it has no credentials that it would send by itself */
    }
    struct str from = authority_of(origin);
    return from.n && (str_eq_nocase(from, host) || str_eq_nocase(from, authority_of(public_url)));
}
