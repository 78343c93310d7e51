#include "proto/province.h"

#include <stddef.h>

/* name, unit since 1 July 2025, identity prefix, plate codes */
#define PROVINCES(X)                                                                        \
    X("Hà Nội", "Hà Nội", 1, 29, 30, 31, 32, 33, 40)                                        \
    X("Hà Giang", "Tuyên Quang", 2, 23)                                                     \
    X("Cao Bằng", "Cao Bằng", 4, 11)                                                        \
    X("Bắc Kạn", "Thái Nguyên", 6, 97)                                                      \
    X("Tuyên Quang", "Tuyên Quang", 8, 22)                                                  \
    X("Lào Cai", "Lào Cai", 10, 24)                                                         \
    X("Điện Biên", "Điện Biên", 11, 27)                                                     \
    X("Lai Châu", "Lai Châu", 12, 25)                                                       \
    X("Sơn La", "Sơn La", 14, 26)                                                           \
    X("Yên Bái", "Lào Cai", 15, 21)                                                         \
    X("Hòa Bình", "Phú Thọ", 17, 28)                                                        \
    X("Thái Nguyên", "Thái Nguyên", 19, 20)                                                 \
    X("Lạng Sơn", "Lạng Sơn", 20, 12)                                                       \
    X("Quảng Ninh", "Quảng Ninh", 22, 14)                                                   \
    X("Bắc Giang", "Bắc Ninh", 24, 98)                                                      \
    X("Phú Thọ", "Phú Thọ", 25, 19)                                                         \
    X("Vĩnh Phúc", "Phú Thọ", 26, 88)                                                       \
    X("Bắc Ninh", "Bắc Ninh", 27, 99)                                                       \
    X("Hải Dương", "Hải Phòng", 30, 34)                                                     \
    X("Hải Phòng", "Hải Phòng", 31, 15, 16)                                                 \
    X("Hưng Yên", "Hưng Yên", 33, 89)                                                       \
    X("Thái Bình", "Hưng Yên", 34, 17)                                                      \
    X("Hà Nam", "Ninh Bình", 35, 90)                                                        \
    X("Nam Định", "Ninh Bình", 36, 18)                                                      \
    X("Ninh Bình", "Ninh Bình", 37, 35)                                                     \
    X("Thanh Hóa", "Thanh Hóa", 38, 36)                                                     \
    X("Nghệ An", "Nghệ An", 40, 37)                                                         \
    X("Hà Tĩnh", "Hà Tĩnh", 42, 38)                                                         \
    X("Quảng Bình", "Quảng Trị", 44, 73)                                                    \
    X("Quảng Trị", "Quảng Trị", 45, 74)                                                     \
    X("Thừa Thiên Huế", "Huế", 46, 75)                                                      \
    X("Đà Nẵng", "Đà Nẵng", 48, 43)                                                         \
    X("Quảng Nam", "Đà Nẵng", 49, 92)                                                       \
    X("Quảng Ngãi", "Quảng Ngãi", 51, 76)                                                   \
    X("Bình Định", "Gia Lai", 52, 77)                                                       \
    X("Phú Yên", "Đắk Lắk", 54, 78)                                                         \
    X("Khánh Hòa", "Khánh Hòa", 56, 79)                                                     \
    X("Ninh Thuận", "Khánh Hòa", 58, 85)                                                    \
    X("Bình Thuận", "Lâm Đồng", 60, 86)                                                     \
    X("Kon Tum", "Quảng Ngãi", 62, 82)                                                      \
    X("Gia Lai", "Gia Lai", 64, 81)                                                         \
    X("Đắk Lắk", "Đắk Lắk", 66, 47)                                                         \
    X("Đắk Nông", "Lâm Đồng", 67, 48)                                                       \
    X("Lâm Đồng", "Lâm Đồng", 68, 49)                                                       \
    X("Bình Phước", "Đồng Nai", 70, 93)                                                     \
    X("Tây Ninh", "Tây Ninh", 72, 70)                                                       \
    X("Bình Dương", "TP. Hồ Chí Minh", 74, 61)                                              \
    X("Đồng Nai", "Đồng Nai", 75, 39, 60)                                                   \
    X("Bà Rịa - Vũng Tàu", "TP. Hồ Chí Minh", 77, 72)                                       \
    X("TP. Hồ Chí Minh", "TP. Hồ Chí Minh", 79, 41, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59) \
    X("Long An", "Tây Ninh", 80, 62)                                                        \
    X("Tiền Giang", "Đồng Tháp", 82, 63)                                                    \
    X("Bến Tre", "Vĩnh Long", 83, 71)                                                       \
    X("Trà Vinh", "Vĩnh Long", 84, 84)                                                      \
    X("Vĩnh Long", "Vĩnh Long", 86, 64)                                                     \
    X("Đồng Tháp", "Đồng Tháp", 87, 66)                                                     \
    X("An Giang", "An Giang", 89, 67)                                                       \
    X("Kiên Giang", "An Giang", 91, 68)                                                     \
    X("Cần Thơ", "Cần Thơ", 92, 65)                                                         \
    X("Hậu Giang", "Cần Thơ", 93, 95)                                                       \
    X("Sóc Trăng", "Cần Thơ", 94, 83)                                                       \
    X("Bạc Liêu", "Cà Mau", 95, 94)                                                         \
    X("Cà Mau", "Cà Mau", 96, 69)

enum { PLATES_MAX = 12 };

static const struct {
    struct province province;
    unsigned char plates[PLATES_MAX]; /* ends with 0 */
} rows[] = {
#define X(name, since_2025, identity, ...) {{name, since_2025, identity}, {__VA_ARGS__}},
    PROVINCES(X)
#undef X
};
_Static_assert(sizeof rows / sizeof rows[0] == PROVINCE_COUNT, "one row for each province");

static const struct province central = {"Cơ quan trung ương", "Cơ quan trung ương", 0};

const struct province *province_of_plate(int code)
{
    if (code == PROVINCE_PLATE_CENTRAL) {
        return &central;
    }
    for (int i = 0; i < PROVINCE_COUNT && code > 0; i++) {
        for (int k = 0; k < PLATES_MAX && rows[i].plates[k]; k++) {
            if (rows[i].plates[k] == code) {
                return &rows[i].province;
            }
        }
    }
    return NULL;
}

const struct province *province_of_identity(int prefix)
{
    for (int i = 0; i < PROVINCE_COUNT; i++) {
        if (rows[i].province.identity == prefix) {
            return &rows[i].province;
        }
    }
    return NULL;
}

const char *province_why_not(int code)
{
    static const char *const low[] = {
        "00 is no province", "01 is no province", "02 is no province", "03 is no province",
        "04 is no province", "05 is no province", "06 is no province", "07 is no province",
        "08 is no province", "09 is no province", "10 is no province",
    };
    if (code < 0 || code > 99 || province_of_plate(code)) {
        return NULL;
    }
    switch (code) {
    case 13:
        return "13 is no province";
    case 42:
        return "42 is no province";
    case 44:
        return "44 is no province";
    case 45:
        return "45 is no province";
    case 46:
        return "46 is no province";
    case 87:
        return "87 is no province";
    case 91:
        return "91 is no province";
    case 96:
        return "96 is no province";
    default:
        return code <= 10 ? low[code] : "the first two digits are no province";
    }
}
