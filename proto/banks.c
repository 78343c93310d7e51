#include "proto/banks.h"

#include <string.h>

static const char header[] = "bin,short_name,name,vietqr,state";

/* The line without its end, and the rest.  LF or CRLF. */
static struct str take_line(struct str *rest)
{
    size_t end = str_index(*rest, '\n');
    struct str line = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->n);
    if (line.n && line.p[line.n - 1] == '\r') {
        line.n--;
    }
    return line;
}

/*
 * One field of a line into `out`; *line moves behind its comma.  False when a quote is not
 * closed, something stands behind it, the field does not fit, or a comma follows where the
 * last field should end (or none where it should not).
 */
static bool take_field(struct str *line, bool last, char *out, size_t cap)
{
    size_t n = 0;
    size_t i = 0;
    bool quoted = line->n && line->p[0] == '"';
    bool open = quoted;
    for (i = quoted ? 1 : 0; i < line->n && (open || line->p[i] != ','); i++) {
        char c = line->p[i];
        if (open && c == '"') {
            open = i + 1 < line->n && line->p[i + 1] == '"';
            i += open ? 1 : 0;
            if (!open) {
                continue;
            }
        } else if (quoted && !open) {
            return false;
        }
        if (n + 1 >= cap) {
            return false;
        }
        out[n++] = c;
    }
    out[n] = '\0';
    bool at_end = i >= line->n;
    *line = str_slice(*line, i + 1, line->n);
    return !open && at_end == last;
}

/* NULL, or what is wrong with the line. */
static const char *read_bank(struct str line, struct bank *bank)
{
    char vietqr[16];
    char state[16];
    int64_t unused;
    if (!str_is_utf8(line) || str_index(line, '\0') < line.n) {
        return "not UTF-8 text";
    }
    if (!take_field(&line, false, bank->bin, sizeof bank->bin) ||
        !take_field(&line, false, bank->short_name, sizeof bank->short_name) ||
        !take_field(&line, false, bank->name, sizeof bank->name) ||
        !take_field(&line, false, vietqr, sizeof vietqr) ||
        !take_field(&line, true, state, sizeof state)) {
        return "not five fields, or one of them is too long";
    }
    if (strlen(bank->bin) != 6 || bank->bin[0] == '-' ||
        str_parse_i64(str_c(bank->bin), 0, 999999, &unused)) {
        return "bin is not six digits";
    }
    if (!bank->short_name[0] || !bank->name[0]) {
        return "a name is empty";
    }
    bank->can_transfer = strcmp(vietqr, "transfer") == 0;
    bank->former = strcmp(state, "former") == 0;
    if (!bank->can_transfer && strcmp(vietqr, "receive") != 0) {
        return "vietqr is neither transfer nor receive";
    }
    if (!bank->former && strcmp(state, "current") != 0) {
        return "state is neither current nor former";
    }
    return NULL;
}

static const struct bank *find_current(const struct bank_list *list, const char *bin)
{
    for (int i = 0; i < list->count; i++) {
        if (!list->bank[i].former && strcmp(list->bank[i].bin, bin) == 0) {
            return &list->bank[i];
        }
    }
    return NULL;
}

/* Take one line into the list; NULL, or what is wrong with it. */
static const char *add_line(struct str line, struct bank_list *list)
{
    struct bank bank;
    const char *why = read_bank(line, &bank);
    if (why) {
        return why;
    }
    if (!bank.former && find_current(list, bank.bin)) {
        return "this BIN has a current name already";
    }
    list->bank[list->count++] = bank;
    return NULL;
}

int banks_read(struct str csv, struct bank_list *list, int *ret_line, const char **ret_why)
{
    bool in_rows = false;
    const char *why = NULL;
    int rc = DX_E_FORMAT;
    int number = 0;
    list->count = 0;
    if (str_starts(csv, STR("\xEF\xBB\xBF"))) {
        csv = str_slice(csv, 3, csv.n);
    }
    while (csv.n && !why) {
        struct str line = take_line(&csv);
        number++;
        if (line.n == 0 || line.p[0] == '#') {
            continue;
        }
        if (!in_rows) {
            why = str_eq_c(line, header) ? NULL : "the header line is not as documented";
            in_rows = true;
        } else if (list->count == BANKS_MAX) {
            why = "too many lines";
            rc = DX_E_RANGE;
        } else {
            why = add_line(line, list);
        }
    }
    if (!why && list->count == 0) {
        why = "there is no bank in the list";
    }
    if (!why) {
        return 0;
    }
    list->count = 0;
    *ret_line = number ? number : 1;
    *ret_why = why;
    return rc;
}

const struct bank *banks_find(const struct bank_list *list, const char *bin)
{
    const struct bank *current = find_current(list, bin);
    for (int i = 0; !current && i < list->count; i++) {
        if (strcmp(list->bank[i].bin, bin) == 0) {
            current = &list->bank[i];
        }
    }
    return current;
}

struct banks_change banks_compare(const struct bank_list *before, const struct bank_list *after)
{
    struct banks_change change = {0};
    for (int i = 0; i < after->count; i++) {
        const struct bank *new = &after->bank[i];
        const struct bank *old = banks_find(before, new->bin);
        if (banks_find(after, new->bin) == new) {
            change.added += old == NULL;
            change.renamed += old && (strcmp(old->short_name, new->short_name) != 0 ||
                                      strcmp(old->name, new->name) != 0);
        }
    }
    for (int i = 0; i < before->count; i++) {
        const struct bank *old = &before->bank[i];
        change.removed += banks_find(before, old->bin) == old && !banks_find(after, old->bin);
    }
    return change;
}
