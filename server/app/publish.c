#include "server/app/publish.h"

#include "proto/crypto/crypto.h"
#include "proto/io/log.h"
#include "proto/lot.h"
#include "server/store/store_offline.h"
#include "server/store/store_pass.h"

/* One message at a time, one writer. */
struct paper {
    struct out out;
    char *space; /* LOT_MESSAGE_MAX */
};

void publish_all_again(struct desk *desk)
{
    for (int i = 0; i < desk->config->lot_count; i++) {
        desk->lots[i].config = true;
        desk->lots[i].inside = UINT32_MAX;
    }
}

static int send(struct desk *desk, struct paper *paper, const char *topic)
{
    if (out_failed(&paper->out)) {
        log_error("publish.too_long", "topic=%s", topic);
        return 0; /* the gates keep what they have */
    }
    struct str text = out_str(&paper->out);
    if (!lot_seal(paper->space, text.n)) {
        return DX_E_FORMAT;
    }
    return desk->ports.publish_retained(desk->ports.context, topic, text);
}

/* ---- config ---- */

static void take_pass(void *context, const struct store_pass_row *row)
{
    struct lot_pass pass = {.vehicle = row->vehicle, .quota = row->quota};
    memcpy(pass.id, row->id, sizeof pass.id);
    memcpy(pass.name, row->name, sizeof pass.name);
    for (int i = 0; i < row->span_count && i < LOT_SPANS_MAX; i++) {
        pass.span[pass.span_count++] = row->span[i];
    }
    for (int i = 0; i < row->plate_count && i < LOT_PLATES_MAX; i++) {
        str_copy_cut(pass.plate[pass.plate_count++], LOT_KEY_CAP, str_c(row->plate[i]));
    }
    lot_write_pass(context, &pass);
}

static void take_entry(void *context, const struct lot_entry *entry)
{
    lot_write_entry(context, entry);
}

static void write_tariffs(struct out *out, const struct app_lot *lot)
{
    json_array(out, "tariffs");
    for (int v = 0; v < VEHICLE_COUNT; v++) {
        if (lot->tariff[v] && lot->tariff_text[v].n) {
            json_object(out, NULL);
            json_c(out, "vehicle", vehicle_text((enum vehicle)v));
            json_str(out, "text", lot->tariff_text[v]);
            json_object_end(out);
        }
    }
    json_array_end(out);
}

static int write_config(struct desk *desk, const struct app_lot *lot, int64_t version,
                        struct paper *paper)
{
    struct out *out = &paper->out;
    int64_t lists = 0;
    out_init(out, paper->space, LOT_MESSAGE_MAX);
    lot_write_head(out, "config", lot->id, version);
    json_c(out, "prefix", desk->config->prefix);
    json_c(out, "bin", lot->bin);
    json_c(out, "account", lot->account);
    json_i64(out, "quote_valid_ms", desk->config->quote_valid_s * TIME_SECOND_MS);
    json_c(out, "policy", lot_policy_text((enum lot_policy)lot->offline_policy));
    json_i64(out, "limit_vnd", lot->offline_limit_vnd);
    write_tariffs(out, lot);
    json_array(out, "passes");
    int error = store_lot_passes(desk->store, lot->id, desk->now, take_pass, out);
    json_array_end(out);
    error = error ? error : store_list_version(desk->store, &lists);
    json_i64(out, "lists_version", lists);
    json_array(out, "lists");
    error = error ? error : store_list_each(desk->store, lot->id, out, take_entry);
    json_array_end(out);
    json_object_end(out);
    return error;
}

/* Another content is another version; the number is drawn before it is told. */
static int tell_config(struct desk *desk, const struct app_lot *lot, struct paper *paper)
{
    uint8_t digest[SHA256_SIZE];
    char content[2 * SHA256_SIZE + 1];
    char topic[96];
    int64_t version = 0;
    int error = write_config(desk, lot, 1, paper);
    error = error ? error : lot_topic_config(topic, lot->id);
    if (error || out_failed(&paper->out)) {
        return error;
    }
    dx_sha256(digest, out_str(&paper->out));
    str_hex(content, digest, sizeof digest);
    error = store_begin(desk->store);
    if (error) {
        return error;
    }
    error = store_config_version(desk->store, lot->id, content, &version);
    if (error) {
        store_rollback(desk->store);
        return error;
    }
    error = store_commit(desk->store);
    error = error ? error : write_config(desk, lot, version, paper);
    return error ? error : send(desk, paper, topic);
}

/* ---- inside ---- */

static void take_stay(void *context, const struct lot_stay *stay)
{
    lot_write_stay(context, stay);
}

static int tell_inside(struct desk *desk, const struct app_lot *lot, struct desk_lot *state,
                       int bucket, struct paper *paper)
{
    char topic[96];
    const char letter[2] = {lot_bucket_char(bucket), '\0'};
    int64_t version = desk->ports.wall(desk->ports.context).ms;
    version = version > state->inside_version ? version : state->inside_version + 1;
    out_init(&paper->out, paper->space, LOT_MESSAGE_MAX);
    lot_write_head(&paper->out, "inside", lot->id, version);
    json_c(&paper->out, "bucket", letter);
    json_array(&paper->out, "stays");
    int error = store_inside_each(desk->store, lot->id, bucket, &paper->out, take_stay);
    json_array_end(&paper->out);
    json_object_end(&paper->out);
    error = error ? error : lot_topic_inside(topic, lot->id, bucket);
    error = error ? error : send(desk, paper, topic);
    if (!error) {
        state->inside_version = version;
    }
    return error;
}

static int tell_lot(struct desk *desk, int index, struct paper *paper, int *budget)
{
    const struct app_lot *lot = &desk->config->lots[index];
    struct desk_lot *state = &desk->lots[index];
    int error = 0;
    if (state->config) {
        error = tell_config(desk, lot, paper);
        state->config = error != 0;
        --*budget;
    }
    for (int b = 0; b < LOT_BUCKETS && !error && *budget > 0; b++) {
        uint32_t bit = UINT32_C(1) << b;
        if ((state->inside & bit) != 0) {
            error = tell_inside(desk, lot, state, b, paper);
            state->inside &= error ? state->inside : ~bit;
            --*budget;
        }
    }
    return error;
}

/* Lists and passes are changed by other programs too. */
static void look_for_changes(struct desk *desk)
{
    int64_t lists = 0;
    int64_t passes = 0;
    if (store_list_version(desk->store, &lists) || store_get_pass_version(desk->store, &passes) ||
        (lists == desk->lists_version && passes == desk->passes_version)) {
        return;
    }
    desk->lists_version = lists;
    desk->passes_version = passes;
    for (int i = 0; i < desk->config->lot_count; i++) {
        desk->lots[i].config = true;
    }
}

void publish_look(struct desk *desk)
{
    static char space[LOT_MESSAGE_MAX]; /* one writer */
    struct paper paper = {.space = space};
    mono_t now = desk->ports.mono(desk->ports.context);
    int budget = PUBLISH_A_TURN;
    if (!desk->ports.publish_retained) {
        return;
    }
    look_for_changes(desk);
    for (int i = 0; i < desk->config->lot_count && budget > 0; i++) {
        struct desk_lot *state = &desk->lots[i];
        if ((!state->config && !state->inside) ||
            (state->told.ms != 0 && mono_diff(now, state->told) < PUBLISH_EVERY_MS)) {
            continue;
        }
        int error = tell_lot(desk, i, &paper, &budget);
        state->told = now;
        if (error && error != DX_E_LINK) {
            log_error("publish.failed", "lot=%s error=%s", desk->config->lots[i].id,
                      dx_error_name(error));
        }
        if (error == DX_E_LINK) {
            return; /* the line is down: all is told when it is back */
        }
    }
}
