/*
 * crypto.h - digests, keyed digests, wiping; and, for shells only, random bytes and passwords.
 *
 * The algorithms are libsodium's (HMAC, SHA-2, argon2id); nothing is invented
 * here.  Functions of the first part are computations: no clock, no file, no
 * heap, so cores may call them.  Those of the second part touch the system.
 */
#ifndef DOXE_CRYPTO_H
#define DOXE_CRYPTO_H

#include "proto/base/str.h"

enum { SHA256_SIZE = 32, SHA512_SIZE = 64, PASSWORD_HASH_CAP = 128 };

/* ---- for cores ---- */

void dx_sha256(uint8_t out[SHA256_SIZE], struct str message);
void dx_hmac_sha256(uint8_t out[SHA256_SIZE], struct str key, struct str message);
void dx_hmac_sha512(uint8_t out[SHA512_SIZE], struct str key, struct str message);

/* The same in pieces: init, update as often as wanted, final.  The state wipes itself in final. */
struct dx_hmac {
    _Alignas(16) unsigned char state[512]; /* holds libsodium's state; checked at compile time */
};
void dx_hmac_sha256_init(struct dx_hmac *hmac, struct str key);
void dx_hmac_sha256_update(struct dx_hmac *hmac, struct str part);
void dx_hmac_sha256_final(struct dx_hmac *hmac, uint8_t out[SHA256_SIZE]);
void dx_hmac_sha512_init(struct dx_hmac *hmac, struct str key);
void dx_hmac_sha512_update(struct dx_hmac *hmac, struct str part);
void dx_hmac_sha512_final(struct dx_hmac *hmac, uint8_t out[SHA512_SIZE]);

/* Secret box: the nonce, then the text sealed with a key (XSalsa20-Poly1305). */
enum { DX_SEAL_KEY = 32, DX_SEAL_NONCE = 24, DX_SEAL_EXTRA = 24 + 16 };
/* message.n + DX_SEAL_EXTRA bytes into `out`; how many.  The same nonce never twice: draw it. */
size_t dx_seal(uint8_t *out, const uint8_t key[DX_SEAL_KEY], const uint8_t nonce[DX_SEAL_NONCE],
               struct str message);
/* sealed.n - DX_SEAL_EXTRA bytes into `out`.  DX_E_CHECK: another key, or changed. */
DX_MUST_USE int dx_unseal(const uint8_t key[DX_SEAL_KEY], struct str sealed, char *out,
                          size_t *ret_n);

/* Ed25519 (RFC 8032), as openssl verifies it: a detached signature, and the public key's PEM. */
enum { DX_SIGN_SEED = 32, DX_SIGN_SIZE = 64, DX_SIGN_PEM = 160 };
void dx_sign(uint8_t out[DX_SIGN_SIZE], const uint8_t seed[DX_SIGN_SEED], struct str message);
void dx_sign_public_pem(char out[DX_SIGN_PEM], const uint8_t seed[DX_SIGN_SEED]);

/* Overwrite so that the compiler cannot leave it out. */
void dx_wipe(void *bytes, size_t n);

/* ---- for shells ---- */

/* Must be called once before any other call of this part.  0 or DX_E_IO. */
DX_MUST_USE int dx_crypto_start(void);
void dx_random(void *bytes, size_t n);
/* argon2id, libsodium's interactive limits (64 MiB); DX_E_MEMORY. */
DX_MUST_USE int dx_password_hash(char out[PASSWORD_HASH_CAP], struct str password);
/* Is it the form of what dx_password_hash makes? */
bool dx_password_is_hash(const char *text);
bool dx_password_matches(const char *hash, struct str password);

#endif
