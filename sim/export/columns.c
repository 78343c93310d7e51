/* columns.c - the tables that are written row by row as they are. */
#include "sim/export/columns.h"

/* Words of enums by their number. */
#define WORD(name, type, text)         \
    static const char *name(int value) \
    {                                  \
        return text((enum type)value); \
    }
WORD(state_word, session_state, session_state_text)
WORD(vehicle_word, vehicle, vehicle_text)
WORD(kind_word, subject_kind, subject_kind_text)
WORD(review_word, review_kind, review_text)
WORD(verdict_word, payment_verdict, payment_verdict_text)
WORD(source_word, credit_source, credit_source_text)
WORD(move_word, cash_move, cash_move_text)
WORD(refund_word, refund_state, refund_state_text)
WORD(etc_word, etc_state, etc_state_text)
WORD(invoice_word, invoice_state, invoice_state_text)
WORD(list_word, lot_list, lot_list_text)

static const char *notice_word(int value)
{
    static const char *const words[] = {"new", "applied", "rejected", "candidate"};
    return words[value];
}
static const char *request_word(int value)
{
#define X(name, word, sentence) word,
    static const char *const words[] = {REQUEST_STATES(X)};
#undef X
    return words[value];
}
static const char *direction_word(int value)
{
    return value ? "out" : "in";
}
static const char *method_word(int cash)
{
    return cash ? "TM" : "CK";
}

#define AT(member) offsetof(struct ROW, member)
#define TEXT(name, member)                  \
    {                                       \
        name, COLUMN_TEXT, AT(member), NULL \
    }
#define FILLED(name, member)                  \
    {                                         \
        name, COLUMN_FILLED, AT(member), NULL \
    }
#define NAME(name, member)                  \
    {                                       \
        name, COLUMN_NAME, AT(member), NULL \
    }
#define LONG(name, member)                  \
    {                                       \
        name, COLUMN_LONG, AT(member), NULL \
    }
#define BYTES(name, member)                  \
    {                                        \
        name, COLUMN_BYTES, AT(member), NULL \
    }
#define I64(name, member)                  \
    {                                      \
        name, COLUMN_I64, AT(member), NULL \
    }
#define TIME(name, member)                  \
    {                                       \
        name, COLUMN_TIME, AT(member), NULL \
    }
#define INT(name, member)                  \
    {                                      \
        name, COLUMN_INT, AT(member), NULL \
    }
#define I16(name, member)                  \
    {                                      \
        name, COLUMN_I16, AT(member), NULL \
    }
#define BOOL(name, member)                  \
    {                                       \
        name, COLUMN_BOOL, AT(member), NULL \
    }
#define WORDS(name, member, word)           \
    {                                       \
        name, COLUMN_WORD, AT(member), word \
    }
#define WORDS8(name, member, word)           \
    {                                        \
        name, COLUMN_WORD8, AT(member), word \
    }
#define NUMBER(name)                 \
    {                                \
        name, COLUMN_NUMBER, 0, NULL \
    }
#define TABLE(member, name)    offsetof(struct memory, member), name, false
#define MESSAGES(member, name) offsetof(struct memory, member), name, true

const struct export_table export_tables[] = {
#define ROW operator_row
    {TABLE(operator_, "operator"), {TEXT("id", id), TEXT("name", name)}},
#undef ROW
#define ROW lot_row
    {TABLE(lot, "lot"),
     {TEXT("id", id), TEXT("operator", operator_id), TEXT("name", name), TEXT("address", address),
      TEXT("ward", ward), TEXT("bin", bin), TEXT("account", account),
      TEXT("account_name", account_name), I64("capacity_car", capacity_car),
      I64("capacity_motorbike", capacity_motorbike)}},
#undef ROW
#define ROW gate_row
    {TABLE(gate, "gate"),
     {TEXT("id", id), NAME("lot", lot), I64("generation", generation), I64("high", high),
      I64("boot", boot), TEXT("version", version), I64("seen_ms", seen_ms), BOOL("online", online),
      LONG("status", status)}},
#undef ROW
#define ROW event_row
    {MESSAGES(event, "event"),
     {NAME("gate", gate), I64("generation", generation), I64("seq", seq), TEXT("id", id),
      NAME("type", type), INT("lane", lane), TEXT("session", session), I64("wall_ms", wall_ms),
      I64("received_ms", received_ms), NAME("outcome", outcome), LONG("body", body)}},
#undef ROW
#define ROW parked_row
    {TABLE(parked, "parked"),
     {NAME("gate", gate), I64("generation", generation), I64("seq", seq), LONG("body", body)}},
#undef ROW
#define ROW quarantine_row
    {MESSAGES(quarantine, "quarantine"),
     {NUMBER("id"), I64("received_ms", received_ms), TEXT("source", source), TEXT("reason", reason),
      BYTES("bytes", bytes), TEXT("digest", digest), I64("times", times), I64("last_ms", last_ms)}},
#undef ROW
#define ROW session_row
    {TABLE(session, "session"),
     {TEXT("id", id),
      NAME("lot", lot),
      WORDS8("state", state, state_word),
      WORDS8("vehicle", vehicle, vehicle_word),
      WORDS8("subject", kind, kind_word),
      TEXT("key", key),
      TEXT("raw", raw),
      TEXT("last4", last4),
      NAME("gate_in", gate_in),
      I16("lane_in", lane_in),
      I64("arrived_ms", arrived_ms),
      TIME("entered_ms", entered_ms),
      TIME("asked_ms", asked_ms),
      NAME("gate_out", gate_out),
      I16("lane_out", lane_out),
      TIME("left_ms", left_ms),
      {"permit", COLUMN_PERMIT, 0, NULL},
      I64("fee_vnd", fee_vnd),
      I64("paid_vnd", paid_vnd),
      TIME("paid_ms", paid_ms),
      TEXT("code", code),
      TEXT("token", token),
      BOOL("inferred", inferred),
      I64("updated_ms", updated_ms)}},
#undef ROW
#define ROW quote_row
    {TABLE(quote, "quote"),
     {TEXT("id", id), TEXT("session", session), TEXT("ask", ask), INT("lane", lane),
      I64("made_ms", made_ms), I64("priced_to_ms", priced_to_ms), I64("fee_vnd", fee_vnd),
      I64("due_vnd", due_vnd), I64("valid_until_ms", valid_until_ms), NAME("tariff", tariff),
      NAME("digest", digest), LONG("lines", lines)}},
#undef ROW
#define ROW review_row
    {TABLE(review, "review"),
     {NUMBER("id"), WORDS("kind", kind, review_word), NAME("lot", lot), NAME("gate", gate),
      INT("lane", lane), TEXT("session", session), TEXT("credit", credit), LONG("cause", cause),
      LONG("detail", detail), I64("opened_ms", opened_ms), TIME("closed_ms", closed_ms),
      NAME("closed_by", by)}},
#undef ROW
#define ROW inbox_row
    {MESSAGES(inbox, "bank_inbox"),
     {NUMBER("id"), NAME("provider", provider), I64("received_ms", received_ms),
      BYTES("body", body), WORDS8("state", state, notice_word), NAME("reason", reason),
      WORDS("source", source, source_word), TEXT("digest", digest), TIME("statement", statement),
      INT("line", line)}},
#undef ROW
#define ROW credit_row
    {TABLE(credit, "bank_credit"),
     {TEXT("id", id),
      NAME("provider", provider),
      TEXT("provider_tx", provider_tx),
      NAME("account", account),
      TEXT("bank_ref", bank_ref),
      {"direction", COLUMN_WORD8, AT(out), direction_word},
      I64("amount_vnd", amount_vnd),
      I64("booked_ms", booked_ms),
      I64("received_ms", received_ms),
      LONG("content", content),
      TEXT("code", code),
      FILLED("session", session),
      WORDS("verdict", verdict, verdict_word),
      {"inbox", COLUMN_NOTICE, AT(inbox), NULL},
      BOOL("date_only", date_only)}},
#undef ROW
#define ROW source_row
    {TABLE(source, "bank_source"),
     {TEXT("credit", credit), WORDS("source", source, source_word), NAME("provider", provider),
      TEXT("provider_tx", provider_tx), I64("inbox", inbox), I64("first_ms", first_ms),
      I64("last_ms", last_ms), I64("times", times), TIME("balance_vnd", balance_vnd),
      TEXT("bank_ref", bank_ref)}},
#undef ROW
#define ROW cursor_row
    {TABLE(cursor, "bank_cursor"),
     {NAME("provider", provider), NAME("name", name), I64("value", value), I64("at_ms", at_ms)}},
#undef ROW
#define ROW outbox_row
    {MESSAGES(outbox, "outbox"),
     {TEXT("id", id), NAME("gate", gate), INT("lane", lane), NAME("type", type),
      TEXT("session", session), TEXT("ask", ask), LONG("body", body), I64("made_ms", made_ms),
      I64("next_ms", next_ms), TIME("expires_ms", expires_ms), I64("attempts", attempts),
      TIME("done_ms", done_ms)}},
#undef ROW
#define ROW command_row
    {TABLE(command, "command"),
     {TEXT("id", id), NAME("gate", gate), INT("lane", lane), NAME("action", action),
      LONG("reason", reason), NAME("by", by), I64("made_ms", made_ms),
      I64("deadline_ms", deadline_ms), NAME("outcome", outcome), LONG("text", text),
      TIME("done_ms", done_ms)}},
#undef ROW
#define ROW alarm_row
    {TABLE(alarm, "alarm"),
     {NUMBER("id"), NAME("lot", lot), NAME("gate", gate), INT("lane", lane), NAME("code", code),
      LONG("detail", detail), I64("raised_ms", raised_ms), TIME("cleared_ms", cleared_ms)}},
#undef ROW
#define ROW request_row
    {TABLE(request, "stay_request"),
     {TEXT("id", id), TEXT("session", session), NAME("kind", kind), I64("amount_vnd", amount_vnd),
      I64("debt_vnd", debt_vnd), I64("fee_vnd", fee_vnd), LONG("lines", lines), TEXT("code", code),
      NAME("bin", bin), NAME("account", account), LONG("payload", payload), I64("made_ms", made_ms),
      I64("promise_ms", promise_ms), WORDS8("state", state, request_word), TEXT("credit", credit),
      TIME("closed_ms", closed_ms)}},
#undef ROW
#define ROW applied_row
    {TABLE(applied, "credit_applied"),
     {TEXT("credit", credit), TEXT("session", session), I64("amount_vnd", amount_vnd),
      I64("back_vnd", back_vnd)}},
#undef ROW
#define ROW back_row
    {TABLE(back, "credit_back"), {TEXT("credit", credit), TEXT("out_credit", out_credit)}},
#undef ROW
#define ROW refund_row
    {TABLE(refund, "refund"),
     {TEXT("id", refund.id),
      TEXT("lot", refund.lot),
      TEXT("session", refund.session),
      TEXT("credit", refund.credit),
      TEXT("cause", refund.cause),
      I64("amount_vnd", refund.amount_vnd),
      TEXT("code", refund.code),
      BOOL("granted", refund.granted),
      WORDS("state", refund.state, refund_word),
      TEXT("reason", refund.reason),
      TEXT("requested_by", refund.requested_by),
      I64("requested_ms", requested_ms),
      TEXT("linked_by", refund.linked_by),
      I64("link", refund.link),
      TEXT("approved_by", refund.approved_by),
      TIME("approved_ms", approved_ms),
      TEXT("sent_by", refund.sent_by),
      TIME("sent_ms", sent_ms),
      TEXT("bank_ref", refund.bank_ref),
      TEXT("confirmed_by", confirmed_by),
      TIME("confirmed_ms", confirmed_ms),
      TEXT("cancelled_by", cancelled_by),
      TIME("cancelled_ms", cancelled_ms),
      TEXT("cancel_reason", cancel_reason)}},
#undef ROW
#define ROW refund_account_row
    {TABLE(refund_account, "refund_account"),
     {TEXT("refund", refund), TEXT("bin", bin), BYTES("sealed", sealed), I64("given_ms", given_ms),
      TIME("erase_ms", erase_ms)}},
#undef ROW
#define ROW debt_offer_row
    {TABLE(debt_offer, "debt_offer"),
     {TEXT("session", session), TEXT("debt", debt), I64("due_vnd", due_vnd),
      I64("made_ms", made_ms)}},
#undef ROW
#define ROW unlogged_row
    {TABLE(unlogged, "unlogged"),
     {TEXT("event", event), NAME("lot", lot), NAME("gate", gate), INT("lane", lane),
      NAME("code", code), TEXT("session", session), I64("at_ms", at_ms)}},
#undef ROW
#define ROW shift_row
    {TABLE(shift, "shift"),
     {TEXT("id", shift.id), TEXT("lot", shift.lot), TEXT("gate", shift.gate), TEXT("by", shift.by),
      I64("opened_ms", shift.opened), I64("float_vnd", shift.float_vnd),
      TEXT("previous", shift.previous), I64("taken_over_vnd", shift.taken_over_vnd),
      BOOL("inferred", shift.inferred), TEXT("event", shift.event)}},
#undef ROW
#define ROW shift_close_row
    {TABLE(shift_close, "shift_close"),
     {TEXT("shift", shift), TEXT("by", by), I64("closed_ms", closed_ms),
      I64("counted_vnd", counted_vnd), I64("expected_vnd", expected_vnd), I64("told_vnd", told_vnd),
      LONG("text", text), TEXT("event", event)}},
#undef ROW
#define ROW difference_row
    {TABLE(difference, "shift_difference"),
     {NUMBER("id"), TEXT("shift", shift), I64("at_ms", at_ms), I64("amount_vnd", amount_vnd),
      TEXT("reason", reason), TEXT("event", event)}},
#undef ROW
#define ROW cash_row
    {TABLE(cash, "cash_taken"),
     {TEXT("event", event), NAME("lot", lot), NAME("gate", gate), TEXT("shift", shift),
      TEXT("receipt", receipt), TEXT("session", session), NAME("by", by), I64("taken_ms", taken_ms),
      I64("amount_vnd", amount_vnd), I64("applied_vnd", applied_vnd), I64("refund_vnd", refund_vnd),
      WORDS("verdict", verdict, verdict_word)}},
#undef ROW
#define ROW cash_move_row
    {TABLE(cash_move, "cash_moved"),
     {TEXT("id", move.id), WORDS("kind", move.move, move_word), TEXT("lot", move.lot),
      TEXT("operator", move.operator_id), TEXT("shift", move.shift),
      I64("amount_vnd", move.amount_vnd), TEXT("by", move.by), I64("at_ms", move.at),
      FILLED("code", move.code)}},
#undef ROW
#define ROW correction_row
    {TABLE(correction, "occupancy_correction"),
     {TEXT("event", event), NAME("lot", lot), NAME("gate", gate),
      WORDS("vehicle", vehicle, vehicle_word), INT("count_from", count_from),
      INT("count_to", count_to), NAME("by", by), LONG("text", text), I64("at_ms", at_ms)}},
#undef ROW
#define ROW listed_row
    {TABLE(listed, "lot_list"),
     {NUMBER("id"), NAME("lot", lot), WORDS("list", entry.list, list_word),
      WORDS("kind", entry.kind, kind_word), WORDS("vehicle", entry.vehicle, vehicle_word),
      TEXT("key", entry.key), TIME("until_ms", entry.until), LONG("reason", reason),
      I64("added_ms", added_ms), NAME("added_by", by), TIME("removed_ms", removed_ms),
      NAME("removed_by", removed_by)}},
#undef ROW
#define ROW list_version_row
    {TABLE(list_version, "lot_list_version"), {NUMBER("version"), I64("at_ms", at_ms)}},
#undef ROW
#define ROW config_row
    {TABLE(config, "lot_config"),
     {NAME("lot", lot), I64("version", version), TEXT("content", content)}},
#undef ROW
#define ROW offline_quote_row
    {TABLE(offline_quote, "offline_quote"),
     {TEXT("event", event), NAME("lot", lot), NAME("gate", gate), INT("lane", lane),
      TEXT("session", session), I64("at_ms", at_ms), I64("received_ms", received_ms),
      I64("gate_fee_vnd", gate_fee_vnd), I64("server_fee_vnd", server_fee_vnd),
      I64("gate_due_vnd", gate_due_vnd), I64("gate_entered_ms", gate_entered_ms),
      I64("server_entered_ms", server_entered_ms), NAME("gate_tariff", gate_tariff),
      NAME("server_tariff", server_tariff), TEXT("paycode", paycode),
      NAME("difference", difference)}},
#undef ROW
#define ROW session_code_row
    {TABLE(session_code, "session_code"),
     {TEXT("code", code), TEXT("session", session), TEXT("event", event)}},
#undef ROW
#define ROW event_time_row
    {TABLE(event_time, "event_time"),
     {TEXT("event", event), TEXT("session", session), I64("said_ms", said_ms),
      I64("taken_ms", taken_ms), I64("corrected_ms", corrected_ms), TEXT("cause", cause)}},
#undef ROW
#define ROW tariff_row
    {TABLE(tariff, "tariff_published"),
     {NUMBER("id"), NAME("lot", lot), WORDS("vehicle", vehicle, vehicle_word), NAME("name", name),
      I64("from_ms", from_ms), I64("made_ms", made_ms), NAME("by", by), LONG("text", text)}},
#undef ROW
#define ROW pass_row
    {TABLE(pass, "pass"),
     {TEXT("id", pass.id), TEXT("lot", pass.lot), TEXT("name", pass.name),
      WORDS("vehicle", pass.vehicle, vehicle_word), INT("quota", pass.quota),
      TEXT("holder", pass.holder), I64("made_ms", pass.made), TEXT("made_by", pass.by)}},
#undef ROW
#define ROW pass_lot_row
    {TABLE(pass_lot, "pass_lot"), {TEXT("pass", pass), NAME("lot", lot)}},
#undef ROW
#define ROW pass_plate_row
    {TABLE(pass_plate, "pass_plate"),
     {NUMBER("id"), TEXT("pass", pass), TEXT("plate", plate), I64("from_ms", from_ms),
      TIME("until_ms", until_ms), TEXT("by", by)}},
#undef ROW
#define ROW pass_hold_row
    {TABLE(pass_hold, "pass_hold"),
     {NUMBER("id"), TEXT("pass", pass), I64("from_ms", from_ms), TIME("until_ms", until_ms),
      LONG("reason", reason), TEXT("by", by)}},
#undef ROW
#define ROW pass_change_row
    {TABLE(pass_change, "pass_change"),
     {NUMBER("version"), TEXT("pass", pass), TEXT("what", what), I64("at_ms", at_ms),
      TEXT("by", by)}},
#undef ROW
#define ROW period_row
    {TABLE(period, "pass_period"),
     {TEXT("id", row.period.id), TEXT("pass", row.period.pass), I64("from_ms", row.period.from),
      I64("until_ms", row.period.until), INT("months", row.period.months),
      I64("price_vnd", row.period.price_vnd), I64("made_ms", row.made), TEXT("made_by", row.by),
      I64("paid_vnd", row.period.paid_vnd), TIME("covers_ms", row.period.covers),
      INT("earned", row.period.earned), TEXT("code", row.code), TEXT("token", row.token)}},
#undef ROW
#define ROW pass_use_row
    {TABLE(pass_use, "pass_use"),
     {TEXT("session", session), TEXT("pass", pass), I64("made_ms", made_ms)}},
#undef ROW
#define ROW etc_link_row
    {TABLE(etc_link, "etc_link"),
     {TEXT("id", link.id), TEXT("plate", link.plate), WORDS("vehicle", link.vehicle, vehicle_word),
      TEXT("provider", link.provider), TEXT("tag", link.tag), I64("opened_ms", link.opened),
      TEXT("opened_by", link.opened_by), TIME("closed_ms", link.closed),
      TEXT("closed_by", closed_by)}},
#undef ROW
#define ROW etc_charge_row
    {TABLE(etc_charge, "etc_charge"),
     {TEXT("id", charge.id), TEXT("session", charge.session), TEXT("lot", charge.lot),
      TEXT("operator", charge.operator_id), INT("lane", charge.lane), TEXT("ask", charge.ask),
      TEXT("provider", charge.provider), TEXT("plate", charge.plate), TEXT("tag", charge.tag),
      I64("amount_vnd", charge.amount_vnd), WORDS("state", charge.state, etc_word),
      TEXT("reference", charge.reference), I64("made_ms", charge.made),
      I64("attempts", charge.attempts), TIME("next_ms", charge.next), TEXT("answer", charge.answer),
      I64("applied_vnd", charge.applied_vnd), TIME("captured_ms", captured_ms),
      TEXT("settled", settled)}},
#undef ROW
#define ROW etc_refund_row
    {TABLE(etc_refund, "etc_refund"),
     {TEXT("id", refund.id), TEXT("charge", refund.charge), I64("amount_vnd", refund.amount_vnd),
      TEXT("state", refund.state), TEXT("reference", refund.reference), I64("made_ms", refund.made),
      I64("attempts", refund.attempts), TIME("next_ms", refund.next), TEXT("answer", refund.answer),
      TEXT("settled", settled)}},
#undef ROW
#define ROW invoice_row
    {TABLE(invoice, "invoice"),
     {TEXT("id", invoice.id),
      TEXT("operator", invoice.payment.operator_id),
      TEXT("lot", invoice.payment.lot),
      TEXT("session", invoice.payment.session),
      TEXT("tx", invoice.payment.tx),
      TEXT("replaces", invoice.replaces),
      I64("made_ms", invoice.made),
      INT("template", invoice.template_),
      TEXT("series", invoice.series),
      TEXT("service", invoice.service),
      TEXT("unit", invoice.unit),
      I64("quantity", invoice.quantity),
      I64("price_vnd", invoice.price_vnd),
      I64("net_vnd", invoice.split.net_vnd),
      TEXT("vat", invoice.vat),
      I64("vat_vnd", invoice.split.vat_vnd),
      I64("total_vnd", invoice.payment.gross_vnd),
      WORDS8("method", invoice.payment.cash, method_word),
      I64("paid_ms", invoice.payment.paid),
      TEXT("plate", invoice.payment.plate),
      TEXT("buyer_name", invoice.buyer.name),
      TEXT("buyer_tax", invoice.buyer.tax_code),
      TEXT("buyer_address", invoice.buyer.address),
      TEXT("buyer_email", invoice.buyer.email),
      WORDS("state", invoice.state, invoice_word),
      TIME("number", invoice.number),
      TEXT("code", invoice.code),
      TEXT("lookup", invoice.lookup),
      TEXT("provider_id", invoice.provider_id),
      I64("attempts", invoice.attempts),
      I64("next_ms", invoice.next),
      TEXT("answer", invoice.answer)}},
#undef ROW
};
const int export_table_count = sizeof export_tables / sizeof export_tables[0];
