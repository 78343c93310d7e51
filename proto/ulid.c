#include "proto/ulid.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void ulid_make(char out[ULID_CAP], wall_t now, const uint8_t random[ULID_RANDOM_SIZE])
{
    uint64_t ms = now.ms < 0 ? 0 : (uint64_t)now.ms & 0xFFFFFFFFFFFFu;
    for (int i = 9; i >= 0; i--) {
        out[i] = alphabet[ms & 31];
        ms >>= 5;
    }
    uint32_t bits = 0;
    int count = 0;
    int at = 10;
    for (int i = 0; i < ULID_RANDOM_SIZE; i++) {
        bits = bits << 8 | random[i];
        count += 8;
        while (count >= 5) {
            count -= 5;
            out[at++] = alphabet[bits >> count & 31];
        }
    }
    out[at] = '\0';
}

bool ulid_is_valid(struct str text)
{
    if (text.n != ULID_CAP - 1 || text.p[0] > '7') {
        return false;
    }
    for (size_t i = 0; i < text.n; i++) {
        if (str_index(str_c(alphabet), text.p[i]) == sizeof alphabet - 1) {
            return false;
        }
    }
    return true;
}

wall_t ulid_time(const char *ulid)
{
    int64_t ms = 0;
    if (!ulid_is_valid(str_c(ulid))) {
        return (wall_t){0};
    }
    for (int i = 0; i < 10; i++) {
        ms = ms << 5 | (int64_t)str_index(str_c(alphabet), ulid[i]);
    }
    return (wall_t){ms};
}
