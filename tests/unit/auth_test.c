#include "server/api/auth.h"
#include "tests/harness/harness.h"

/* ---- one set of users for all tests: hashing is slow on purpose ---- */

static struct auth_user users[3] = {
    {.name = "mai", .role = ROLE_OPERATOR},
    {.name = "so-xd", .role = ROLE_CITY},
    {.name = "nobody", .role = ROLE_CITY, .password_hash = ""},
};

static struct auth *start(void)
{
    struct auth *auth = NULL;
    ok(dx_crypto_start());
    if (!users[0].password_hash[0]) {
        ok(dx_password_hash(users[0].password_hash, STR("mật khẩu: dài")));
        ok(dx_password_hash(users[1].password_hash, STR("city")));
    }
    ok(auth_new(users, 3, &auth));
    return auth;
}

static void basic(char *out, size_t cap, const char *pair)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t n = strlen(pair);
    size_t at = (size_t)snprintf(out, cap, "Basic ");
    for (size_t i = 0; i < n; i += 3) {
        unsigned a = (unsigned char)pair[i];
        unsigned b = i + 1 < n ? (unsigned char)pair[i + 1] : 0;
        unsigned c = i + 2 < n ? (unsigned char)pair[i + 2] : 0;
        unsigned bits = a << 16 | b << 8 | c;
        assert_true(at + 5 < cap);
        out[at++] = alphabet[bits >> 18];
        out[at++] = alphabet[bits >> 12 & 63];
        out[at++] = i + 1 < n ? alphabet[bits >> 6 & 63] : '=';
        out[at++] = i + 2 < n ? alphabet[bits & 63] : '=';
    }
    out[at] = '\0';
}

static int check(struct auth *auth, const char *pair, const char *address, int64_t now_ms,
                 const struct auth_user **ret_user, int64_t *ret_wait)
{
    char field[512];
    basic(field, sizeof field, pair);
    return auth_check(auth, str_c(field), address, (mono_t){now_ms}, ret_user, ret_wait);
}

static void test_auth__right_password_names_the_user_and_wrong_ones_do_not(void **state)
{
    (void)state;
    struct auth *auth = start();
    const struct auth_user *user = NULL;
    int64_t wait = 0;
    ok(check(auth, "mai:mật khẩu: dài", "10.0.0.1", 0, &user, &wait));
    assert_string_equal(user->name, "mai");
    assert_int_equal(user->role, ROLE_OPERATOR);
    user = NULL;
    static const char *wrong[] = {"mai:mật khẩu", "mai:",  "mai",    "so-xd:mật khẩu: dài",
                                  "nobody:",      ":city", "x:city", "so-xd:CITY"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char address[16];
        snprintf(address, sizeof address, "10.0.1.%zu", i);
        assert_int_equal(check(auth, wrong[i], address, 100000, &user, &wait), DX_E_DENIED);
    }
    assert_int_equal(auth_check(auth, STR(""), "10.0.0.2", (mono_t){0}, &user, &wait),
                     DX_E_NOT_FOUND);
    assert_int_equal(auth_check(auth, STR("Bearer abc"), "10.0.0.2", (mono_t){0}, &user, &wait),
                     DX_E_DENIED);
    assert_int_equal(auth_check(auth, STR("Basic !!!"), "10.0.0.2", (mono_t){0}, &user, &wait),
                     DX_E_DENIED);
    assert_null(user);
    auth_free(auth);
    auth_free(NULL);
}

static void test_auth__success_is_remembered_ten_minutes_and_failures_never(void **state)
{
    (void)state;
    struct auth *auth = start();
    const struct auth_user *user = NULL;
    int64_t wait = 0;
    ok(check(auth, "so-xd:city", "10.0.0.1", 0, &user, &wait));
    /* Many more than the ration of checks: from memory they cost none. */
    for (int i = 0; i < 10 * AUTH_CHECKS_BURST; i++) {
        ok(check(auth, "so-xd:city", "10.0.0.1", 1, &user, &wait));
    }
    /* The memory is of this very password. */
    assert_int_equal(check(auth, "so-xd:citx", "10.0.0.1", 1, &user, &wait), DX_E_DENIED);
    memcpy(users[1].password_hash, users[0].password_hash, PASSWORD_HASH_CAP);
    ok(check(auth, "so-xd:city", "10.0.0.1", AUTH_MEMORY_MS - 1, &user, &wait));
    assert_int_equal(check(auth, "so-xd:city", "10.0.0.1", AUTH_MEMORY_MS, &user, &wait),
                     DX_E_DENIED);
    users[0].password_hash[0] = '\0'; /* the next test hashes them anew */
    auth_free(auth);
}

static void test_auth__failing_address_waits_longer_and_longer_but_others_do_not(void **state)
{
    (void)state;
    struct auth *auth = start();
    const struct auth_user *user = NULL;
    int64_t wait = 0;
    int64_t now = 0;
    for (int i = 0; i <= AUTH_FREE_FAILURES; i++) {
        assert_int_equal(check(auth, "mai:x", "10.0.0.1", now += 300, &user, &wait), DX_E_DENIED);
    }
    /* Now even the right password waits: nothing is checked. */
    assert_int_equal(check(auth, "mai:mật khẩu: dài", "10.0.0.1", now, &user, &wait), DX_E_BUSY);
    assert_int_equal(wait, 2000);
    ok(check(auth, "so-xd:city", "10.0.0.2", now, &user, &wait));
    now += wait;
    assert_int_equal(check(auth, "mai:x", "10.0.0.1", now, &user, &wait), DX_E_DENIED);
    assert_int_equal(check(auth, "mai:x", "10.0.0.1", now, &user, &wait), DX_E_BUSY);
    assert_int_equal(wait, 4000);
    ok(check(auth, "mai:mật khẩu: dài", "10.0.0.1", now + 4000, &user, &wait));
    assert_int_equal(check(auth, "mai:x", "10.0.0.1", now + 4300, &user, &wait), DX_E_DENIED);
    assert_int_equal(check(auth, "mai:x", "10.0.0.1", now + 4600, &user, &wait), DX_E_DENIED);
    auth_free(auth);
}

static void test_auth__many_addresses_together_cannot_burn_the_processor(void **state)
{
    (void)state;
    struct auth *auth = start();
    const struct auth_user *user = NULL;
    int64_t wait = 0;
    int checked = 0;
    for (int i = 0; i < AUTH_CHECKS_BURST + 5; i++) {
        char address[16];
        snprintf(address, sizeof address, "10.0.2.%d", i);
        checked += check(auth, "mai:x", address, 1000, &user, &wait) == DX_E_DENIED;
    }
    assert_int_equal(checked, AUTH_CHECKS_BURST);
    assert_int_equal(check(auth, "mai:x", "10.0.3.1", 1000 + AUTH_CHECK_EVERY_MS, &user, &wait),
                     DX_E_DENIED);
    auth_free(auth);
}

static void test_auth__limiter_forgets_slowly_doubles_and_counts_v6_by_subscriber(void **state)
{
    (void)state;
    static struct limiter limiter;
    limiter_init(&limiter, 2, 1000, 500, 3000);
    int64_t expected[] = {0, 0, 500, 1000, 2000, 3000, 3000};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        limiter_failed(&limiter, "2001:db8::1", (mono_t){0});
        assert_int_equal(limiter_wait(&limiter, "2001:db8::1", (mono_t){0}), expected[i]);
    }
    assert_int_equal(limiter_wait(&limiter, "2001:db8::ffff:1", (mono_t){0}), 3000);
    assert_int_equal(limiter_wait(&limiter, "2001:db8:0:1::1", (mono_t){0}), 0);
    assert_int_equal(limiter_wait(&limiter, "2001:db8::1", (mono_t){3000}), 0);
    /* Seven failures, six forgotten after six seconds, one more: two are free. */
    limiter_failed(&limiter, "2001:db8::1", (mono_t){6000});
    assert_int_equal(limiter_wait(&limiter, "2001:db8::1", (mono_t){6000}), 0);
    limiter_failed(&limiter, "2001:db8::1", (mono_t){6000});
    assert_int_equal(limiter_wait(&limiter, "2001:db8::1", (mono_t){6000}), 500);
    limiter_succeeded(&limiter, "2001:db8::1");
    assert_int_equal(limiter_wait(&limiter, "2001:db8::1", (mono_t){6000}), 0);
    /* A full table gives up the entry that failed longest ago. */
    for (int i = 0; i < LIMITER_ENTRIES + 1; i++) {
        char address[24];
        snprintf(address, sizeof address, "10.%d.%d.1", i / 256, i % 256);
        for (int j = 0; j < 3; j++) {
            limiter_failed(&limiter, address, (mono_t){10000 + i});
        }
    }
    assert_int_equal(limiter_wait(&limiter, "10.0.0.1", (mono_t){10000}), 0);
    assert_true(limiter_wait(&limiter, "10.0.1.1", (mono_t){10001}) > 0);
}

static void test_auth__post_counts_as_ours_only_from_our_own_page(void **state)
{
    (void)state;
    struct str host = STR("127.0.0.1:8080");
    struct str url = STR("https://doxe.example");
    struct str one = STR("1");
    struct str none = {0};
    assert_true(
        auth_is_same_origin(STR("same-origin"), STR("http://127.0.0.1:8080"), one, host, url));
    assert_true(auth_is_same_origin(none, none, one, host, url));
    assert_true(auth_is_same_origin(none, STR("https://doxe.example"), one, host, url));
    assert_false(auth_is_same_origin(none, none, none, host, url));
    assert_false(auth_is_same_origin(STR("same-origin"), none, none, host, url));
    assert_false(auth_is_same_origin(STR("cross-site"), none, one, host, url));
    assert_false(auth_is_same_origin(STR("same-site"), none, one, host, url));
    assert_false(auth_is_same_origin(STR("none"), none, one, host, url));
    assert_false(auth_is_same_origin(none, STR("https://evil.example"), one, host, url));
    assert_false(auth_is_same_origin(none, STR("http://127.0.0.1:8081"), one, host, url));
    assert_false(auth_is_same_origin(none, STR("https://doxe.example.evil"), one, host, url));
    assert_false(auth_is_same_origin(none, STR("null"), one, host, url));
}

TESTS(T(test_auth__right_password_names_the_user_and_wrong_ones_do_not),
      T(test_auth__success_is_remembered_ten_minutes_and_failures_never),
      T(test_auth__failing_address_waits_longer_and_longer_but_others_do_not),
      T(test_auth__many_addresses_together_cannot_burn_the_processor),
      T(test_auth__limiter_forgets_slowly_doubles_and_counts_v6_by_subscriber),
      T(test_auth__post_counts_as_ours_only_from_our_own_page))
