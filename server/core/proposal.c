#include "server/core/proposal.h"

#include "proto/base/check.h"

static const struct {
    const char *word;
    bool in, out, target;
} actions[] = {
#define X(name, word_, in_, out_, target_, sentence) {word_, in_, out_, target_},
    PROPOSAL_ACTIONS(X)
#undef X
};

const char *proposal_action_text(enum proposal_action action)
{
    must(action < PROPOSAL_ACTION_COUNT);
    return actions[action].word;
}

int proposal_action_parse(struct str text, enum proposal_action *ret_action)
{
    for (int i = 0; i < PROPOSAL_ACTION_COUNT; i++) {
        if (str_eq_c(text, actions[i].word)) {
            *ret_action = (enum proposal_action)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

static bool is_line(const struct proposal_part *part, bool out)
{
    if (part->action >= PROPOSAL_ACTION_COUNT || part->amount_vnd <= 0 ||
        part->amount_vnd > MONEY_MAX_VND) {
        return false;
    }
    bool fits = out ? actions[part->action].out : actions[part->action].in;
    return fits && actions[part->action].target == (part->target[0] != '\0');
}

int proposal_check(const struct proposal_part *part, int count, bool out, int64_t amount_vnd)
{
    int64_t sum = 0;
    if (count < 1 || count > PROPOSAL_PARTS_MAX) {
        return DX_E_INVAL;
    }
    if (count > 1 && (part[0].action == PROPOSAL_KEEP || part[0].action == PROPOSAL_TAKEN_BACK)) {
        return DX_E_INVAL; /* of the whole transfer only */
    }
    for (int i = 0; i < count; i++) {
        if (!is_line(&part[i], out)) {
            return DX_E_INVAL;
        }
        for (int j = 0; j < i; j++) {
            if (part[i].action == PROPOSAL_KEEP || part[i].action == PROPOSAL_TAKEN_BACK) {
                return DX_E_INVAL;
            }
            if (part[j].action == part[i].action && strcmp(part[j].target, part[i].target) == 0) {
                return DX_E_INVAL;
            }
        }
        sum += part[i].amount_vnd;
    }
    return sum == amount_vnd ? 0 : DX_E_RANGE;
}

int proposal_may_decide(const char *made_by, const char *decided_by)
{
    if (decided_by[0] == '\0') {
        return DX_E_INVAL;
    }
    return strcmp(made_by, decided_by) == 0 ? DX_E_DENIED : 0;
}

void proposal_tx(const struct proposal_part *part, const char *tx_id, const char *lot,
                 const char *account, bool out, const char *cause, wall_t at,
                 struct ledger_tx *ret_tx)
{
    char name[LEDGER_ACCOUNT_CAP];
    int64_t amount = out ? -part->amount_vnd : part->amount_vnd;
    must(part->action == PROPOSAL_REFUND || part->action == PROPOSAL_OWNER);
    ledger_begin(ret_tx, tx_id, "resolve", lot, "", cause, at);
    ledger_suspense(name, account);
    ledger_add(ret_tx, name, amount);
    if (part->action == PROPOSAL_REFUND) {
        ledger_refund_due(name, lot);
    } else {
        ledger_name(name, "owner", account);
    }
    ledger_add(ret_tx, name, -amount);
    must(ledger_is_balanced(ret_tx));
}

int proposal_write_off(struct session *session, const char *proposal, wall_t at,
                       struct ledger_tx *ret_tx)
{
    char id[LEDGER_ID_CAP];
    char name[LEDGER_ACCOUNT_CAP];
    int64_t debt = session_debt(session);
    if (debt == 0) {
        return DX_E_STATE;
    }
    snprintf(id, sizeof id, "writeoff:%s", proposal);
    ledger_begin(ret_tx, id, "writeoff", session->lot, session->id, proposal, at);
    ledger_name(name, "written_off", session->lot);
    ledger_add(ret_tx, name, debt);
    ledger_receivable(name, session->lot);
    ledger_add(ret_tx, name, -debt);
    must(ledger_is_balanced(ret_tx));
    session_goto(session, SESSION_WRITTEN_OFF);
    return 0;
}
