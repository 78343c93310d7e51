/*
 * province.h - the provinces that plates and identity numbers name, as data.
 *
 * A plate begins with two digits and an identity number with three; both name
 * the province of the first registration, in the division of 63 provinces that
 * held until 30 June 2025.  Resolution 202/2025/QH15 merged them into 34; plates
 * and numbers already issued did not change, and a plate moves with its owner
 * (Circular 79/2024/TT-BCA).  So a code says where something was first
 * registered, never where somebody lives.
 *
 * Not here: wards, districts and agencies, which are dated configuration.
 *
 * Sources: the plate codes are Annex 2 of Circular 79/2024/TT-BCA as found in two
 * public lists that agree; the identity prefixes are the annex of Circular
 * 07/2016/TT-BCA as found in several public tables.  Never issued on plates:
 * 00 to 10, 13, 42, 44, 45, 46, 87, 91, 96.
 */
#ifndef DOXE_PROVINCE_H
#define DOXE_PROVINCE_H

enum { PROVINCE_COUNT = 63, PROVINCE_PLATE_CENTRAL = 80 };

struct province {
    const char *name;       /* "Hà Nội" */
    const char *since_2025; /* the unit that it belongs to since 1 July 2025 */
    int identity;           /* first three digits of an identity number */
};

/*
 * The province of two plate digits, NULL when they were never issued.  80 is
 * used by central agencies in every province and gives a row with that name.
 */
const struct province *province_of_plate(int code);
/* The province of the three first digits of an identity number; NULL for a foreign or unknown one.
 */
const struct province *province_of_identity(int prefix);
/* "10 is no province" for a code of 0 to 99 for which province_of_plate is NULL; else NULL. */
const char *province_why_not(int code);

#endif
