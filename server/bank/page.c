#include "server/bank/page.h"

#include "proto/base/out.h"
#include "proto/io/json.h"
#include "proto/io/webhook_canon.h"

enum { ROW_CAP = 16384 };

const char *page_provider(enum poll_kind kind)
{
    return kind == POLL_CASSO ? "casso" : "sepay";
}

const char *page_default_url(enum poll_kind kind)
{
    return kind == POLL_SEPAY_V1   ? "https://my.sepay.vn"
           : kind == POLL_SEPAY_V2 ? "https://userapi.sepay.vn"
                                   : "https://oauth.casso.vn";
}

/* ---- what is asked for ---- */

static void add_day(struct out *out, wall_t at)
{
    struct civil c = time_civil(at);
    out_fmt(out, "%04d-%02d-%02d", c.year, c.month, c.day);
}

static void add_second(struct out *out, wall_t at)
{
    struct civil c = time_civil(at);
    add_day(out, at);
    out_fmt(out, "%%20%02d:%02d:%02d", c.hour, c.minute, c.second);
}

void page_target(const struct poll_ask *ask, char target[PAGE_TARGET_CAP])
{
    struct out out;
    wall_t last = wall_add(ask->to, -TIME_SECOND_MS); /* their ends are included */
    out_init(&out, target, PAGE_TARGET_CAP);
    switch (ask->kind) {
    case POLL_SEPAY_V1:
        out_fmt(&out, "/userapi/transactions/list?limit=%d", ask->limit);
        if (ask->since_id > 0) {
            out_fmt(&out, "&since_id=%lld", (long long)ask->since_id);
            break;
        }
        out_add_c(&out, "&transaction_date_min=");
        add_second(&out, ask->from);
        out_add_c(&out, "&transaction_date_max=");
        add_second(&out, last);
        break;
    case POLL_SEPAY_V2:
        out_fmt(&out, "/v2/transactions?page=%d&per_page=%d&transaction_date_from=", ask->page,
                ask->limit);
        add_day(&out, ask->from);
        out_add_c(&out, "&transaction_date_to=");
        add_day(&out, last);
        break;
    case POLL_CASSO:
        out_fmt(&out, "/v2/transactions?sort=ASC&page=%d&pageSize=%d&fromDate=", ask->page,
                ask->limit);
        add_day(&out, ask->from);
        break;
    case POLL_KIND_COUNT:
        break;
    }
}

void page_authorization(enum poll_kind kind, const char *token, char *out, size_t cap)
{
    snprintf(out, cap, "Authorization: %s %s", kind == POLL_CASSO ? "Apikey" : "Bearer", token);
}

/* ---- a page ---- */

struct row_text {
    struct out out;
    char space[ROW_CAP];
};

static void put(void *self, struct str piece)
{
    struct row_text *text = self;
    out_add(&text->out, piece);
}

static int64_t id_of(const struct jdoc *row)
{
    int64_t id = 0;
    struct str text;
    const struct jdoc *value = jdoc_get(row, "id");
    if (jdoc_i64(value, &id) != 0 &&
        (jdoc_str(value, &text) != 0 || str_parse_i64(text, 0, INT64_MAX, &id) != 0)) {
        return 0;
    }
    return id;
}

static int read_rows(const struct jdoc *rows, int (*each)(void *context, struct str row),
                     void *context, struct poll_answer *answer)
{
    int error = 0;
    struct row_text *text = malloc(sizeof *text);
    if (!text) {
        return DX_E_MEMORY;
    }
    for (size_t i = 0; i < jdoc_count(rows) && !error; i++) {
        const struct jdoc *row = jdoc_at(rows, i);
        const struct canon_sink sink = {put, text};
        out_init(&text->out, text->space, sizeof text->space);
        error = canon_value(&sink, row, CANON_SORTED);
        if (!error && !out_failed(&text->out)) {
            error = each(context, out_str(&text->out));
        }
        int64_t id = id_of(row);
        answer->last_id = id > answer->last_id ? id : answer->last_id;
        answer->count++;
    }
    free(text);
    return error;
}

/* The array of rows; NULL: this is no page. */
static const struct jdoc *find_rows(enum poll_kind kind, const struct jdoc *root, bool *ret_more)
{
    const struct jdoc *rows = NULL;
    const struct jdoc *data;
    const struct jdoc *meta;
    int64_t number = 0;
    int64_t pages = 0;
    *ret_more = false;
    if (kind == POLL_SEPAY_V1) {
        return jdoc_get_array(root, "transactions", &rows) == 0 ? rows : NULL;
    }
    if (kind == POLL_CASSO) {
        if (jdoc_get_i64(root, "error", &number) != 0 || number != 0 ||
            jdoc_get_object(root, "data", &data) != 0 ||
            jdoc_get_array(data, "records", &rows) != 0) {
            return NULL;
        }
        *ret_more = jdoc_get_i64(data, "nextPage", &number) == 0 && number > 0 &&
                    (jdoc_get_i64(data, "totalPages", &pages) != 0 || number <= pages);
        return rows;
    }
    if (jdoc_get_array(root, "data", &rows) != 0) {
        return NULL;
    }
    if (jdoc_get_object(root, "meta", &meta) != 0 ||
        jdoc_get_object(meta, "pagination", &data) != 0) {
        data = jdoc_get(root, "pagination");
    }
    if (jdoc_get_bool(data, "has_more", ret_more) != 0) {
        *ret_more = jdoc_count(rows) >= POLL_LIMIT; /* not said: a full page has a next one */
    }
    return rows;
}

int page_read(enum poll_kind kind, struct str body, int (*each)(void *context, struct str row),
              void *context, struct poll_answer *ret_answer)
{
    struct jdoc *root = NULL;
    int error = jdoc_read(body, &root, NULL);
    if (error) {
        return error == DX_E_MEMORY ? error : DX_E_FORMAT;
    }
    const struct jdoc *rows = find_rows(kind, root, &ret_answer->more);
    if (rows) {
        error = read_rows(rows, each, context, ret_answer);
        ret_answer->readable = error == 0;
    }
    jdoc_release(root);
    return rows ? error : DX_E_FORMAT;
}
