#include "server/office/statement_intake.h"

#include "proto/base/out.h"
#include "proto/crypto/crypto.h"
#include "server/bank/charset.h"

#include <stdlib.h>

static int fail(struct intake *in, int error, const char *why)
{
    snprintf(in->why, sizeof in->why, "%s", why);
    return error;
}

/* The named mapping, or the first that knows the header: of this bank, then of any. */
static int find_mapping(struct intake *in)
{
    struct statement_mapping *all = NULL;
    int count = 0;
    const struct intake_ask *ask = &in->ask;
    if (mapping_load_all(ask->mappings, ask->mapping ? NULL : ask->lot->bin, in->why,
                         sizeof in->why, &all, &count) != 0) {
        return DX_E_CONFIG;
    }
    bool known = false;
    int error = DX_E_NOT_FOUND;
    for (int i = 0; i < count && error == DX_E_NOT_FOUND; i++) {
        if (!ask->mapping || strcmp(all[i].name, ask->mapping) == 0) {
            known = true;
            in->mapping = all[i];
            error = statement_read((struct str){in->text, in->text_n}, &in->mapping,
                                   ask->lot->account, &in->statement);
        }
    }
    free(all);
    if (!known) {
        return fail(in, DX_E_NOT_FOUND, "there is no mapping of that name (etc/statements)");
    }
    if (error == DX_E_NOT_FOUND) {
        return fail(in, DX_E_FORMAT,
                    "no row names the columns day, words and amount as any mapping knows; "
                    "add their names to a file of etc/statements");
    }
    bool mistakes = error == DX_E_CHECK;
    return !error || mistakes ? error : fail(in, DX_E_FORMAT, dx_error_text(error));
}

/* A file whose head names another account of ours, and not this one, is another account's. */
static int check_account(struct intake *in)
{
    struct str text = {in->text, in->text_n};
    const struct app_lot *wanted = in->ask.lot;
    if (statement_mentions(text, &in->statement, wanted->account)) {
        return 0;
    }
    for (int i = 0; i < in->ask.app->lot_count; i++) {
        const struct app_lot *lot = &in->ask.app->lots[i];
        if (strcmp(lot->account, wanted->account) != 0 &&
            statement_mentions(text, &in->statement, lot->account)) {
            snprintf(in->why, sizeof in->why, "it is of account %s-%s", lot->bin, lot->account);
            return DX_E_CHECK;
        }
    }
    return 0;
}

int intake_read(const struct intake_ask *ask, struct intake *in)
{
    uint8_t digest[SHA256_SIZE];
    const char *why = "no memory";
    *in = (struct intake){.ask = *ask};
    if (ask->bytes.n > STATEMENT_FILE_MAX) {
        return fail(in, DX_E_FORMAT, "over 32 MiB");
    }
    dx_sha256(digest, ask->bytes);
    str_hex(in->digest, digest, sizeof digest);
    int error = charset_to_utf8(ask->bytes, &in->text, &in->text_n, &in->charset, &why);
    if (error) {
        return fail(in, error == DX_E_MEMORY ? error : DX_E_FORMAT, why);
    }
    error = find_mapping(in);
    return error ? error : check_account(in);
}

/* ---- into the database ---- */

static int write_rows(const struct intake *in, struct store *store, wall_t now)
{
    char body[4096];
    const struct statement *s = &in->statement;
    int error = 0;
    for (int i = 0; i < s->count && !error; i++) {
        int64_t id = 0;
        struct out out;
        out_init(&out, body, sizeof body);
        statement_write_row(&s->row[i], in->ask.lot->account, &out);
        const struct store_inbox_row row = {.provider = "statement",
                                            .source = CREDIT_STATEMENT,
                                            .received = now,
                                            .body = out_str(&out),
                                            .digest = "",
                                            .statement = in->id,
                                            .line = s->row[i].line};
        error = out_failed(&out) ? DX_E_SPACE : store_add_inbox_row(store, &row, &id);
    }
    return error;
}

static int write_all(struct intake *in, struct store *store, wall_t now)
{
    const struct statement *s = &in->statement;
    struct store_statement row = {.bin = in->ask.lot->bin,
                                  .account = in->ask.lot->account,
                                  .file = in->ask.file,
                                  .mapping = in->mapping.name,
                                  .imported = now,
                                  .first = s->row[0].booked,
                                  .last = s->row[s->count - 1].booked,
                                  .rows = s->count,
                                  .in_vnd = s->in_vnd,
                                  .out_vnd = s->out_vnd,
                                  .gaps = s->gaps,
                                  .has_opening = s->has_opening,
                                  .has_closing = s->has_closing,
                                  .opening_vnd = s->opening_vnd,
                                  .closing_vnd = s->closing_vnd};
    memcpy(row.digest, in->digest, sizeof row.digest);
    int error = store_begin(store);
    error = error ? error : store_add_statement(store, &row, &in->id);
    error = error ? error : write_rows(in, store, now);
    error = error ? error : store_commit(store);
    if (error) {
        store_rollback(store);
    }
    return error;
}

/* The same bytes again: nothing to do, or one of two accounts is not whose file this is. */
static int judge_known(const struct intake *in)
{
    const struct app_lot *lot = in->ask.lot;
    bool same =
        strcmp(in->known.bin, lot->bin) == 0 && strcmp(in->known.account, lot->account) == 0;
    return same ? DX_E_EXISTS : DX_E_DIFFERENT;
}

int intake_put(struct intake *in, wall_t now)
{
    struct store *store;
    int error = store_open_another(in->ask.app->database, INTAKE_BUSY_MS, &store);
    if (error) {
        return error;
    }
    error = store_find_statement(store, in->digest, &in->known);
    if (error == DX_E_NOT_FOUND) {
        error = write_all(in, store, now);
    } else if (!error) {
        error = judge_known(in);
    }
    store_close(store);
    return error;
}

void intake_fini(struct intake *in)
{
    statement_fini(&in->statement);
    free(in->text);
    in->text = NULL;
}
