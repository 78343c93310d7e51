#include "proto/bank_apps.h"

#include "proto/base/out.h"

#include <string.h>

static const char header[] = "bin,code,app,link";
enum { SCHEME = sizeof "https://" - 1 };

static struct str take_line(struct str *rest)
{
    size_t end = str_index(*rest, '\n');
    struct str line = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->n);
    return line.n && line.p[line.n - 1] == '\r' ? str_slice(line, 0, line.n - 1) : line;
}

static bool take_field(struct str *line, bool last, char *out, size_t cap)
{
    size_t end = str_index(*line, ',');
    struct str field = str_slice(*line, 0, end);
    bool at_end = end == line->n;
    *line = str_slice(*line, end + 1, line->n);
    return at_end == last && str_copy(out, cap, field) == 0;
}

/* A plain address: nothing that could end an attribute or begin another scheme. */
static bool is_link(const char *link)
{
    if (!str_starts(str_c(link), STR("https://")) || !link[SCHEME] || link[SCHEME] == '/') {
        return false;
    }
    for (const char *p = link; *p; p++) {
        if ((unsigned char)*p <= 0x20 || (unsigned char)*p >= 0x7f || strchr("\"'<>\\", *p)) {
            return false;
        }
    }
    return true;
}

static bool is_word(const char *text)
{
    for (const char *p = text; *p; p++) {
        if (!ascii_is_digit(*p) && !(*p >= 'a' && *p <= 'z')) {
            return false;
        }
    }
    return text[0] != '\0';
}

/* NULL, or what is wrong with the line. */
static const char *read_app(struct str line, struct bank_app *app)
{
    int64_t unused = 0;
    if (!str_is_utf8(line) || str_index(line, '\0') < line.n) {
        return "not UTF-8 text";
    }
    if (!take_field(&line, false, app->bin, sizeof app->bin) ||
        !take_field(&line, false, app->code, sizeof app->code) ||
        !take_field(&line, false, app->name, sizeof app->name) ||
        !take_field(&line, true, app->link, sizeof app->link)) {
        return "not four fields, or one of them is too long";
    }
    if (strlen(app->bin) != 6 || !ascii_is_digit(app->bin[0]) ||
        str_parse_i64(str_c(app->bin), 0, 999999, &unused)) {
        return "bin is not six digits";
    }
    if (!is_word(app->code)) {
        return "code is not small letters and digits";
    }
    if (!app->name[0] != !app->link[0]) {
        return "an app and its link come together";
    }
    return app->link[0] && !is_link(app->link) ? "link is no plain https address" : NULL;
}

static const struct bank_app *find(const struct bank_app_list *list, const char *bin)
{
    for (int i = 0; i < list->count; i++) {
        if (strcmp(list->app[i].bin, bin) == 0) {
            return &list->app[i];
        }
    }
    return NULL;
}

static int fail(struct bank_app_list *list, int error, const char *why, const char **ret_why)
{
    list->count = 0;
    *ret_why = why;
    return error;
}

int bank_apps_read(struct str csv, struct bank_app_list *list, int *ret_line, const char **ret_why)
{
    bool in_rows = false;
    list->count = 0;
    *ret_line = 0;
    while (csv.n) {
        struct str line = take_line(&csv);
        ++*ret_line;
        if (line.n == 0 || line.p[0] == '#') {
            continue;
        }
        if (!in_rows) {
            in_rows = str_eq_c(line, header);
            if (!in_rows) {
                return fail(list, DX_E_FORMAT, "the header is not bin,code,app,link", ret_why);
            }
            continue;
        }
        if (list->count == BANK_APPS_MAX) {
            return fail(list, DX_E_RANGE, "too many lines", ret_why);
        }
        struct bank_app app;
        const char *why = read_app(line, &app);
        why = why ? why : find(list, app.bin) ? "this BIN is there already" : NULL;
        if (why) {
            return fail(list, DX_E_FORMAT, why, ret_why);
        }
        list->app[list->count++] = app;
    }
    return in_rows ? 0 : fail(list, DX_E_FORMAT, "the header is missing", ret_why);
}

/* RFC 3986: what is not unreserved is escaped. */
static void add_escaped(struct out *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (ascii_is_alpha(*p) || ascii_is_digit(*p) || strchr("-._~", *p)) {
            out_char(out, *p);
        } else {
            out_fmt(out, "%%%02X", (unsigned)(unsigned char)*p);
        }
    }
}

/* One {name} of the link; false: it is none of ours and stays as it is. */
static bool add_named(struct out *out, struct str name, const char *bank,
                      const struct bank_app_pay *pay)
{
    if (str_eq_c(name, "account")) {
        add_escaped(out, pay->account);
    } else if (str_eq_c(name, "bank")) {
        add_escaped(out, bank);
    } else if (str_eq_c(name, "amount")) {
        out_i64(out, pay->amount_vnd);
    } else if (str_eq_c(name, "content")) {
        add_escaped(out, pay->content);
    } else if (str_eq_c(name, "holder")) {
        add_escaped(out, pay->holder);
    } else {
        return false;
    }
    return true;
}

int bank_app_link(const struct bank_app_list *list, const struct bank_app *app,
                  const struct bank_app_pay *pay, char out[BANK_APP_URL_CAP])
{
    char space[BANK_APP_URL_CAP];
    struct out text;
    const struct bank_app *bank = find(list, pay->bin);
    if (!bank || !app->link[0]) {
        return DX_E_NOT_FOUND;
    }
    out_init(&text, space, sizeof space);
    struct str rest = str_c(app->link);
    while (rest.n) {
        size_t open = str_index(rest, '{');
        size_t close = str_index(rest, '}');
        out_add(&text, str_slice(rest, 0, open));
        if (open == rest.n || close < open || close == rest.n) {
            out_add(&text, str_slice(rest, open, rest.n));
            break;
        }
        if (!add_named(&text, str_slice(rest, open + 1, close), bank->code, pay)) {
            out_add(&text, str_slice(rest, open, close + 1));
        }
        rest = str_slice(rest, close + 1, rest.n);
    }
    if (out_failed(&text)) {
        return DX_E_SPACE;
    }
    memcpy(out, space, out_str(&text).n + 1);
    return 0;
}

void bank_app_host(const struct bank_app *app, char *out, size_t cap)
{
    struct str host = str_c(app->link);
    host = str_slice(host, SCHEME, host.n);
    str_copy_cut(out, cap, str_slice(host, 0, str_index(host, '/')));
}
