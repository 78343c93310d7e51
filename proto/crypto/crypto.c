#include "proto/crypto/crypto.h"

#include <sodium.h>
#include <stdio.h>

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

/* ---- signatures ---- */

void dx_sign(uint8_t out[DX_SIGN_SIZE], const uint8_t seed[DX_SIGN_SEED], struct str message)
{
    unsigned char open_key[crypto_sign_PUBLICKEYBYTES];
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    crypto_sign_seed_keypair(open_key, secret, seed);
    crypto_sign_detached(out, NULL, bytes_of(message), message.n, secret);
    sodium_memzero(secret, sizeof secret);
}

/* SubjectPublicKeyInfo of RFC 8410: twelve bytes that never change, then the key. */
void dx_sign_public_pem(char out[DX_SIGN_PEM], const uint8_t seed[DX_SIGN_SEED])
{
    unsigned char der[12 + crypto_sign_PUBLICKEYBYTES] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                          0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    char text[sodium_base64_ENCODED_LEN(sizeof der, sodium_base64_VARIANT_ORIGINAL)];
    crypto_sign_seed_keypair(der + 12, secret, seed);
    sodium_memzero(secret, sizeof secret);
    sodium_bin2base64(text, sizeof text, der, sizeof der, sodium_base64_VARIANT_ORIGINAL);
    snprintf(out, DX_SIGN_PEM, "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n", text);
}
