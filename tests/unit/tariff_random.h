/*
 * tariff_random.h - tariffs and stays drawn at random, valid and as odd as the model allows.
 *
 * Every time is a multiple of a minute where tariff_reference.h needs it.
 * The same number always draws the same case.
 */
#ifndef DOXE_TESTS_TARIFF_RANDOM_H
#define DOXE_TESTS_TARIFF_RANDOM_H

#include "proto/tariff/tariff.h"

void tariff_random(uint64_t number, struct tariff_set *ret_set, struct tariff_stay *ret_stay);

#endif
