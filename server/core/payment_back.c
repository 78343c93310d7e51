#include "server/core/payment_back.h"

#include "proto/base/check.h"

/* A reference shorter than this may stand in a content by chance. */
enum { REFERENCE_MIN = 6 };

bool payment_is_back_of(const struct bank_credit *out, const char *bank_ref, const char *code,
                        const char *prefix)
{
    bool same_ref = bank_ref[0] != '\0' && strcmp(out->bank_ref, bank_ref) == 0;
    bool named = strlen(bank_ref) >= REFERENCE_MIN && strstr(out->content, bank_ref) != NULL;
    if (same_ref || named) {
        return true;
    }
    struct paycode_found found = paycode_find(prefix, str_c(out->content));
    return code[0] != '\0' && found.count == 1 && strcmp(found.code[0], code) == 0;
}

/* Where the money of this session lies now. */
static void account_of(const struct session *session, char out[LEDGER_ACCOUNT_CAP])
{
    if (session_is_open(session)) {
        ledger_prepaid(out, session->lot);
    } else if (session->state == SESSION_WRITTEN_OFF) {
        ledger_name(out, "written_off", session->lot);
    } else {
        ledger_receivable(out, session->lot);
    }
}

static void reopen(struct payment_back *back)
{
    struct session *s = &back->session;
    s->paid_at = (wall_t){0};
    if (session_is_open(s)) {
        back->reopens_stay = true;
        if (s->state == SESSION_PAID) {
            session_goto(s, s->asked.ms ? SESSION_QUOTED : SESSION_INSIDE);
        }
    } else if (s->state == SESSION_LEFT) {
        session_goto(s, SESSION_LEFT_UNPAID);
    }
}

void payment_take_back(const struct session *session, int64_t paid_vnd, const char *tx_id,
                       const char *cause, const char *account, wall_t at,
                       struct payment_back *ret_back)
{
    char name[LEDGER_ACCOUNT_CAP];
    struct payment_back back = {.session = *session};
    ledger_begin(&back.tx, tx_id, "back", session->lot, session->id, cause, at);
    bool ours = session_is_open(session) || session->state == SESSION_LEFT ||
                session->state == SESSION_LEFT_UNPAID || session->state == SESSION_WRITTEN_OFF;
    if (ours && paid_vnd > 0) {
        back.taken_vnd = paid_vnd < session->paid_vnd ? paid_vnd : session->paid_vnd;
    }
    if (back.taken_vnd > 0) {
        account_of(session, name);
        ledger_add(&back.tx, name, back.taken_vnd);
        ledger_suspense(name, account);
        ledger_add(&back.tx, name, -back.taken_vnd);
        back.session.paid_vnd -= back.taken_vnd;
        reopen(&back);
    }
    must(ledger_is_balanced(&back.tx));
    *ret_back = back;
}
