#include "sim/live/etc_provider.h"

#include "proto/base/check.h"
#include "proto/base/out.h"
#include "proto/base/prng.h"
#include "proto/io/http_srv.h"
#include "proto/io/json.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHARGES_MAX = 4096, ACCOUNTS_MAX = 64 };

struct charge {
    char id[27];
    int account;
    int64_t amount_vnd;
    const char *state; /* authorized captured voided declined refunded */
    const char *reason;
    char reference[24];
    bool refund;
};

struct account {
    char plate[41], tag[25];
    int64_t balance_vnd;
};

struct etc_provider {
    struct http_srv *srv;
    const char *key;
    int silent_permille;
    struct prng dice;
    pthread_mutex_t lock;
    int asked, charge_count, account_count;
    struct account account[ACCOUNTS_MAX];
    struct charge charge[CHARGES_MAX];
};

static struct charge *find(struct etc_provider *p, struct str id)
{
    for (int i = 0; i < p->charge_count; i++) {
        if (str_eq_c(id, p->charge[i].id)) {
            return &p->charge[i];
        }
    }
    return NULL;
}

static struct charge *add(struct etc_provider *p, struct str id)
{
    must(p->charge_count < CHARGES_MAX);
    struct charge *c = &p->charge[p->charge_count++];
    memset(c, 0, sizeof *c);
    str_copy_cut(c->id, sizeof c->id, id);
    snprintf(c->reference, sizeof c->reference, "ETC%08d", p->charge_count);
    c->reason = "";
    return c;
}

static int find_account(const struct etc_provider *p, struct str plate)
{
    for (int i = 0; i < p->account_count; i++) {
        if (str_eq_c(plate, p->account[i].plate)) {
            return i;
        }
    }
    return -1;
}

static struct charge *authorize(struct etc_provider *p, struct str id, const struct jdoc *root)
{
    struct str plate = STR(""), tag = STR("");
    int64_t amount = 0;
    struct charge *c = find(p, id);
    if (c) {
        return c;
    }
    (void)!jdoc_get_str(root, "plate", &plate);
    (void)!jdoc_get_str(root, "tag", &tag);
    (void)!jdoc_get_i64_in(root, "amount_vnd", 1, INT64_C(1000000000), &amount);
    c = add(p, id);
    c->account = find_account(p, plate);
    c->amount_vnd = amount;
    c->state = "declined";
    if (c->account < 0 || amount == 0) {
        c->reason = "no_account";
    } else if (tag.n && p->account[c->account].tag[0] &&
               !str_eq_c(tag, p->account[c->account].tag)) {
        c->reason = "mismatch";
    } else if (p->account[c->account].balance_vnd < amount) {
        c->reason = "insufficient";
    } else {
        p->account[c->account].balance_vnd -= amount; /* reserved */
        c->state = "authorized";
    }
    return c;
}

static struct charge *refund(struct etc_provider *p, struct str id, const struct jdoc *root)
{
    struct str of = STR("");
    int64_t amount = 0;
    struct charge *r = find(p, id);
    if (r) {
        return r;
    }
    (void)!jdoc_get_str(root, "charge", &of);
    (void)!jdoc_get_i64_in(root, "amount_vnd", 1, INT64_C(1000000000), &amount);
    const struct charge *c = find(p, of);
    bool good = c && strcmp(c->state, "captured") == 0 && amount <= c->amount_vnd;
    int account = good ? c->account : 0;
    r = add(p, id);
    r->refund = true;
    r->account = account;
    r->amount_vnd = amount;
    r->state = good ? "refunded" : "declined";
    if (good) {
        p->account[account].balance_vnd += amount;
    }
    return r;
}

static struct charge *act(struct etc_provider *p, struct str op, struct str id,
                          const struct jdoc *root)
{
    struct charge *c = find(p, id);
    if (str_eq_c(op, "authorize")) {
        return authorize(p, id, root);
    }
    if (str_eq_c(op, "refund")) {
        return refund(p, id, root);
    }
    if (c && str_eq_c(op, "capture") && strcmp(c->state, "authorized") == 0) {
        c->state = "captured";
    }
    if (c && str_eq_c(op, "void") && strcmp(c->state, "authorized") == 0) {
        c->state = "voided";
        p->account[c->account].balance_vnd += c->amount_vnd;
    }
    return c;
}

static void answer(struct http_response *response, const struct charge *c)
{
    char space[256];
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_c(&out, "state", c ? c->state : "unknown");
    json_c(&out, "reference", c ? c->reference : "");
    json_c(&out, "reason", c ? c->reason : "this id is not known");
    json_object_end(&out);
    http_answer_json(response, 200, out_str(&out));
}

static void take(struct etc_provider *p, const struct http_request *request,
                 struct http_response *response)
{
    struct jdoc *root = NULL;
    struct str op = STR(""), id = STR("");
    bool silent = prng_chance(&p->dice, p->silent_permille);
    bool before = prng_chance(&p->dice, 500);
    p->asked++;
    if (silent && before) {
        http_answer_error(response, 503, "busy", "not done");
        return;
    }
    if (jdoc_read(request->body, &root, NULL) != 0 || jdoc_get_str(root, "op", &op) != 0 ||
        jdoc_get_str(root, "id", &id) != 0 || id.n != 26) {
        http_answer_error(response, 400, "request", "id and op are needed");
    } else {
        const struct charge *c = act(p, op, id, root);
        if (silent) {
            http_answer_error(response, 504, "gateway", "done, and nobody was told");
        } else {
            answer(response, c);
        }
    }
    jdoc_release(root);
}

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct etc_provider *p = context;
    char wanted[320];
    snprintf(wanted, sizeof wanted, "Bearer %s", p->key ? p->key : "");
    if (p->key && !str_eq_c(http_header(request, "Authorization"), wanted)) {
        http_answer_error(response, 401, "key", "the bearer token is wrong");
        return;
    }
    pthread_mutex_lock(&p->lock);
    take(p, request, response);
    pthread_mutex_unlock(&p->lock);
}

int etc_provider_start(const struct etc_provider_options *options,
                       struct etc_provider **ret_provider)
{
    struct etc_provider *p = calloc(1, sizeof *p);
    if (!p) {
        return DX_E_MEMORY;
    }
    must(options->account_count <= ACCOUNTS_MAX);
    p->key = options->key;
    p->silent_permille = options->silent_permille;
    prng_init(&p->dice, options->seed);
    pthread_mutex_init(&p->lock, NULL);
    p->account_count = options->account_count;
    for (int i = 0; i < p->account_count; i++) {
        str_copy_cut(p->account[i].plate, sizeof p->account[i].plate,
                     str_c(options->accounts[i].plate));
        str_copy_cut(p->account[i].tag, sizeof p->account[i].tag, str_c(options->accounts[i].tag));
        p->account[i].balance_vnd = options->accounts[i].balance_vnd;
    }
    const struct http_config config = {.listen = options->listen,
                                       .body_max = 16 * 1024,
                                       .connection_max = 16,
                                       .context = p,
                                       .handle = handle};
    int error = http_srv_start(&config, &p->srv);
    if (error) {
        pthread_mutex_destroy(&p->lock);
        free(p);
        return error;
    }
    *ret_provider = p;
    return 0;
}

void etc_provider_stop(struct etc_provider *p)
{
    if (p) {
        http_srv_stop(p->srv);
        pthread_mutex_destroy(&p->lock);
        free(p);
    }
}

int etc_provider_port(const struct etc_provider *provider)
{
    return http_srv_port(provider->srv);
}

int64_t etc_provider_balance(struct etc_provider *p, const char *plate)
{
    pthread_mutex_lock(&p->lock);
    int account = find_account(p, str_c(plate));
    int64_t balance = account < 0 ? -1 : p->account[account].balance_vnd;
    pthread_mutex_unlock(&p->lock);
    return balance;
}

void etc_provider_count(struct etc_provider *p, int64_t *ret_taken_vnd, int64_t *ret_refunded_vnd,
                        int *ret_asked)
{
    int64_t taken = 0, refunded = 0;
    pthread_mutex_lock(&p->lock);
    for (int i = 0; i < p->charge_count; i++) {
        const struct charge *c = &p->charge[i];
        taken += strcmp(c->state, "captured") == 0 ? c->amount_vnd : 0;
        refunded += strcmp(c->state, "refunded") == 0 ? c->amount_vnd : 0;
    }
    *ret_asked = p->asked;
    pthread_mutex_unlock(&p->lock);
    *ret_taken_vnd = taken;
    *ret_refunded_vnd = refunded;
}

char *etc_provider_settlement(struct etc_provider *p, int64_t fee_vnd, const char *payout_reference)
{
    enum { ROOM = 512 * 1024 };
    char *text = malloc(ROOM);
    struct out out;
    int64_t total = 0;
    must(text);
    out_init(&out, text, ROOM);
    out_add_c(&out, "kind,reference,amount,time\n");
    pthread_mutex_lock(&p->lock);
    for (int i = 0; i < p->charge_count; i++) {
        const struct charge *c = &p->charge[i];
        bool captured = strcmp(c->state, "captured") == 0;
        bool refunded = strcmp(c->state, "refunded") == 0;
        if (captured || refunded) {
            out_fmt(&out, "%s,%s,%lld,2026-03-02 12:00:00\n", captured ? "capture" : "refund",
                    c->reference, (long long)c->amount_vnd);
            total += captured ? c->amount_vnd : -c->amount_vnd;
        }
    }
    pthread_mutex_unlock(&p->lock);
    out_fmt(&out, "fee,FEE-%s,%lld,2026-03-02 23:00:00\n", payout_reference, (long long)fee_vnd);
    out_fmt(&out, "payout,%s,%lld,2026-03-03 08:00:00\n", payout_reference,
            (long long)(total - fee_vnd));
    must(!out_failed(&out));
    return text;
}
