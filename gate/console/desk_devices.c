/* Every device the gate has heard of: how it is, how often it was not well, and when. */
#include "gate/console/desk_parts.h"

#include "gate/core/health.h"

enum { HISTORY_SHOWN = 100 };

/* A device with counts, with faults, or with neither yet. */
static const char all_devices[] =
    "SELECT n.name, coalesce(d.timeouts, 0), coalesce(d.checks, 0), coalesce(d.refusals, 0),"
    " coalesce(d.last_good_ms, 0), count(f.place), coalesce(sum(f.cleared_ms > 0), 0),"
    " coalesce(group_concat(CASE WHEN f.cleared_ms = 0 THEN f.code END, ' '), ''),"
    " coalesce(max(f.lane), 0)"
    " FROM (SELECT name FROM device UNION SELECT device FROM device_fault) n"
    " LEFT JOIN device d ON d.name = n.name LEFT JOIN device_fault f ON f.device = n.name"
    " GROUP BY n.name ORDER BY n.name";

static int write_devices(struct desk_visit *visit)
{
    struct out *out = &visit->out;
    struct db_row row;
    int error = db_query(visit->desk->book.journal, &row, all_devices, "");
    json_array(out, "devices");
    while (!error && db_next(&row)) {
        json_object(out, NULL);
        json_str(out, "name", db_text(&row, 0));
        json_i64(out, "lane", db_i64(&row, 8));
        json_i64(out, "timeouts", db_i64(&row, 1));
        json_i64(out, "damaged", db_i64(&row, 2));
        json_i64(out, "refused", db_i64(&row, 3));
        json_i64(out, "last_good_ms", db_i64(&row, 4));
        json_i64(out, "raised", db_i64(&row, 5));
        json_i64(out, "cleared", db_i64(&row, 6));
        json_str(out, "now", db_text(&row, 7));
        json_object_end(out);
    }
    json_array_end(out);
    int ended = db_done(&row);
    return error ? error : ended;
}

static int write_faults(struct desk_visit *visit)
{
    struct out *out = &visit->out;
    struct db_row row;
    int error = db_query(visit->desk->book.journal, &row,
                         "SELECT device, lane, code, value, raised_ms, cleared_ms"
                         " FROM device_fault ORDER BY cleared_ms > 0, place DESC LIMIT ?1",
                         "i", (int64_t)HISTORY_SHOWN);
    json_array(out, "faults");
    while (!error && db_next(&row)) {
        char code[HEALTH_CODE_CAP];
        str_copy_cut(code, sizeof code, db_text(&row, 2));
        json_object(out, NULL);
        json_str(out, "device", db_text(&row, 0));
        json_i64(out, "lane", db_i64(&row, 1));
        json_c(out, "code", code);
        json_c(out, "severity", health_severity_text(health_code_severity(code)));
        json_i64(out, "value", db_i64(&row, 3));
        json_i64(out, "raised_ms", db_i64(&row, 4));
        json_i64(out, "cleared_ms", db_i64(&row, 5));
        json_object_end(out);
    }
    json_array_end(out);
    int ended = db_done(&row);
    return error ? error : ended;
}

void desk_answer_devices(struct desk_visit *visit)
{
    json_object(&visit->out, NULL);
    int error = write_devices(visit);
    error = error ? error : write_faults(visit);
    json_object_end(&visit->out);
    if (error) {
        desk_answer_error(visit, 503, "database");
    } else {
        desk_answer(visit, 200);
    }
}
