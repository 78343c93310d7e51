#include "server/office/feedback.h"

#include "proto/io/log.h"
#include "server/app/ask.h"
#include "server/app/desk.h"

struct cargo {
    char token[TOKEN_CAP];
    int score;
    int64_t asked_vnd;
    char text[COMPLAINT_TEXT_CAP];
};

static int load(struct desk *desk, const char *token, struct session *ret_session)
{
    int error = store_get_session_by_token(desk->store, str_c(token), ret_session);
    if (!error &&
        (ret_session->state == SESSION_ARRIVING || ret_session->state == SESSION_BACKED_OUT)) {
        error = DX_E_STATE;
    }
    return error;
}

static int on_rate(struct desk *desk, void *context)
{
    const struct cargo *c = context;
    struct session session;
    int error = load(desk, c->token, &session);
    error =
        error ? error : store_put_rating(desk->store, session.id, session.lot, c->score, desk->now);
    if (!error) {
        desk_tell(desk, CHANGE_SESSION, NULL, 0, &session, "", "rated");
    }
    return error;
}

/* What the price list makes of the stay now; of one that ended it is settled. */
static int find_fee(struct desk *desk, const struct session *session, int64_t *ret_vnd)
{
    struct payment_terms terms = {0};
    struct payment_quote quote;
    const struct app_lot *lot = desk_find_lot(desk, session->lot);
    *ret_vnd = session->fee_vnd;
    if (session_is_ended(session->state) || !lot) {
        return 0;
    }
    int error = desk_terms(desk, lot, session, &terms);
    if (!error) {
        payment_quote(session, &terms, desk->now, desk->now, &quote);
        *ret_vnd = quote.fee_vnd;
    }
    return error;
}

static int write_complaint(struct desk *desk, const struct cargo *c, const struct session *session,
                           int64_t fee_vnd)
{
    struct store_complaint complaint = {.session = session->id,
                                        .lot = session->lot,
                                        .asked_vnd = c->asked_vnd,
                                        .fee_vnd = fee_vnd,
                                        .text = c->text};
    struct review review = {.kind = REVIEW_COMPLAINT};
    desk_ulid(desk, complaint.id);
    /* The driver's words stay in the complaint: a plate may stand in them. */
    snprintf(review.detail, sizeof review.detail, "asked %lld, fee %lld", (long long)c->asked_vnd,
             (long long)fee_vnd);
    const struct store_review where = {.lot = session->lot,
                                       .gate = "",
                                       .session = session->id,
                                       .credit = "",
                                       .cause = complaint.id};
    int error = store_add_complaint(desk->store, &complaint, desk->now);
    error = error ? error : desk_review(desk, &where, &review);
    if (!error) {
        log_info("feedback.complaint", "lot=%s", session->lot);
        desk_tell(desk, CHANGE_SESSION, NULL, 0, session, "", "complaint");
    }
    return error;
}

static int on_complain(struct desk *desk, void *context)
{
    const struct cargo *c = context;
    struct session session;
    bool waits = false;
    int64_t fee_vnd = 0;
    int error = load(desk, c->token, &session);
    error = error ? error : store_has_open_complaint(desk->store, session.id, &waits);
    if (!error && waits) {
        error = DX_E_EXISTS;
    }
    error = error ? error : find_fee(desk, &session, &fee_vnd);
    return error ? error : write_complaint(desk, c, &session, fee_vnd);
}

int feedback_rate(struct app *app, struct str token, int score)
{
    struct cargo cargo = {.score = score};
    if (score < 1 || score > FEEDBACK_SCORE_MAX) {
        return DX_E_INVAL;
    }
    if (str_copy(cargo.token, sizeof cargo.token, token) != 0) {
        return DX_E_NOT_FOUND;
    }
    return app_run_script(app, on_rate, &cargo, sizeof cargo);
}

int feedback_complain(struct app *app, struct str token, int64_t asked_vnd, struct str text)
{
    struct cargo cargo = {.asked_vnd = asked_vnd};
    if (asked_vnd < 1 || asked_vnd > MONEY_MAX_VND || !str_is_utf8(text)) {
        return DX_E_INVAL;
    }
    if (str_copy(cargo.token, sizeof cargo.token, token) != 0) {
        return DX_E_NOT_FOUND;
    }
    str_copy_cut(cargo.text, sizeof cargo.text, str_trim(text));
    return app_run_script(app, on_complain, &cargo, sizeof cargo);
}
