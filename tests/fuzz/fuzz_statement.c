/* A statement of a bank, whatever it is: rows that add up, or mistakes with their lines. */
#include "proto/base/check.h"
#include "proto/base/out.h"
#include "server/bank/bank.h"
#include "server/bank/charset.h"
#include "server/bank/mapping.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static int look(void *context, const struct bank_credit *credit)
{
    *(struct bank_credit *)context = *credit;
    return 0;
}

/* Each row that came out is read back as the same transfer. */
static void look_at_row(const struct statement_row *row)
{
    char body[8192];
    struct out out;
    struct bank_credit credit;
    const char *why = NULL;
    const struct bank_visitor visitor = {&credit, look, NULL};
    must(row->amount_vnd > 0 && row->line > 0);
    out_init(&out, body, sizeof body);
    statement_write_row(row, "0123456789", &out);
    must(!out_failed(&out));
    if (bank_read_all("statement", CREDIT_STATEMENT, out_str(&out), &visitor, &why) == 0) {
        must(credit.amount_vnd == row->amount_vnd && credit.out == row->out);
        must(credit.booked.ms / 1000 == row->booked.ms / 1000);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct statement_mapping mapping;
    char error[MAPPING_ERROR_CAP];
    char *text = NULL;
    size_t text_n = 0;
    const char *name = NULL;
    const char *why = NULL;
    struct statement s;
    if (!mapping.name[0] &&
        mapping_load(DOXE_STATEMENTS "/generic.yaml", error, sizeof error, &mapping)) {
        must(!"the generic mapping loads");
    }
    if (charset_to_utf8((struct str){(const char *)bytes, n}, &text, &text_n, &name, &why)) {
        must(why);
        return 0;
    }
    int rc = statement_read((struct str){text, text_n}, &mapping, "0123456789", &s);
    if (rc == 0 || rc == DX_E_CHECK) {
        int64_t sum = 0;
        must((rc != 0) == (s.mistake_count > 0));
        for (int i = 0; i < s.count; i++) {
            look_at_row(&s.row[i]);
            sum += s.row[i].out ? -s.row[i].amount_vnd : s.row[i].amount_vnd;
        }
        must(sum == s.in_vnd - s.out_vnd);
        statement_fini(&s);
    }
    free(text);
    return 0;
}
