#include "server/core/day.h"

#include "proto/base/check.h"

#include <string.h>

static const struct {
    const char *word, *vi;
    bool open;
} classes[] = {
#define X(name, word_, open_, vi_, en) {.word = word_, .vi = vi_, .open = open_},
    DAY_CLASSES(X)
#undef X
};

const char *day_class_text(enum day_class class_)
{
    must((unsigned)class_ < DAY_CLASS_COUNT);
    return classes[class_].word;
}

const char *day_class_vi(enum day_class class_)
{
    must((unsigned)class_ < DAY_CLASS_COUNT);
    return classes[class_].vi;
}

bool day_class_is_open(enum day_class class_)
{
    must((unsigned)class_ < DAY_CLASS_COUNT);
    return classes[class_].open;
}

static bool is(const struct day_transfer *t, const char *word)
{
    return strcmp(t->verdict, word) == 0;
}

static enum day_class classify_out(const struct day_transfer *t)
{
    return t->pays_refund ? DAY_REFUND_PAID
           : t->reverses  ? DAY_REVERSAL
           : t->resolved  ? DAY_OUT_RESOLVED
                          : DAY_OUT_UNEXPLAINED;
}

/* The worst that is true of it: a transfer that is not in the statement is first of all that. */
enum day_class day_classify(const struct day_transfer *t)
{
    bool in_suspense = is(t, "unmatched") || is(t, "wrong_account") || is(t, "two_codes");
    if (t->statement_covers && !t->by_statement && !t->resolved) {
        return DAY_NOT_IN_STATEMENT;
    }
    if (t->out) {
        return classify_out(t);
    }
    if (t->taken_back) {
        return DAY_TAKEN_BACK;
    }
    if (t->differs) {
        return DAY_DIFFERS;
    }
    if (in_suspense) {
        return t->resolved ? DAY_RESOLVED : DAY_UNEXPLAINED;
    }
    if (is(t, "duplicate_payment")) {
        return DAY_DUPLICATE;
    }
    if (is(t, "over")) {
        return DAY_OVER;
    }
    return t->by_webhook ? DAY_MATCHED : DAY_MISSED_WEBHOOK;
}
