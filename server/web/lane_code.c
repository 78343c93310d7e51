#include "server/web/lane_code.h"

#include "proto/crypto/crypto.h"
#include "server/app/app.h"

#include <stdio.h>
#include <string.h>

static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void lane_code_make(const uint8_t *key, const char *lot, const char *gate, int lane,
                    char out[LANE_CODE_CAP])
{
    uint8_t mac[SHA256_SIZE];
    char text[2 * MSG_NAME_CAP + 32];
    uint64_t bits = 0;
    int n = snprintf(text, sizeof text, "lane:%s:%s:%d", lot, gate, lane);
    dx_hmac_sha256(mac, (struct str){(const char *)key, LANE_CODE_KEY},
                   (struct str){text, (size_t)n});
    for (int i = 0; i < 4; i++) {
        bits = bits << 8 | mac[i];
    }
    for (int i = 0; i < LANE_CODE_CAP - 1; i++) {
        out[i] = letters[bits >> (27 - 5 * i) & 31];
    }
    out[LANE_CODE_CAP - 1] = '\0';
}

static bool clean(struct str typed, char out[LANE_CODE_CAP])
{
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == ' ' || c == '-') {
            continue;
        }
        c = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
        if (n == LANE_CODE_CAP - 1 || !strchr(letters, c)) {
            return false;
        }
        out[n++] = c;
    }
    out[n] = '\0';
    return n == LANE_CODE_CAP - 1;
}

int lane_code_find(const uint8_t *key, const struct app_lot *lot, struct str typed,
                   const char **ret_gate, int *ret_lane)
{
    char wanted[LANE_CODE_CAP];
    char code[LANE_CODE_CAP];
    if (!key || !clean(typed, wanted)) {
        return DX_E_NOT_FOUND;
    }
    for (int i = 0; i < lot->gate_count; i++) {
        for (int lane = 1; lane <= MSG_LANES_MAX; lane++) {
            lane_code_make(key, lot->id, lot->gate[i], lane, code);
            if (strcmp(code, wanted) == 0) {
                *ret_gate = lot->gate[i];
                *ret_lane = lane;
                return 0;
            }
        }
    }
    return DX_E_NOT_FOUND;
}
