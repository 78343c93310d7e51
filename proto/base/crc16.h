/*
 * crc16.h - CRC-16/CCITT-FALSE, the checksum at the end of EMVCo and VietQR payloads.
 *
 * Polynomial 0x1021, start 0xFFFF, most significant bit first, no final XOR
 * (ISO/IEC 13239 as EMVCo's merchant-presented QR specification 4.7.3 uses it).
 * The check value, of "123456789", is 0x29B1.
 *
 * Not here: the reflected variant (0x8408) that Modbus-like and X.25 frames use,
 * nor any protection against intent: a CRC finds accidents, not forgers.
 */
#ifndef DOXE_BASE_CRC16_H
#define DOXE_BASE_CRC16_H

#include "proto/base/str.h"

uint16_t crc16_ccitt_false(struct str bytes);

#endif
