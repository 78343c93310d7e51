#include "sim/live/server_book.h"

#include "proto/io/json.h"
#include "proto/vietqr.h"

/* A text member cut to what fits; "" when it is absent. */
static void take_text(const struct jdoc *object, const char *key, char *out, size_t cap)
{
    struct str text = {0};
    out[0] = '\0';
    if (jdoc_get_str(object, key, &text) == 0) {
        str_copy_cut(out, cap, text);
    }
}

static int64_t take_number(const struct jdoc *object, const char *key)
{
    int64_t value = 0;
    return jdoc_get_i64(object, key, &value) == 0 ? value : 0;
}

/* ---- the lane's display ---- */

/* "30F-123.45" as a key: capitals and digits. */
static void take_plate(const struct jdoc *object, char out[PERSON_PLATE_CAP])
{
    char painted[64];
    size_t n = 0;
    take_text(object, "plate", painted, sizeof painted);
    for (const char *p = painted; *p && n + 1 < PERSON_PLATE_CAP; p++) {
        if (ascii_is_digit(*p) || ascii_is_alpha(*p)) {
            out[n++] = ascii_upper(*p);
        }
    }
    out[n] = '\0';
}

/* Scan the code: what it says counts, and it must say what the display says. */
static void scan(struct str payload, struct shown *shown, struct bill *bill)
{
    struct vietqr qr;
    const char *why = NULL;
    size_t where = 0;
    if (vietqr_parse(payload, &qr, &why, &where) != 0) {
        shown->wrong = true;
        return;
    }
    snprintf(shown->payee, sizeof shown->payee, "%s-%s", qr.bin, qr.account);
    snprintf(bill->words, sizeof bill->words, "%s", qr.purpose);
    snprintf(bill->account, sizeof bill->account, "%s", qr.account);
    shown->wrong = qr.amount_vnd != shown->due_vnd || !shown->code[0] ||
                   strstr(qr.purpose, shown->code) == NULL;
}

static bool says_go(const char *state)
{
    static const char *const words[] = {"go", "paid", "free", "exempt"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(state, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

int book_read_display(struct str body, struct shown *ret_shown, struct bill *ret_bill)
{
    struct jdoc *root = NULL;
    struct shown shown = {0};
    struct bill bill = {0};
    struct str payload = {0};
    char state[32];
    if (jdoc_read(body, &root, NULL) != 0 || jdoc_kind(root) != JDOC_OBJECT) {
        jdoc_release(root);
        return DX_E_FORMAT;
    }
    take_text(root, "state", state, sizeof state);
    take_plate(root, shown.plate);
    take_text(root, "paycode", shown.code, sizeof shown.code);
    take_text(root, "url", bill.url, sizeof bill.url);
    shown.settled = says_go(state);
    if (!shown.settled && jdoc_get_str(root, "payload", &payload) == 0 && payload.n) {
        shown.due_vnd = take_number(root, "amount_vnd");
        shown.fee_vnd = take_number(root, "fee_vnd");
        scan(payload, &shown, &bill);
    }
    jdoc_release(root);
    *ret_shown = shown;
    *ret_bill = bill;
    return 0;
}

/* ---- the driver's page ---- */

/* What the next copy button copies; false: there is none. */
static bool next_copy(struct str *rest, struct str *ret_value)
{
    struct str mark = STR("data-copy=\"");
    for (size_t i = 0; i + mark.n <= rest->n; i++) {
        if (memcmp(rest->p + i, mark.p, mark.n) == 0) {
            struct str after = str_slice(*rest, i + mark.n, rest->n);
            size_t end = str_index(after, '"');
            *ret_value = str_slice(after, 0, end);
            *rest = str_slice(after, end, after.n);
            return true;
        }
    }
    return false;
}

int book_read_page(struct str body, struct shown *ret_shown, struct bill *ret_bill)
{
    struct shown shown = {0};
    struct bill bill = {0};
    struct str amount, words, account;
    if (!next_copy(&body, &amount)) {
        *ret_shown = shown;
        *ret_bill = bill;
        return 0; /* nothing to copy: nothing is due */
    }
    if (!next_copy(&body, &words) || !next_copy(&body, &account) ||
        str_parse_i64(amount, 1, INT64_MAX, &shown.due_vnd) ||
        str_copy(shown.code, sizeof shown.code, words) ||
        str_copy(bill.words, sizeof bill.words, words) ||
        str_copy(bill.account, sizeof bill.account, account)) {
        return DX_E_FORMAT;
    }
    *ret_shown = shown;
    *ret_bill = bill;
    return 0;
}

/* ---- the server's interface ---- */

static void read_session(const struct jdoc *node, struct audit_session *session)
{
    memset(session, 0, sizeof *session);
    take_text(node, "id", session->id, sizeof session->id);
    take_text(node, "state", session->state, sizeof session->state);
    take_text(node, "subject", session->subject, sizeof session->subject);
    take_text(node, "key", session->key, sizeof session->key);
    take_text(node, "raw", session->raw, sizeof session->raw);
    take_text(node, "code", session->code, sizeof session->code);
    session->entered_ms = take_number(node, "entered_ms");
    session->left_ms = take_number(node, "left_ms");
    session->fee_vnd = take_number(node, "fee_vnd");
    session->paid_vnd = take_number(node, "paid_vnd");
    if (jdoc_get_bool(node, "inferred", &session->inferred) != 0) {
        session->inferred = false;
    }
    session->visit = -1;
}

static int open_array(struct str body, const char *key, struct jdoc **ret_root,
                      const struct jdoc **ret_array)
{
    struct jdoc *root = NULL;
    if (jdoc_read(body, &root, NULL) != 0) {
        return DX_E_FORMAT;
    }
    if (jdoc_get_array(root, key, ret_array) != 0) {
        jdoc_release(root);
        return DX_E_FORMAT;
    }
    *ret_root = root;
    return 0;
}

int book_read_sessions(struct str body, struct audit_session *session, int cap, int *count,
                       char cursor[BOOK_CURSOR_CAP])
{
    struct jdoc *root = NULL;
    const struct jdoc *list = NULL;
    int error = open_array(body, "sessions", &root, &list);
    if (error) {
        return error;
    }
    take_text(root, "next", cursor, BOOK_CURSOR_CAP);
    for (size_t i = 0; !error && i < jdoc_count(list); i++) {
        if (*count == cap) {
            error = DX_E_SPACE;
        } else {
            read_session(jdoc_at(list, i), &session[(*count)++]);
        }
    }
    jdoc_release(root);
    return error;
}

int book_find_token(struct str body, const char *key, char ret[BOOK_TOKEN_CAP])
{
    struct jdoc *root = NULL;
    const struct jdoc *list = NULL;
    int error = open_array(body, "sessions", &root, &list);
    if (error) {
        return error;
    }
    error = DX_E_NOT_FOUND;
    for (size_t i = 0; i < jdoc_count(list); i++) {
        const struct jdoc *node = jdoc_at(list, i);
        struct str text = {0};
        bool open = take_number(node, "left_ms") == 0;
        if (open && jdoc_get_str(node, "key", &text) == 0 && str_eq_c(text, key) &&
            jdoc_get_str(node, "token", &text) == 0) {
            error = str_copy(ret, BOOK_TOKEN_CAP, text);
        }
    }
    jdoc_release(root);
    return error;
}

/* [{"word": "exact", "count": 3, …}, …]: how many in all. */
static int64_t sum_counts(const struct jdoc *root, const char *key)
{
    const struct jdoc *list = jdoc_get(root, key);
    int64_t sum = 0;
    for (size_t i = 0; i < jdoc_count(list); i++) {
        sum += take_number(jdoc_at(list, i), "count");
    }
    return sum;
}

int book_read_totals(struct str body, struct audit_totals *ret_totals)
{
    static const char *const needed[] = {"credits",
                                         "credit_in_vnd",
                                         "trial_balance_vnd",
                                         "uneven_transactions",
                                         "outbox_waiting",
                                         "inbox_waiting",
                                         "parked",
                                         "quarantine"};
    struct jdoc *root = NULL;
    bool complete = true;
    if (jdoc_read(body, &root, NULL) != 0) {
        return DX_E_FORMAT;
    }
    struct audit_totals totals = {
        .fee_vnd = take_number(root, "fee_vnd"),
        .paid_vnd = take_number(root, "paid_vnd"),
        .credit_vnd = take_number(root, "credit_in_vnd"),
        .credits = sum_counts(root, "credits"),
        .trial_balance_vnd = take_number(root, "trial_balance_vnd"),
        .uneven = take_number(root, "uneven_transactions"),
        .open_reviews = sum_counts(root, "reviews"),
        .quarantine = take_number(root, "quarantine"),
        .waiting = take_number(root, "outbox_waiting") + take_number(root, "inbox_waiting") +
                   take_number(root, "parked"),
    };
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        complete = complete && jdoc_has(root, needed[i]);
    }
    jdoc_release(root);
    if (!complete) {
        return DX_E_FORMAT; /* a missing sum must not look like a zero */
    }
    *ret_totals = totals;
    return 0;
}

static int read_gate(const struct jdoc *gate, struct book_lane *lane, int room)
{
    const struct jdoc *lanes = jdoc_get(gate, "lanes");
    char state[WORLD_HOLD_CAP];
    int count = 0;
    for (size_t i = 0; i < jdoc_count(lanes) && count < room; i++) {
        const struct jdoc *node = jdoc_at(lanes, i);
        take_text(gate, "gate", lane[count].gate, sizeof lane[count].gate);
        take_text(node, "hold", lane[count].hold, sizeof lane[count].hold);
        take_text(node, "state", state, sizeof state);
        if (strcmp(state, "fault") == 0) {
            snprintf(lane[count].hold, sizeof lane[count].hold, "fault");
        }
        lane[count].lane = (int)take_number(node, "lane");
        count++;
    }
    return count;
}

int book_read_lanes(struct str body, struct book_lane ret_lane[BOOK_LANES_MAX], int *ret_count)
{
    struct jdoc *root = NULL;
    const struct jdoc *gates = NULL;
    int count = 0;
    int error = open_array(body, "gates", &root, &gates);
    if (error) {
        return error;
    }
    for (size_t i = 0; i < jdoc_count(gates); i++) {
        count += read_gate(jdoc_at(gates, i), &ret_lane[count], BOOK_LANES_MAX - count);
    }
    jdoc_release(root);
    *ret_count = count;
    return 0;
}
