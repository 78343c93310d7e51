#include "proto/crypto/crypto.h"

#include <sodium.h>

_Static_assert(sizeof(crypto_auth_hmacsha256_state) <= sizeof(struct dx_hmac), "state fits");
_Static_assert(sizeof(crypto_auth_hmacsha512_state) <= sizeof(struct dx_hmac), "state fits");
_Static_assert(crypto_pwhash_STRBYTES <= PASSWORD_HASH_CAP, "hash fits");

static const unsigned char *bytes_of(struct str text)
{
    return (const unsigned char *)(text.n ? text.p : "");
}

void dx_sha256(uint8_t out[SHA256_SIZE], struct str message)
{
    crypto_hash_sha256(out, bytes_of(message), message.n);
}

void dx_hmac_sha256_init(struct dx_hmac *hmac, struct str key)
{
    crypto_auth_hmacsha256_init((void *)hmac->state, bytes_of(key), key.n);
}

void dx_hmac_sha256_update(struct dx_hmac *hmac, struct str part)
{
    crypto_auth_hmacsha256_update((void *)hmac->state, bytes_of(part), part.n);
}

void dx_hmac_sha256_final(struct dx_hmac *hmac, uint8_t out[SHA256_SIZE])
{
    crypto_auth_hmacsha256_final((void *)hmac->state, out);
    dx_wipe(hmac, sizeof *hmac);
}

void dx_hmac_sha512_init(struct dx_hmac *hmac, struct str key)
{
    crypto_auth_hmacsha512_init((void *)hmac->state, bytes_of(key), key.n);
}

void dx_hmac_sha512_update(struct dx_hmac *hmac, struct str part)
{
    crypto_auth_hmacsha512_update((void *)hmac->state, bytes_of(part), part.n);
}

void dx_hmac_sha512_final(struct dx_hmac *hmac, uint8_t out[SHA512_SIZE])
{
    crypto_auth_hmacsha512_final((void *)hmac->state, out);
    dx_wipe(hmac, sizeof *hmac);
}

void dx_hmac_sha256(uint8_t out[SHA256_SIZE], struct str key, struct str message)
{
    struct dx_hmac hmac;
    dx_hmac_sha256_init(&hmac, key);
    dx_hmac_sha256_update(&hmac, message);
    dx_hmac_sha256_final(&hmac, out);
}

void dx_hmac_sha512(uint8_t out[SHA512_SIZE], struct str key, struct str message)
{
    struct dx_hmac hmac;
    dx_hmac_sha512_init(&hmac, key);
    dx_hmac_sha512_update(&hmac, message);
    dx_hmac_sha512_final(&hmac, out);
}

_Static_assert((int)DX_SEAL_KEY == (int)crypto_secretbox_KEYBYTES, "the library's key");
_Static_assert((int)DX_SEAL_NONCE == (int)crypto_secretbox_NONCEBYTES, "the library's nonce");
_Static_assert((int)DX_SEAL_EXTRA == (int)(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES),
               "nonce and tag");

size_t dx_seal(uint8_t *out, const uint8_t key[DX_SEAL_KEY], const uint8_t nonce[DX_SEAL_NONCE],
               struct str message)
{
    memcpy(out, nonce, DX_SEAL_NONCE);
    crypto_secretbox_easy(out + DX_SEAL_NONCE, (const unsigned char *)message.p, message.n, nonce,
                          key);
    return message.n + DX_SEAL_EXTRA;
}

int dx_unseal(const uint8_t key[DX_SEAL_KEY], struct str sealed, char *out, size_t *ret_n)
{
    const unsigned char *bytes = (const unsigned char *)sealed.p;
    if (sealed.n < DX_SEAL_EXTRA ||
        crypto_secretbox_open_easy((unsigned char *)out, bytes + DX_SEAL_NONCE,
                                   sealed.n - DX_SEAL_NONCE, bytes, key) != 0) {
        return DX_E_CHECK;
    }
    *ret_n = sealed.n - DX_SEAL_EXTRA;
    return 0;
}

void dx_wipe(void *bytes, size_t n)
{
    sodium_memzero(bytes, n);
}

int dx_crypto_start(void)
{
    return sodium_init() < 0 ? DX_E_IO : 0;
}

void dx_random(void *bytes, size_t n)
{
    randombytes_buf(bytes, n);
}

int dx_password_hash(char out[PASSWORD_HASH_CAP], struct str password)
{
    int failed = crypto_pwhash_str(out, password.p, password.n, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                   crypto_pwhash_MEMLIMIT_INTERACTIVE);
    return failed ? DX_E_MEMORY : 0;
}

bool dx_password_is_hash(const char *text)
{
    return crypto_pwhash_str_needs_rehash(text, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != -1;
}

bool dx_password_matches(const char *hash, struct str password)
{
    return crypto_pwhash_str_verify(hash, password.p, password.n) == 0;
}
