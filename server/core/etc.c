#include "server/core/etc.h"

#include "proto/base/check.h"

#include <stdio.h>
#include <string.h>

const char *etc_state_text(enum etc_state state)
{
    static const char *const words[] = {
#define X(name, word, op, sentence) word,
        ETC_STATES(X)
#undef X
    };
    must((unsigned)state < ETC_STATE_COUNT);
    return words[state];
}

const char *etc_op_text(enum etc_op op)
{
    static const char *const words[] = {"nothing", "authorize", "capture",
                                        "void",    "query",     "refund"};
    must((unsigned)op < sizeof words / sizeof words[0]);
    return words[op];
}

enum etc_op etc_next_op(enum etc_state state)
{
    static const enum etc_op ops[] = {
#define X(name, word, op, sentence) op,
        ETC_STATES(X)
#undef X
    };
    must((unsigned)state < ETC_STATE_COUNT);
    return ops[state];
}

int64_t etc_wait_ms(int64_t attempts)
{
    static const int seconds[] = {1, 2, 3, 5, 10, 30};
    int64_t steps = (int64_t)(sizeof seconds / sizeof seconds[0]);
    int64_t wait = attempts <= 0       ? 0
                   : attempts <= steps ? seconds[attempts - 1]
                   : attempts < 66     ? 60
                                       : 3600;
    return wait * TIME_SECOND_MS;
}

bool etc_tag_is_valid(const char *tag)
{
    size_t n = strlen(tag);
    for (size_t i = 0; i < n; i++) {
        if (!ascii_is_digit(tag[i]) && !(tag[i] >= 'A' && tag[i] <= 'F')) {
            return false;
        }
    }
    return n == 0 || n == ETC_TAG_CAP - 1;
}

bool etc_tags_agree(const char *linked, const char *read)
{
    return linked[0] == '\0' || read[0] == '\0' || strcmp(linked, read) == 0;
}

/* ---- answers ---- */

static void go(struct etc_charge *c, enum etc_state state, wall_t now)
{
    if (c->state != state) {
        c->attempts = 0;
    }
    c->state = state;
    c->next = etc_next_op(state) == ETC_NOTHING ? (wall_t){0} : now;
}

static void wait_on(struct etc_charge *c, wall_t now)
{
    c->attempts++;
    c->next = wall_add(now, etc_wait_ms(c->attempts));
}

static void take_silence(struct etc_charge *c, wall_t now)
{
    if (c->state == ETC_REQUESTED) {
        go(c, ETC_UNKNOWN, now);
    } else if (c->state == ETC_AUTHORIZED) {
        go(c, ETC_CAPTURE_UNKNOWN, now);
    }
    wait_on(c, now);
}

static void take_authorized(struct etc_charge *c, bool needed, wall_t now)
{
    bool asked_to_capture = c->state == ETC_AUTHORIZED || c->state == ETC_CAPTURE_UNKNOWN;
    if (c->state == ETC_VOIDING) {
        wait_on(c, now); /* it still stands there: asked again to give it back */
        return;
    }
    go(c, needed ? ETC_AUTHORIZED : ETC_VOIDING, now);
    if (asked_to_capture && needed) {
        wait_on(c, now); /* the capture had not arrived */
    }
}

void etc_take_answer(struct etc_charge *c, const struct etc_answer *answer, bool needed, wall_t now,
                     bool *ret_captured)
{
    *ret_captured = false;
    if (etc_next_op(c->state) == ETC_NOTHING) {
        return; /* final */
    }
    str_copy_cut(c->answer, sizeof c->answer, str_c(answer->text));
    if (answer->reference[0] && !c->reference[0]) {
        memcpy(c->reference, answer->reference, sizeof c->reference);
    }
    switch (answer->reply) {
    case ETC_REPLY_NONE:
        take_silence(c, now);
        return;
    case ETC_REPLY_AUTHORIZED:
        take_authorized(c, needed, now);
        return;
    case ETC_REPLY_CAPTURED:
        *ret_captured =
            true; /* also when it should have been voided: the money is theirs no more */
        go(c, ETC_CAPTURED, now);
        return;
    case ETC_REPLY_VOIDED:
        go(c, ETC_VOIDED, now);
        return;
    case ETC_REPLY_DECLINED:
        if (c->state == ETC_VOIDING) {
            wait_on(c, now);
            return;
        }
        go(c, ETC_DECLINED, now);
        return;
    case ETC_REPLY_UNKNOWN_ID:
        /* It never arrived there: authorized anew under the same id, or given up. */
        go(c, needed && c->state == ETC_UNKNOWN ? ETC_REQUESTED : ETC_VOIDED, now);
        return;
    }
}

/* ---- the ledger ---- */

static void begin(struct ledger_tx *tx, const char *kind, const char *id, const char *lot,
                  const char *session, wall_t at)
{
    char text[LEDGER_ID_CAP];
    struct out out;
    out_init(&out, text, sizeof text);
    out_fmt(&out, "%s:%s", kind, id);
    must(!out_failed(&out));
    ledger_begin(tx, text, kind, lot, session, id, at);
}

static void add(struct ledger_tx *tx, const char *kind, const char *owner, int64_t amount_vnd)
{
    char account[LEDGER_ACCOUNT_CAP];
    ledger_name(account, kind, owner);
    ledger_add(tx, account, amount_vnd);
}

void etc_decide(const struct payment_view *stay, const struct etc_charge *c, wall_t now,
                struct etc_decision *d)
{
    struct payment_view view = *stay;
    struct bank_credit credit = {.provider = "etc", .amount_vnd = c->amount_vnd, .booked = now};
    memset(d, 0, sizeof *d);
    memcpy(credit.provider_tx, c->id, sizeof c->id);
    view.seen = PAYMENT_NEW;
    view.code_count = 1;
    view.account_is_lots = true;
    view.account_bin = "etc";
    payment_decide(&view, &credit, c->id, &d->pay);
    begin(&d->tx, "etc", c->id, c->lot, c->session, now);
    add(&d->tx, "etc", c->operator_id, c->amount_vnd);
    for (int i = 0; i < d->pay.tx.count; i++) {
        const struct ledger_entry *entry = &d->pay.tx.entry[i];
        struct str account = str_c(entry->account);
        if (str_starts(account, STR("refund_due:"))) {
            /* It goes back to the account it came from, by a refund of the provider. */
            add(&d->tx, "etc_refund_due", c->operator_id, entry->amount_vnd);
        } else if (!str_starts(account, STR("bank:"))) {
            ledger_add(&d->tx, entry->account, entry->amount_vnd);
        }
    }
    must(ledger_is_balanced(&d->tx));
}

void etc_refund_tx(const char *refund, const struct etc_charge *c, int64_t amount_vnd, wall_t now,
                   struct ledger_tx *tx)
{
    begin(tx, "etc_refund", refund, c->lot, c->session, now);
    add(tx, "etc_refund_due", c->operator_id, amount_vnd);
    add(tx, "etc", c->operator_id, -amount_vnd);
}

void etc_fee_tx(const char *provider, const char *operator_id, const char *reference,
                int64_t amount_vnd, wall_t at, struct ledger_tx *tx)
{
    char id[LEDGER_ID_CAP];
    snprintf(id, sizeof id, "%s:%.64s", provider, reference);
    begin(tx, "etc_fee", id, "", "", at);
    add(tx, "etc_fee", operator_id, amount_vnd);
    add(tx, "etc", operator_id, -amount_vnd);
}
