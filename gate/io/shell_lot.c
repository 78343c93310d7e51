/* shell_lot.c - what the server tells about the lot: checked, kept on the disk, lent to the core.
 */
#include "gate/io/shell_inside.h"
#include "proto/io/lot_json.h"
#include "proto/io/log.h"

/* One message into `lot`; the name that it is kept under, "" when it is refused. */
static const char *read_message(struct shell *s, struct str bytes, bool inside, int *ret_bucket)
{
    static char name[16];
    const char *why = "";
    int bucket = 0;
    int64_t before = s->lot.version;
    int error = inside ? lot_read_inside(bytes, &s->lot, &bucket, &why)
                       : lot_read_config(bytes, &s->lot, &why);
    if (error) {
        s->lot_refused++;
        log_error(inside ? "inside.refused" : "config.refused", "error=%s bytes=%zu why=\"%s\"",
                  dx_error_name(error), bytes.n, why);
        return "";
    }
    if (inside) {
        snprintf(name, sizeof name, "inside/%c", lot_bucket_char(bucket));
        *ret_bucket = bucket;
        return name;
    }
    if (s->lot.version != before) {
        log_info("config.taken", "version=%lld passes=%d listed=%d", (long long)s->lot.version,
                 s->lot.pass_count, s->lot.entry_count);
    }
    return "config";
}

/* Refused or not, the core goes on with the last good one. */
void shell_take_lot(struct shell *s, struct str bytes, bool inside)
{
    int bucket = 0;
    const char *name = read_message(s, bytes, inside, &bucket);
    if (name[0]) {
        int error = journal_db_keep(s->journal, name, bytes);
        if (error) {
            log_error("lot.not_kept", "name=%s error=%s", name, dx_error_name(error));
        } else if (inside && s->desk) {
            desk_lot_changed(s->desk, bucket);
        }
    }
    if (!inside) {
        gate_use_lot(&s->gate, &s->lot);
        shell_publish_status(s, true);
    }
}

static void take_kept(void *context, struct str name, struct str body)
{
    int bucket = 0;
    (void)read_message(context, body, str_starts(name, STR("inside/")), &bucket);
}

/* Before START: what the last run was told. */
int shell_restore_lot(struct shell *s)
{
    str_copy_cut(s->lot.id, sizeof s->lot.id, str_c(s->settings.lot));
    int error = journal_db_kept(s->journal, s, take_kept);
    gate_use_lot(&s->gate, &s->lot);
    return error;
}

int shell_make_lot_topics(struct shell *s)
{
    int error = lot_topic_config(s->topic_config, s->settings.lot);
    error = error ? error : lot_topic_inside(s->topic_inside, s->settings.lot, -1);
    return error;
}

/* In paho's thread: is it one of the two?  Then 0 or 1 in *ret_inside. */
bool shell_is_lot_topic(const struct shell *s, struct str topic, bool *ret_inside)
{
    size_t n = strlen(s->topic_inside) - 1; /* without the '+' */
    *ret_inside = str_starts(topic, (struct str){s->topic_inside, n});
    return *ret_inside || str_eq_c(topic, s->topic_config);
}

/* Not kept: the lane asks again by itself. */
void shell_publish_query(struct shell *s, const struct query *query)
{
    char text[1024];
    struct out out;
    out_init(&out, text, sizeof text);
    query_write(&out, query);
    if (!out_failed(&out) && s->mqtt) {
        (void)!mqtt_link_publish(s->mqtt, s->topic_up, out_str(&out), false);
    }
}
