/* The parts of a citizen card's code, and what must hold between them. */
#include "proto/base/check.h"
#include "proto/identity_text.h"
#include "proto/province.h"

#include <string.h>

struct date {
    int year, month, day;
};

static int fail(const char **ret_why, const char **ret_where, const char *why, const char *where)
{
    *ret_why = why;
    *ret_where = where;
    return DX_E_FORMAT;
}

static size_t digits_at(struct str text, size_t from)
{
    size_t i = from;
    while (i < text.n && ascii_is_digit(text.p[i])) {
        i++;
    }
    return i - from;
}

static bool is_digits(struct str text, size_t n)
{
    return text.n == n && digits_at(text, 0) == n;
}

static int number_of(struct str digits)
{
    int value = 0;
    for (size_t i = 0; i < digits.n; i++) {
        value = value * 10 + (digits.p[i] - '0');
    }
    return value;
}

/* ddmmyyyy of a day that exists. */
static bool read_date(struct str text, struct date *ret_date)
{
    if (!is_digits(text, 8)) {
        return false;
    }
    struct date date = {number_of(str_slice(text, 4, 8)), number_of(str_slice(text, 2, 4)),
                        number_of(str_slice(text, 0, 2))};
    if (!time_is_date(date.year, date.month, date.day)) {
        return false;
    }
    *ret_date = date;
    return true;
}

static int64_t days(struct date date)
{
    return time_days_from_date(date.year, date.month, date.day);
}

/* What does not add up: Circular 59/2021/TT-BCA Art. 4. */
static unsigned check(struct str number, struct date birth, enum identity_sex sex,
                      struct date issued, wall_t now)
{
    unsigned warnings = 0;
    int century_sex = number.p[3] - '0';
    int century = birth.year / 100 - 19;
    bool fits = sex == IDENTITY_SEX_UNKNOWN
                    ? century_sex / 2 == century
                    : century_sex == century * 2 + (sex == IDENTITY_SEX_FEMALE ? 1 : 0);
    if (!fits) {
        warnings |= IDENTITY_WARN_CENTURY_SEX_MISMATCH;
    }
    if (sex == IDENTITY_SEX_UNKNOWN) {
        warnings |= IDENTITY_WARN_SEX_UNREADABLE;
    }
    if (number_of(str_slice(number, 4, 6)) != birth.year % 100) {
        warnings |= IDENTITY_WARN_BIRTH_YEAR_MISMATCH;
    }
    if (!province_of_identity(number_of(str_slice(number, 0, 3)))) {
        warnings |= IDENTITY_WARN_UNKNOWN_PROVINCE;
    }
    if (days(issued) < days(birth)) {
        warnings |= IDENTITY_WARN_ISSUED_BEFORE_BIRTH;
    }
    struct civil today = time_civil(now);
    if (days(issued) > time_days_from_date(today.year, today.month, today.day)) {
        warnings |= IDENTITY_WARN_ISSUED_IN_FUTURE;
    }
    return warnings;
}

static void split(struct identity_work *work, struct str line)
{
    work->part_count = 0;
    for (size_t from = 0; from <= line.n && work->part_count < IDENTITY_SPLIT_MAX;) {
        size_t end = from + str_index(str_slice(line, from, line.n), '|');
        work->part[work->part_count++] = str_trim(str_slice(line, from, end));
        from = end + 1;
    }
}

/*
 * A scanner without terminator: the last part of the first card and the number of the second
 * are one part.  Cut there.
 */
static bool cut_glued(struct identity_work *work)
{
    for (int last = IDENTITY_PARTS_MIN - 1; last < IDENTITY_PARTS_MAX; last++) {
        struct str part = work->part[last];
        size_t head = last == IDENTITY_PARTS_MIN - 1 ? 8 : 0;
        bool room_for_another = work->part_count - last >= IDENTITY_PARTS_MIN;
        if (room_for_another && is_digits(part, head + IDENTITY_NUMBER_SIZE)) {
            work->part[last] = str_slice(part, 0, head);
            work->part_count = last + 1;
            return true;
        }
    }
    return false;
}

static int read_parts(struct identity_work *work, wall_t now, const char **ret_why,
                      const char **ret_where)
{
    struct identity_card *card = &work->card;
    card->parts = work->part_count;
    if (card->parts < IDENTITY_PARTS_MIN) {
        return fail(ret_why, ret_where, "fewer than 7 parts", "parts");
    }
    if (card->parts > IDENTITY_PARTS_MAX) {
        if (!cut_glued(work)) {
            return fail(ret_why, ret_where, "more than 11 parts", "parts");
        }
        card->faults |= IDENTITY_FAULT_GLUED;
        card->parts = work->part_count;
    }
    const struct str *part = work->part;
    struct date birth;
    struct date issued;
    if (!is_digits(part[0], IDENTITY_NUMBER_SIZE)) {
        return fail(ret_why, ret_where, "the number has not 12 digits", "number");
    }
    if (!read_date(part[3], &birth)) {
        return fail(ret_why, ret_where, "the date of birth is no date", "birth date");
    }
    if (!read_date(part[6], &issued)) {
        return fail(ret_why, ret_where, "the date of issue is no date", "issue date");
    }
    enum identity_sex sex = identity_text_sex(part[4]);
    card->number = part[0];
    card->warnings = check(part[0], birth, sex, issued, now);
    if (part[1].n && !is_digits(part[1], 9) && !is_digits(part[1], 12)) {
        card->warnings |= IDENTITY_WARN_OLD_NUMBER_FORM;
    }
    card->faults |= identity_text_word_faults(part[2]) | identity_text_word_faults(part[4]) |
                    (identity_text_word_faults(part[5]) & ~(unsigned)IDENTITY_FAULT_DECIMAL_BYTES);
    if (part[4].n == 1) {
        card->faults |= IDENTITY_FAULT_LOSSY;
    }
    return 0;
}

/* ---- without '|' ---- */

static bool is_word_byte(char c)
{
    return ascii_is_digit(c) || ascii_is_alpha(c);
}

/* After a run of more than eight digits an N may begin a name: of a sex there is no other letter.
 */
static bool is_sex_at(struct str line, size_t at, bool sure)
{
    struct str word = str_slice(line, at, line.n);
    if (word.n == 0 || ascii_lower(word.p[0]) != 'n') {
        return false;
    }
    char next = word.n > 1 ? ascii_lower(word.p[1]) : '?';
    return sure || !ascii_is_alpha(next) || next == 'u' ||
           str_eq_nocase(str_slice(word, 0, 3), STR("nam"));
}

/* "05091987", what is left of a '|', "Nam" or the N of "Nữ".  Returns the index of the N. */
static size_t find_birth_and_sex(struct str line, size_t from, struct date *ret_birth)
{
    for (size_t i = from; i < line.n;) {
        size_t run = digits_at(line, i);
        size_t end = i + run;
        size_t sex = end;
        while (sex < line.n && sex < end + 4 && !is_word_byte(line.p[sex])) {
            sex++;
        }
        if (run >= 8 && is_sex_at(line, sex, run == 8) &&
            read_date(str_slice(line, end - 8, end), ret_birth)) {
            return sex;
        }
        i = run ? end : i + 1;
    }
    return line.n;
}

/*
 * The date of issue is the last date behind the sex.  Digits of the address may stand before
 * it and the cancelled number of the newer card behind it without a '|'.
 */
static bool find_issued(struct str line, size_t from, struct date *ret_issued)
{
    bool found = false;
    for (size_t i = from; i < line.n;) {
        size_t run = digits_at(line, i);
        size_t end = i + run;
        size_t before_number = end - (run < 8 + IDENTITY_NUMBER_SIZE ? 0 : IDENTITY_NUMBER_SIZE);
        if (run >= 8 &&
            (read_date(str_slice(line, end - 8, end), ret_issued) ||
             read_date(str_slice(line, before_number - 8, before_number), ret_issued))) {
            found = true;
        }
        i = run ? end : i + 1;
    }
    return found;
}

/*
 * Keyboards' layouts eat or replace the '|', and Big5 and Shift-JIS take one for the second
 * half of a character.  The pattern is left: 12 digits and perhaps 9 or 12 of an older number,
 * then a date of birth before the sex, then a date of issue.
 */
static int read_pattern(struct identity_work *work, struct str line, wall_t now,
                        const char **ret_why, const char **ret_where)
{
    size_t run = digits_at(line, 0);
    bool number = run == IDENTITY_NUMBER_SIZE || run == IDENTITY_NUMBER_SIZE + 9 ||
                  run == 2 * IDENTITY_NUMBER_SIZE;
    struct date birth;
    struct date issued;
    size_t sex_at = number ? find_birth_and_sex(line, run, &birth) : line.n;
    if (sex_at == line.n || !find_issued(line, sex_at + 1, &issued)) {
        return fail(ret_why, ret_where, "not an identity code", "text");
    }
    bool male = str_eq_nocase(str_slice(line, sex_at, sex_at + 3), STR("nam"));
    struct identity_card *card = &work->card;
    card->parts = IDENTITY_PARTS_MIN;
    card->number = str_slice(line, 0, IDENTITY_NUMBER_SIZE);
    card->warnings =
        check(card->number, birth, male ? IDENTITY_SEX_MALE : IDENTITY_SEX_FEMALE, issued, now);
    card->faults |=
        IDENTITY_FAULT_PIPES_LOST | identity_text_word_faults(str_slice(line, run, line.n));
    return 0;
}

int identity_card_read(struct identity_work *work, struct str line, wall_t now,
                       const char **ret_why, const char **ret_where)
{
    if (str_index(line, '|') == line.n) {
        return read_pattern(work, line, now, ret_why, ret_where);
    }
    split(work, line);
    int r = read_parts(work, now, ret_why, ret_where);
    /* Six clean parts are a wrong code; six damaged ones may have been seven. */
    unsigned eaters = IDENTITY_FAULT_WRONG_CHARSET | IDENTITY_FAULT_NOT_UTF8 | IDENTITY_FAULT_LOSSY;
    if (r && (identity_text_word_faults(line) & eaters)) {
        const char *why;
        const char *where;
        struct identity_card as_split = work->card;
        work->card = (struct identity_card){0};
        if (read_pattern(work, line, now, &why, &where) == 0) {
            return 0;
        }
        work->card = as_split;
    }
    return r;
}
