/*
 * notice.h - members of a provider's JSON on their way into a bank_credit; for the readers here.
 *
 * Each call fills one member, or fails with *ret_why set to a sentence without data.
 */
#ifndef DOXE_SERVER_BANK_NOTICE_H
#define DOXE_SERVER_BANK_NOTICE_H

#include "proto/io/json.h"
#include "server/bank/bank.h"

/* A text that may be absent, null, or an integer (ids and accounts are written both ways). */
DX_MUST_USE int notice_text(const struct jdoc *object, const char *key, char *out, size_t cap);
/* The same, and not empty. */
DX_MUST_USE int notice_needed(const struct jdoc *object, const char *key, char *out, size_t cap,
                              const char *missing, const char **ret_why);
/* Cut between two characters, so that it stays UTF-8.  `other` is taken when `key` is empty. */
void notice_content(const struct jdoc *object, const char *key, const char *other, char *out,
                    size_t cap);
/* "2026-11-23 08:15:02", with or without 'T' and zone; a date alone sets date_only. */
DX_MUST_USE int notice_when(const struct jdoc *object, const char *key, struct bank_credit *credit,
                            const char **ret_why);
/*
 * A whole number of đồng, negative is money out.  `lenient` takes "18067000.00" and 18067000.0,
 * too: lists write it so.  DX_E_RANGE for 0.
 */
DX_MUST_USE int notice_amount(const struct jdoc *object, const char *key, bool lenient,
                              struct bank_credit *credit, const char **ret_why);
/* The number itself, 0 allowed; DX_E_NOT_FOUND when absent. */
DX_MUST_USE int notice_money(const struct jdoc *object, const char *key, bool lenient,
                             int64_t *ret_vnd);
/* has_balance, when there is one that can be read; 0 counts as none (SePay). */
void notice_balance(const struct jdoc *object, const char *key, struct bank_credit *credit);

#endif
