/*
 * day.h - the close of a day (đối soát): what each transfer of the day is, and what must agree.
 *
 * Four witnesses tell of the same money: our ledger, the provider (webhooks and its list), the
 * bank's statement, and the gates.  A transfer gets exactly one class, so that the
 * classes of an account add up to what came in and went out of it.  Cut-off is 00:00 in
 * Hanoi, by the bank's booking time.
 *
 * Pure.  Not here: reading the database (server/store/query_day.h), the sheet (server/io).
 */
#ifndef DOXE_SERVER_DAY_H
#define DOXE_SERVER_DAY_H

#include "proto/base/str.h"

/* name, word, open: does a person still have to look?, Vietnamese, English */
#define DAY_CLASSES(X)                                                                         \
    X(MATCHED, "matched", false, "Khớp", "matched")                                            \
    X(MISSED_WEBHOOK, "missed_webhook", false, "Khớp, không có webhook",                       \
      "matched; the provider's notice never came")                                             \
    X(OVER, "over", false, "Trả thừa, hoàn phần thừa", "more than due; the rest is refunded")  \
    X(DUPLICATE, "duplicate", false, "Trả lần hai, hoàn lại", "paid twice; refunded")          \
    X(RESOLVED, "resolved", false, "Đã được hai người giải quyết", "explained by two persons") \
    X(TAKEN_BACK, "taken_back", false, "Ngân hàng đã thu hồi", "the bank took it back")        \
    X(UNEXPLAINED, "unexplained", true, "Chưa rõ nội dung", "nobody knows what for")           \
    X(DIFFERS, "differs", true, "Hai nguồn nói khác nhau", "two sources say different things") \
    X(NOT_IN_STATEMENT, "not_in_statement", true, "Không có trong sao kê",                     \
      "not in the bank's statement: forged, or the provider's mistake")                        \
    X(REFUND_PAID, "refund_paid", false, "Chi hoàn tiền", "a refund was paid")                 \
    X(REVERSAL, "reversal", false, "Thu hồi một khoản trước", "took an earlier transfer back") \
    X(OUT_RESOLVED, "out_resolved", false, "Chi, đã giải quyết",                               \
      "went out; explained by two persons")                                                    \
    X(OUT_UNEXPLAINED, "out_unexplained", true, "Chi, chưa rõ", "went out, and nobody knows why")

enum day_class {
#define X(name, word, open, vi, en) DAY_##name,
    DAY_CLASSES(X)
#undef X
        DAY_CLASS_COUNT
};
const char *day_class_text(enum day_class class_);
const char *day_class_vi(enum day_class class_);
bool day_class_is_open(enum day_class class_);

/* What is known of one transfer. */
struct day_transfer {
    bool out;
    const char *verdict;                    /* a word of PAYMENT_VERDICTS */
    bool by_webhook, by_poll, by_statement; /* who told of it */
    bool statement_covers;                  /* a statement of its account covers its booking time */
    bool differs;                           /* it came again with other content */
    bool resolved;                          /* two persons have said what it is */
    bool taken_back;                        /* IN: by a later transfer out */
    bool pays_refund;                       /* OUT: it confirmed a refund */
    bool reverses;                          /* OUT: it took an earlier transfer back */
};

enum day_class day_classify(const struct day_transfer *transfer);

#endif
