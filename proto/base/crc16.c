#include "proto/base/crc16.h"

uint16_t crc16_ccitt_false(struct str bytes)
{
    uint32_t crc = 0xFFFF;
    for (size_t i = 0; i < bytes.n; i++) {
        crc ^= (uint32_t)(unsigned char)bytes.p[i] << 8;
        for (int bit = 0; bit < 8; bit++) {
            crc = crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1;
        }
        crc &= 0xFFFF;
    }
    return (uint16_t)crc;
}
