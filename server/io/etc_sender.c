#include "server/io/etc_sender.h"

#include "proto/io/clock_os.h"
#include "proto/io/json.h"
#include "proto/io/log.h"

enum { LOOK_MS = 250, BODY_CAP = 2048, TIMEOUT_MS = 8000 };

/* ---- the answer ---- */

void etc_read_answer(int status, struct str body, struct etc_answer *ret_answer)
{
    static const struct {
        const char *word;
        enum etc_reply reply;
    } words[] = {{"authorized", ETC_REPLY_AUTHORIZED},
                 {"captured", ETC_REPLY_CAPTURED},
                 {"voided", ETC_REPLY_VOIDED},
                 {"declined", ETC_REPLY_DECLINED},
                 {"unknown", ETC_REPLY_UNKNOWN_ID}};
    struct etc_answer a = {.reply = ETC_REPLY_NONE};
    struct jdoc *root = NULL;
    char state[24] = "";
    if (status == 0) {
        str_copy_cut(a.text, sizeof a.text, STR("no answer"));
    } else if (status != 200 || jdoc_read(body, &root, NULL) != 0) {
        snprintf(a.text, sizeof a.text, "HTTP %d", status);
    } else {
        asker_take_text(root, "state", state, sizeof state);
        asker_take_text(root, "reference", a.reference, sizeof a.reference);
        asker_take_text(root, "reason", a.text, sizeof a.text);
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            a.reply = strcmp(state, words[i].word) == 0 ? words[i].reply : a.reply;
        }
    }
    jdoc_release(root);
    *ret_answer = a;
}

/* ---- a question ---- */

static const struct server_etc *find_provider(const struct server_config *c, const char *id)
{
    for (int i = 0; i < c->etc_count; i++) {
        if (strcmp(c->etc[i].id, id) == 0) {
            return &c->etc[i];
        }
    }
    return NULL;
}

/* *ret_status 0: no answer; `ret_body` is cut to its space. */
static bool post(const struct asker_tools *t, const char *provider, const char *id, struct str body,
                 int *ret_status, char ret_body[BODY_CAP])
{
    struct fetch_answer got;
    const struct server_etc *to = find_provider(t->config, provider);
    *ret_status = 0;
    ret_body[0] = '\0';
    if (!to) {
        return true; /* not configured any more: it stays unknown, and is asked again */
    }
    if (asker_post(t->asker, to->url, to->key, id, body, TIMEOUT_MS, &got) != 0) {
        return false;
    }
    *ret_status = got.status;
    str_copy_cut(ret_body, BODY_CAP, (struct str){got.body, got.n});
    fetch_answer_free(&got);
    return true;
}

static void ask_charge(const struct asker_tools *t, const struct etc_charge *c)
{
    char space[BODY_CAP];
    char body[BODY_CAP];
    struct out out;
    struct etc_answer answer;
    int status;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_c(&out, "id", c->id);
    json_c(&out, "op", etc_op_text(etc_next_op(c->state)));
    json_c(&out, "plate", c->plate);
    json_c(&out, "tag", c->tag);
    json_i64(&out, "amount_vnd", c->amount_vnd);
    json_c(&out, "lot", c->lot);
    json_i64(&out, "lane", c->lane);
    json_object_end(&out);
    if (out_failed(&out) || !post(t, c->provider, c->id, out_str(&out), &status, body)) {
        return;
    }
    etc_read_answer(status, str_c(body), &answer);
    int error = app_etc_answer(t->app, c->id, &answer);
    if (error) {
        log_warn("etc.answer", "charge=%s error=%s", c->id, dx_error_name(error));
    }
}

static void ask_refund(const struct asker_tools *t, const struct etc_refund *r)
{
    char space[BODY_CAP];
    char body[BODY_CAP];
    struct out out;
    struct etc_charge c;
    struct jdoc *root = NULL;
    char state[24] = "", reference[ETC_REFERENCE_CAP] = "", text[ETC_ANSWER_CAP] = "";
    int status;
    if (store_get_etc_charge(t->store, r->charge, &c) != 0) {
        return;
    }
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_c(&out, "id", r->id);
    json_c(&out, "op", etc_op_text(ETC_REFUND));
    json_c(&out, "charge", r->charge);
    json_i64(&out, "amount_vnd", r->amount_vnd);
    json_object_end(&out);
    if (out_failed(&out) || !post(t, c.provider, r->id, out_str(&out), &status, body)) {
        return;
    }
    if (status == 200 && jdoc_read(str_c(body), &root, NULL) == 0) {
        asker_take_text(root, "state", state, sizeof state);
        asker_take_text(root, "reference", reference, sizeof reference);
        asker_take_text(root, "reason", text, sizeof text);
    }
    jdoc_release(root);
    int error = app_etc_refund_answer(t->app, r->id, strcmp(state, "refunded") == 0,
                                      strcmp(state, "declined") == 0, reference, text);
    if (error) {
        log_warn("etc.refund", "refund=%s error=%s", r->id, dx_error_name(error));
    }
}

/* A few at each look: what could not be kept must not be asked in a circle. */
static void look(const struct asker_tools *t)
{
    enum { AT_ONCE = 16 };
    struct etc_charge charge;
    struct etc_refund refund;
    for (int i = 0; i < AT_ONCE && store_due_etc_charge(t->store, clock_wall(), &charge) == 0;
         i++) {
        ask_charge(t, &charge);
    }
    for (int i = 0; i < AT_ONCE && store_due_etc_refund(t->store, clock_wall(), &refund) == 0;
         i++) {
        ask_refund(t, &refund);
    }
}

int etc_sender_start(const struct server_config *config, struct app *app, struct asker **ret_asker)
{
    *ret_asker = NULL;
    return config->etc_count == 0 ? 0 : asker_start(config, app, LOOK_MS, look, ret_asker);
}
