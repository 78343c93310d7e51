/*
 * bank.h - drivers' banks and the provider that tells the server of each transfer.
 *
 * A transfer is carried out at once and never fails: the money has moved, with
 * an id, a bank reference and a booking time.  What may go wrong is the word of
 * it: apps and banks mangle the content, the provider's webhook comes late, is
 * refused, comes twice.  So the sum of all transfers here is the truth that the
 * server's ledger must reach to the đồng.
 *
 * The provider speaks SePay's balance webhook (body, signature, retries after
 * 1, 1, 2, 3, 5, 8, 13 minutes).  The real one gives up after these and leaves
 * the rest to its list; this one goes on every 13 minutes, so that a server
 * that was away for long loses nothing.  `speed` shortens the minutes.
 *
 * Pure: time, chance and the answers of the server come in as arguments.
 *
 * Sources: SePay's webhook pages (authentication, error handling); contents as
 * they arrive in public samples: prefixes of the sending bank, "CT DEN:",
 * "GD 12345-231126 08:15:02", "SEVQR", changed case, inserted blanks and dashes.
 */
#ifndef DOXE_SIM_BANK_H
#define DOXE_SIM_BANK_H

#include "proto/base/out.h"
#include "proto/base/prng.h"
#include "proto/base/time.h"

enum {
    BANK_CONTENT_CAP = 200,
    BANK_REF_CAP = 24,
    BANK_SIGNATURE_CAP = 80, /* "sha256=" and 64 hex digits */
    BANK_BODY_CAP = 1024,
    BANK_TRANSFERS_MAX = 100000
};

enum transfer_state {
    TRANSFER_WAITING, /* the provider will send word of it at `next` */
    TRANSFER_SENDING, /* it is under way: bank_answered() comes */
    TRANSFER_DONE     /* the server took it */
};

/* What a driver asks of his bank. */
struct bank_order {
    int visit;           /* whose; an index into the world's book */
    int64_t amount_vnd;  /* above 0 */
    const char *account; /* payee's, from the scanned code */
    const char *words;   /* the transfer's content as the app fills it in, or the driver's own */
    const char *code;    /* the payment code in it; "" for his own words */
    const char *payer;   /* name, capitals without accents */
    const char *payer_account;
};

struct transfer {
    int64_t id;             /* the provider's */
    char ref[BANK_REF_CAP]; /* the bank's: FT26327000000001 */
    int visit;
    int64_t amount_vnd;
    bool out;   /* money that goes back out of the account */
    bool coded; /* the content has the code, however mangled */
    wall_t booked;
    int64_t balance_vnd;
    char account[24];
    char paycode[16]; /* the payment code of the order, "" none */
    char code[16];    /* as the provider recognised it, or "" */
    char content[BANK_CONTENT_CAP];
    enum transfer_state state;
    int attempts;
    bool twice; /* to be sent once more after it was taken */
    mono_t next;
    int listed; /* the k-th of those that are open is kept in transfer k */
};

struct bank {
    struct prng prng;
    int speed;
    int64_t next_id;
    int64_t balance_vnd;
    int64_t total_vnd; /* of all transfers */
    struct transfer *transfer;
    int cap, count;
    int open;             /* not yet DONE, or DONE and to be repeated: few, and listed */
    bool recycles;        /* `transfer` is a store of places: what is done gives its place away */
    int64_t orders;       /* ever carried out; `count` unless it recycles */
    int next_place;       /* where to look for one that is done */
    int repeats, retries; /* how often word was sent again */
};

/*
 * `transfers` of `cap` stay the caller's.  `first_id` must be above every id that
 * this server was ever told by an earlier run: take it from the wall clock.
 */
void bank_init(struct bank *bank, const struct prng *root, int speed, int64_t first_id,
               struct transfer *transfers, int cap);
/* Carry it out.  The transfer's index, or DX_E_FULL.  Set `recycles` before the first one. */
DX_MUST_USE int bank_order(struct bank *bank, const struct bank_order *order, mono_t now,
                           wall_t wall, int *ret_index);
/* A transfer whose word is due; it becomes SENDING.  False: none. */
bool bank_take_due(struct bank *bank, mono_t now, int *ret_index);
mono_t bank_deadline(const struct bank *bank);
/*
 * The server answered 2xx (`taken`) or not at all, or something else.  True when
 * this was the first time that it took this transfer.
 */
bool bank_answered(struct bank *bank, int index, bool taken, mono_t now);

/* The webhook's body. */
void bank_write_body(const struct transfer *transfer, struct out *out);
/* "sha256=…", HMAC-SHA256 over "<timestamp>.<body>". */
void bank_sign(struct str secret, int64_t timestamp_s, struct str body,
               char out[BANK_SIGNATURE_CAP]);

#endif
