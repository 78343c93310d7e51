#include "sim/live/words.h"

#include "proto/base/out.h"
#include "proto/money.h"

static const char *const words[WORD_COUNT][2] = {
#define X(name, vi, en) {vi, en},
    WORDS(X)
#undef X
};

static const char *const tells[TELL_COUNT][2] = {
#define X(name, vi, en) {vi, en},
    WORLD_TELLS(X)
#undef X
};

const char *word_text(enum word word, enum language language)
{
    return words[word][language];
}

void word_money(int64_t vnd, enum language language, char *out)
{
    if (language == LANGUAGE_VI) {
        money_format_vi(money(vnd), out);
    } else {
        money_format_en(money(vnd), out);
    }
}

static const char *vehicle_word(enum vehicle vehicle, enum language language)
{
    if (language == LANGUAGE_EN) {
        return vehicle == VEHICLE_CAR ? "Car" : "Motorbike";
    }
    return vehicle == VEHICLE_CAR ? "Ô tô" : "Xe máy";
}

void word_tell(const struct world_effect *effect, const struct visit *visit, enum language language,
               char *out_text, size_t cap)
{
    char amount[MONEY_TEXT_CAP];
    struct out out;
    out_init(&out, out_text, cap);
    word_money(effect->amount_vnd, language, amount);
    for (const char *p = tells[effect->tell][language]; *p; p++) {
        if (p[0] != '{' || !p[1] || p[2] != '}') {
            out_char(&out, *p);
            continue;
        }
        switch (p[1]) {
        case 'v':
            out_add_c(&out, visit ? vehicle_word(visit->person.vehicle, language) : "");
            break;
        case 'p':
            out_add_c(&out, visit ? visit->person.plate : "");
            break;
        case 'l':
            out_i64(&out, effect->lane);
            break;
        case 'm':
            out_add_c(&out, amount);
            break;
        default:
            break;
        }
        p += 2;
    }
}

int word_language(struct str text, enum language *ret_language)
{
    if (str_eq_c(text, "vi")) {
        *ret_language = LANGUAGE_VI;
        return 0;
    }
    if (str_eq_c(text, "en")) {
        *ret_language = LANGUAGE_EN;
        return 0;
    }
    return DX_E_NOT_FOUND;
}
