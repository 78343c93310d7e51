#include "server/store/query_office.h"

#include "proto/base/check.h"

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof(array)[0]))

/* ?1 the scopes, ?2 one lot or '', ?3 the limit; `l` is the lot of a row. */
#define IN_SCOPE                                                               \
    " (?1 IS NULL OR EXISTS (SELECT 1 FROM json_each(?1) AS s"                 \
    " WHERE s.value = 'lot:' || l.id OR s.value = 'operator:' || l.operator))" \
    " AND (?2 = '' OR l.id = ?2)"
#define INSIDE "left_ms IS NULL AND state IN ('inside', 'quoted', 'paid', 'exempt', 'leaving')"

static const struct office_column lots[] = {{"id", OFFICE_ID},
                                            {"operator", OFFICE_ID},
                                            {"name", OFFICE_TEXT},
                                            {"address", OFFICE_TEXT},
                                            {"ward", OFFICE_TEXT},
                                            {"places_car", OFFICE_COUNT},
                                            {"inside_car", OFFICE_COUNT},
                                            {"places_motorbike", OFFICE_COUNT},
                                            {"inside_motorbike", OFFICE_COUNT},
                                            {"gates", OFFICE_COUNT},
                                            {"gates_online", OFFICE_COUNT},
                                            {"alarms", OFFICE_COUNT},
                                            {"account", OFFICE_ID}};
#define LOTS_SQL                                                                                 \
    "SELECT l.id, l.operator, l.name, l.address, l.ward, l.capacity_car,"                        \
    " (SELECT count(*) FROM session WHERE lot = l.id AND vehicle = 'car' AND " INSIDE "),"       \
    " l.capacity_motorbike,"                                                                     \
    " (SELECT count(*) FROM session WHERE lot = l.id AND vehicle = 'motorbike' AND " INSIDE ")," \
    " (SELECT count(*) FROM gate WHERE lot = l.id),"                                             \
    " (SELECT coalesce(sum(online), 0) FROM gate WHERE lot = l.id),"                             \
    " (SELECT count(*) FROM alarm WHERE lot = l.id AND cleared_ms IS NULL),"                     \
    " l.bin || '-' || l.account"                                                                 \
    " FROM lot AS l WHERE" IN_SCOPE " ORDER BY l.id LIMIT ?3"

static const struct office_column gates[] = {
    {"id", OFFICE_ID},        {"lot", OFFICE_ID},        {"lot_name", OFFICE_TEXT},
    {"online", OFFICE_FLAG},  {"seen_ms", OFFICE_TIME},  {"version", OFFICE_ID},
    {"starts", OFFICE_COUNT}, {"records", OFFICE_COUNT}, {"alarms", OFFICE_COUNT}};
#define GATES_SQL                                                                           \
    "SELECT g.id, l.id, l.name, g.online, nullif(g.seen_ms, 0), g.version, g.boot, g.high," \
    " (SELECT count(*) FROM alarm WHERE gate = g.id AND cleared_ms IS NULL)"                \
    " FROM gate AS g JOIN lot AS l ON l.id = g.lot WHERE" IN_SCOPE                          \
    " ORDER BY g.online, g.id LIMIT ?3"

static const struct office_column alarms[] = {
    {"id", OFFICE_COUNT},       {"lot", OFFICE_ID},         {"gate", OFFICE_ID},
    {"lane", OFFICE_COUNT},     {"code", OFFICE_WORD},      {"detail", OFFICE_TEXT},
    {"raised_ms", OFFICE_TIME}, {"cleared_ms", OFFICE_TIME}};
#define ALARMS_SQL                                                                   \
    "SELECT a.id, l.id, a.gate, a.lane, a.code, a.detail, a.raised_ms, a.cleared_ms" \
    " FROM alarm AS a JOIN lot AS l ON l.id = a.lot WHERE" IN_SCOPE                  \
    " ORDER BY a.cleared_ms IS NOT NULL, a.id DESC LIMIT ?3"

static const struct office_column reviews[] = {
    {"id", OFFICE_COUNT},    {"kind", OFFICE_WORD},      {"lot", OFFICE_ID},
    {"gate", OFFICE_ID},     {"lane", OFFICE_COUNT},     {"plate", OFFICE_PLATE},
    {"detail", OFFICE_TEXT}, {"opened_ms", OFFICE_TIME}, {"money", OFFICE_FLAG}};
/* Money in suspense is two persons' work: /operator/money. */
#define REVIEWS_SQL                                                                                \
    "SELECT r.id, r.kind, l.id, r.gate, r.lane, coalesce((SELECT CASE subject WHEN 'plate'"        \
    " THEN key ELSE '' END FROM session WHERE id = r.session), ''), r.detail ||"                   \
    " coalesce((SELECT ': ' || nullif(c.text, '') FROM complaint AS c WHERE c.id = r.cause"        \
    " AND r.kind = 'complaint'), ''), r.opened_ms, r.credit <> '' FROM review AS r JOIN lot AS l " \
    "ON l.id = r.lot WHERE r.closed_ms IS NULL "                                                   \
    "AND" IN_SCOPE " ORDER BY r.id LIMIT ?3"

static const struct office_column complaints[] = {
    {"id", OFFICE_COUNT},    {"lot", OFFICE_ID},    {"asked_vnd", OFFICE_VND},
    {"fee_vnd", OFFICE_VND}, {"text", OFFICE_TEXT}, {"at_ms", OFFICE_TIME},
    {"open", OFFICE_FLAG}};
/* `id` is that of the review, by which it is closed. */
#define COMPLAINTS_SQL                                                                          \
    "SELECT r.id, l.id, c.asked_vnd, c.fee_vnd, c.text, c.at_ms, r.closed_ms IS NULL"           \
    " FROM complaint AS c JOIN lot AS l ON l.id = c.lot JOIN review AS r ON r.cause = c.id AND" \
    " r.kind = 'complaint' WHERE" IN_SCOPE " ORDER BY r.closed_ms IS NOT NULL, r.id DESC LIMIT ?3"

static const struct office_column tariffs[] = {{"id", OFFICE_COUNT},     {"lot", OFFICE_ID},
                                               {"vehicle", OFFICE_WORD}, {"name", OFFICE_ID},
                                               {"from_ms", OFFICE_TIME}, {"made_ms", OFFICE_TIME},
                                               {"by", OFFICE_TEXT},      {"last", OFFICE_FLAG}};
#define TARIFFS_SQL                                                                              \
    "SELECT t.id, l.id, t.vehicle, t.name, t.from_ms, t.made_ms, t.by, NOT EXISTS (SELECT 1"     \
    " FROM tariff_published AS n WHERE n.lot = t.lot AND n.vehicle = t.vehicle AND n.id > t.id)" \
    " FROM tariff_published AS t JOIN lot AS l ON l.id = t.lot WHERE" IN_SCOPE                   \
    " ORDER BY t.id DESC LIMIT ?3"

static const struct office_column vehicles[] = {
    {"lot", OFFICE_ID},         {"list", OFFICE_WORD},     {"plate", OFFICE_PLATE},
    {"vehicle", OFFICE_WORD},   {"until_ms", OFFICE_TIME}, {"reason", OFFICE_TEXT},
    {"added_ms", OFFICE_TIME},  {"added_by", OFFICE_TEXT}, {"removed_ms", OFFICE_TIME},
    {"removed_by", OFFICE_TEXT}};
#define VEHICLES_SQL                                                                              \
    "SELECT l.id, v.list, v.key, v.vehicle, v.until_ms, v.reason, v.added_ms, v.added_by,"        \
    " v.removed_ms, v.removed_by FROM lot_list AS v JOIN lot AS l ON l.id = v.lot WHERE" IN_SCOPE \
    " ORDER BY v.removed_ms IS NOT NULL, v.id DESC LIMIT ?3"

static const struct office_column statements[] = {
    {"id", OFFICE_COUNT},     {"account", OFFICE_ID},       {"file", OFFICE_TEXT},
    {"mapping", OFFICE_ID},   {"imported_ms", OFFICE_TIME}, {"first_ms", OFFICE_TIME},
    {"last_ms", OFFICE_TIME}, {"rows", OFFICE_COUNT},       {"waiting", OFFICE_COUNT},
    {"in_vnd", OFFICE_VND},   {"out_vnd", OFFICE_VND},      {"gaps", OFFICE_COUNT}};
/* An account is seen by whoever sees a lot that has it. */
#define STATEMENTS_SQL                                                                      \
    "SELECT b.id, b.bin || '-' || b.account, b.file, b.mapping, b.imported_ms, b.first_ms," \
    " b.last_ms, b.rows, (SELECT count(*) FROM bank_inbox WHERE statement = b.id"           \
    " AND state = 'new'), b.in_vnd, b.out_vnd, b.gaps FROM bank_statement AS b"             \
    " WHERE EXISTS (SELECT 1 FROM lot AS l WHERE l.bin = b.bin AND l.account = b.account "  \
    "AND" IN_SCOPE ") ORDER BY b.id DESC LIMIT ?3"

static const struct office_column days[] = {{"operator", OFFICE_ID},
                                            {"day", OFFICE_ID},
                                            {"close", OFFICE_COUNT},
                                            {"as_of_ms", OFFICE_TIME},
                                            {"ledger_number", OFFICE_COUNT},
                                            {"by", OFFICE_TEXT},
                                            {"open_items", OFFICE_COUNT},
                                            {"differences", OFFICE_COUNT},
                                            {"digest", OFFICE_ID}};
/* A day is an operator's: a lot's scope alone sees none. */
#define DAYS_SQL                                                                         \
    "SELECT d.operator, d.day, d.nth, d.as_of_ms, d.ledger_number, d.by, d.open_items,"  \
    " d.differences, d.digest FROM day_close AS d WHERE (?1 IS NULL OR EXISTS (SELECT 1" \
    " FROM json_each(?1) AS s WHERE s.value = 'operator:' || d.operator))"               \
    " AND (?2 = '' OR EXISTS (SELECT 1 FROM lot AS l WHERE l.id = ?2 AND l.operator = "  \
    "d.operator))"                                                                       \
    " ORDER BY d.day DESC, d.operator, d.nth DESC LIMIT ?3"

static const struct office_column quarantine[] = {
    {"id", OFFICE_COUNT},    {"source", OFFICE_ID},        {"reason", OFFICE_TEXT},
    {"times", OFFICE_COUNT}, {"received_ms", OFFICE_TIME}, {"last_ms", OFFICE_TIME},
    {"bytes", OFFICE_COUNT}};
/* By the topic's lot; what has none is seen by those who see everything. */
#define QUARANTINE_SQL                                                                         \
    "SELECT q.id, q.source, q.reason, q.times, q.received_ms, q.last_ms, length(q.bytes)"      \
    " FROM quarantine AS q WHERE (?1 IS NULL AND ?2 = '') OR EXISTS (SELECT 1 FROM lot AS l"   \
    " WHERE substr(q.source, 1, length(l.id) + 8) = 'doxe/1/' || l.id || '/' AND" IN_SCOPE ")" \
    " ORDER BY q.last_ms DESC, q.id DESC LIMIT ?3"

static const struct {
    struct office_table table;
    const char *sql;
} lists[OFFICE_LIST_COUNT] = {
#define ROW(word, sentence, columns, statement) \
    {{word, sentence, COUNT_OF(columns), columns}, statement},
#define LOTS(w, s)            ROW(w, s, lots, LOTS_SQL)
#define GATES(w, s)           ROW(w, s, gates, GATES_SQL)
#define ALARMS(w, s)          ROW(w, s, alarms, ALARMS_SQL)
#define REVIEWS(w, s)         ROW(w, s, reviews, REVIEWS_SQL)
#define COMPLAINTS(w, s)      ROW(w, s, complaints, COMPLAINTS_SQL)
#define TARIFFS(w, s)         ROW(w, s, tariffs, TARIFFS_SQL)
#define VEHICLES(w, s)        ROW(w, s, vehicles, VEHICLES_SQL)
#define STATEMENTS(w, s)      ROW(w, s, statements, STATEMENTS_SQL)
#define DAYS(w, s)            ROW(w, s, days, DAYS_SQL)
#define QUARANTINE(w, s)      ROW(w, s, quarantine, QUARANTINE_SQL)
#define X(id, word, sentence) id(word, sentence)
    OFFICE_LISTS(X)
#undef X
};

const struct office_table *office_table(enum office_list list)
{
    must(list < OFFICE_LIST_COUNT);
    return &lists[list].table;
}

int query_office(struct db *db, enum office_list list, const char *scopes, const char *lot,
                 int64_t limit, void *context,
                 int (*take)(void *context, const struct office_table *table, struct db_row *row))
{
    struct db_row row;
    const struct office_table *table = office_table(list);
    int error = db_query(db, &row, lists[list].sql, "tti", scopes, lot, limit);
    while (!error && db_next(&row)) {
        error = take(context, table, &row);
    }
    int end = db_done(&row);
    return error ? error : end;
}

int query_office_tariff(struct db *db, const char *scopes, int64_t id, char *space, size_t cap,
                        struct str *ret_text)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT t.text FROM tariff_published AS t JOIN lot AS l ON l.id = t.lot"
                         " WHERE" IN_SCOPE " AND t.id = ?3",
                         "tti", scopes, "", id);
    if (!error) {
        error = db_next(&row) ? str_copy(space, cap, db_text(&row, 0)) : DX_E_NOT_FOUND;
    }
    int end = db_done(&row);
    error = error ? error : end;
    if (!error) {
        *ret_text = str_c(space);
    }
    return error;
}
