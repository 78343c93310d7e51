#include "sim/people.h"

#include "proto/base/check.h"
#include "proto/base/out.h"

static const char series_letters[] = "ABCDEFGHKLMNPSTUVXYZ";

/* Hanoi mostly, and neighbours. */
static const int provinces[] = {29, 30, 30, 30, 29, 31, 33, 15, 88, 99, 36};

static const char *const families[] = {"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đỗ", "Bùi"};
static const char *const families_plain[] = {"NGUYEN", "TRAN", "LE", "PHAM",
                                             "HOANG",  "VU",   "DO", "BUI"};
static const char *const samples[] = {"Mẫu", "Thử", "Kiểm", "Ví Dụ", "Giả Định"};
static const char *const samples_plain[] = {"MAU", "THU", "KIEM", "VI DU", "GIA DINH"};
static const char *const birth_provinces[] = {"001", "031", "034", "036", "038", "079"};
static const char *const homes[] = {"Số 12, Ngõ 34, Quảng An, Tây Hồ, Hà Nội",
                                    "Thôn Đoài, Kim Nỗ, Đông Anh, Hà Nội",
                                    "Tổ 5, Khu phố 2, Bến Nghé, TP. Hồ Chí Minh"};

enum { FAMILY_COUNT = 8, SAMPLE_COUNT = 5, STRIDE = 7919, DIRTY_PER_MILLE = 60 };

/* The stride shares no factor with 99,999, so that all numbers come before one repeats. */
_Static_assert(PEOPLE_PER_CLASS_MAX == 99999 && STRIDE == 7919, "choose a stride that is coprime");

static int pick(struct prng *prng, size_t count)
{
    return (int)prng_range(prng, 0, (int64_t)count - 1);
}

static char pick_letter(struct prng *prng)
{
    return series_letters[pick(prng, sizeof series_letters - 1)];
}

void people_init(struct people *people, const struct prng *root, int cars_percent, int misbehave)
{
    memset(people, 0, sizeof *people);
    people->prng = prng_fork(root, "people");
    people->cars_percent = cars_percent;
    people->misbehave = misbehave;
    people->early = 150;
    for (int i = 0; i < VEHICLE_COUNT; i++) {
        people->first_number[i] = (int)prng_range(&people->prng, 0, PEOPLE_PER_CLASS_MAX - 1);
    }
}

/* Five digits that no other vehicle of the class has; never 00000, which is not issued. */
static int next_number(struct people *people, enum vehicle vehicle)
{
    int64_t n = people->made_of[vehicle]++ % PEOPLE_PER_CLASS_MAX;
    return 1 + (int)((people->first_number[vehicle] + n * STRIDE) % PEOPLE_PER_CLASS_MAX);
}

/* Two letters that mean something else on a plate are left to those they belong to. */
static bool is_reserved(char a, char b)
{
    static const char reserved[][2] = {{'L', 'D'}, {'D', 'A'}, {'K', 'T'}, {'C', 'D'}, {'H', 'C'},
                                       {'N', 'G'}, {'C', 'V'}, {'N', 'N'}, {'T', 'D'}, {'M', 'D'}};
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (reserved[i][0] == a && reserved[i][1] == b) {
            return true;
        }
    }
    return false;
}

static char *put_digits(char *at, int value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + count;
}

/* By hand: a city makes millions of them. */
static void paint_plate(struct people *people, struct person *person)
{
    struct prng *prng = &people->prng;
    int province = provinces[pick(prng, sizeof provinces / sizeof provinces[0])];
    int number = next_number(people, person->vehicle);
    bool motorbike = person->vehicle == VEHICLE_MOTORBIKE;
    char a = pick_letter(prng);
    char b = pick_letter(prng);
    if (motorbike && prng_chance(prng, 500)) {
        b = (char)('1' + pick(prng, 9)); /* a series of before 2023 */
    }
    while (motorbike && is_reserved(a, b)) {
        b = pick_letter(prng);
    }
    char *key = put_digits(person->key, province, 2);
    char *plate = put_digits(person->plate, province, 2);
    if (motorbike) {
        *plate++ = '-';
    }
    *key++ = *plate++ = a;
    if (motorbike) {
        *key++ = *plate++ = b;
    }
    *plate++ = motorbike ? ' ' : '-';
    plate = put_digits(plate, number / 100, 3);
    *plate++ = '.';
    *put_digits(plate, number % 100, 2) = '\0';
    *put_digits(key, number, 5) = '\0';
}

struct carried {
    struct prng prng;
    int family, sample;
};

static struct carried what_he_carries(const struct person *person)
{
    struct carried carried;
    prng_init(&carried.prng, person->self);
    carried.family = pick(&carried.prng, FAMILY_COUNT);
    carried.sample = pick(&carried.prng, SAMPLE_COUNT);
    return carried;
}

void person_name(const struct person *person, char out[PERSON_NAME_CAP])
{
    struct carried carried = what_he_carries(person);
    snprintf(out, PERSON_NAME_CAP, "%s %s", families_plain[carried.family],
             samples_plain[carried.sample]);
}

void person_account(const struct person *person, char out[PERSON_ACCOUNT_CAP])
{
    struct carried carried = what_he_carries(person);
    snprintf(out, PERSON_ACCOUNT_CAP, "%010lld",
             (long long)prng_range(&carried.prng, 1000000, 9999999999));
}

void person_card(const struct person *person, char card[PERSON_CARD_CAP])
{
    struct carried carried = what_he_carries(person);
    struct prng prng = prng_fork(&carried.prng, "card");
    bool woman = prng_chance(&prng, 500);
    int year = (int)prng_range(&prng, 1960, 2006);
    int month = (int)prng_range(&prng, 1, 12);
    int day = (int)prng_range(&prng, 1, 28);
    int century = (year / 100 - 19) * 2 + (woman ? 1 : 0);
    bool newest = prng_chance(&prng, 400);
    struct out out;
    out_init(&out, card, PERSON_CARD_CAP);
    if (!person->has_card) {
        return;
    }
    /* One draw a statement: the order in which a call's arguments are made is the compiler's. */
    int number = (int)prng_range(&prng, 1, 999999);
    int born = (int)pick(&prng, 6);
    out_fmt(&out, "%s%d%02d%06d|", birth_provinces[born], century, year % 100, number);
    if (prng_chance(&prng, 300)) {
        out_fmt(&out, "%09d", (int)prng_range(&prng, 10000000, 399999999));
    }
    int made_year = newest ? 2025 : (int)prng_range(&prng, 2021, 2023);
    int made_month = (int)prng_range(&prng, 1, 12);
    int made_day = (int)prng_range(&prng, 1, 28);
    int home = (int)pick(&prng, 3);
    out_fmt(&out, "|%s %s %s|%02d%02d%d|%s|%s|%02d%02d%d", families[carried.family],
            woman ? "Thị" : "Văn", samples[carried.sample], day, month, year, woman ? "Nữ" : "Nam",
            homes[home], made_day, made_month, made_year);
    if (newest) {
        out_add_c(&out, "||||"); /* the card of July 2024 has four more parts, mostly empty */
    }
    must(!out_failed(&out));
}

const char *people_family(int index)
{
    return index >= 0 && index < FAMILY_COUNT ? families[index] : NULL;
}

const char *people_given(int index)
{
    return index >= 0 && index < SAMPLE_COUNT ? samples[index] : NULL;
}

static enum habit pick_share(struct prng *prng, const int *share, int from, int until)
{
    int64_t draw = prng_range(prng, 0, 999);
    for (int i = from; i < until; i++) {
        draw -= share[i];
        if (draw < 0) {
            return (enum habit)i;
        }
    }
    return (enum habit)(until - 1);
}

static enum habit pick_habit(struct people *people)
{
    static const int share[HABIT_COUNT] = {
#define X(name, per_mille, word, sentence) per_mille,
        HABITS(X) WILD_HABITS(X)
#undef X
    };
    struct prng *prng = &people->prng;
    if (people->wild && prng_chance(prng, people->wild)) {
        return pick_share(prng, share, HABIT_TAILGATES, HABIT_COUNT);
    }
    if (prng_chance(prng, people->misbehave)) {
        return pick_share(prng, share, HABIT_PLAIN, HABIT_TAILGATES);
    }
    return prng_chance(prng, people->early) ? HABIT_EARLY : HABIT_PLAIN;
}

/* Short errands are many, long stays few. */
static int64_t pick_park_ms(struct prng *prng)
{
    int64_t minutes = prng_chance(prng, 700) ? prng_range(prng, 5, 60) : prng_range(prng, 60, 240);
    return minutes * TIME_MINUTE_MS;
}

void people_next(struct people *people, struct person *ret_person)
{
    struct prng *prng = &people->prng;
    struct person *person = ret_person;
    memset(person, 0, sizeof *person);
    person->number = ++people->made;
    bool car = prng_range(prng, 0, 99) < people->cars_percent;
    person->vehicle = car ? VEHICLE_CAR : VEHICLE_MOTORBIKE;
    paint_plate(people, person);
    person->self = prng_u64(prng);
    person->dirty = prng_chance(prng, car ? DIRTY_PER_MILLE / 4 : DIRTY_PER_MILLE);
    person->has_card = person->dirty && !car && prng_chance(prng, 750);
    person->habit = pick_habit(people);
    person->length_mm = (int)(car ? prng_range(prng, 3500, 5200) : prng_range(prng, 1750, 2050));
    person->speed_mm_s = (int)(car ? prng_range(prng, 1200, 2500) : prng_range(prng, 1500, 3000));
    person->park_ms = pick_park_ms(prng);
    person->react_ms = prng_range(prng, 500, 2000);
    person->pay_ms = prng_range(prng, 6000, 20000);
}

const char *habit_text(enum habit habit)
{
    static const char *const text[HABIT_COUNT] = {
#define X(name, share, word, sentence) word,
        HABITS(X) WILD_HABITS(X)
#undef X
    };
    return habit >= 0 && habit < HABIT_COUNT ? text[habit] : "?";
}
