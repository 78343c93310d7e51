#include "server/app/bank_known.h"

#include "proto/fold.h"
#include "server/store/store_bank.h"

enum { NEAR_MS = 2 * TIME_MINUTE_MS, WORDS_MIN = 6 };

/* Capitals and digits only: what banks do to blanks, marks and case does not matter. */
static size_t plain_words(const char *content, char *out, size_t cap)
{
    struct str rest = str_c(content);
    size_t n = 0;
    while (rest.n > 0 && n + 1 < cap) {
        char c = fold_next(&rest);
        if (ascii_is_digit(c) || (c >= 'A' && c <= 'Z')) {
            out[n++] = c;
        }
    }
    out[n] = '\0';
    return n;
}

static bool is_number(const char *id)
{
    for (const char *p = id; *p; p++) {
        if (!ascii_is_digit(*p)) {
            return false;
        }
    }
    return true;
}

struct looking {
    const struct bank_credit *credit;
    bool coded;
};

static bool is_twin(void *context, const struct store_twin *twin)
{
    char here[CREDIT_CONTENT_CAP];
    char there[CREDIT_CONTENT_CAP];
    const struct looking *looking = context;
    const struct bank_credit *credit = looking->credit;
    bool own = strcmp(twin->provider, credit->provider) == 0;
    if (own && is_number(twin->provider_tx) == is_number(credit->provider_tx)) {
        return false;
    }
    if (looking->coded) {
        return true; /* the store compared the codes */
    }
    size_t m = plain_words(credit->content, here, sizeof here);
    size_t n = plain_words(twin->content, there, sizeof there);
    if (m < WORDS_MIN || n < WORDS_MIN) {
        return m == n && strcmp(here, there) == 0;
    }
    return strstr(m > n ? here : there, m > n ? there : here) != NULL;
}

static int find_twin(struct desk *desk, const struct bank_credit *credit, const char *code,
                     enum payment_seen *seen, char id[ULID_CAP])
{
    struct looking looking = {credit, code[0] != '\0'};
    wall_t day = time_day_start(credit->booked);
    struct store_window window = {wall_add(credit->booked, -NEAR_MS),
                                  wall_add(credit->booked, NEAR_MS + 1),
                                  wall_add(day, -TIME_DAY_MS), wall_add(day, 2 * TIME_DAY_MS)};
    int error = store_find_twin(desk->store, credit, code, &window, is_twin, &looking, id);
    if (!error) {
        *seen = PAYMENT_KNOWN_REF;
    }
    return error == DX_E_NOT_FOUND ? 0 : error;
}

int bank_known(struct desk *desk, const struct bank_credit *credit, const char *code,
               enum payment_seen *ret_seen, char ret_id[ULID_CAP])
{
    enum payment_seen seen = PAYMENT_NEW;
    char id[ULID_CAP] = "";
    int error = store_find_credit(desk->store, credit, &seen, id);
    if (!error && seen == PAYMENT_NEW) {
        error = find_twin(desk, credit, code, &seen, id);
    }
    if (!error) {
        *ret_seen = seen;
        memcpy(ret_id, id, ULID_CAP);
    }
    return error;
}
