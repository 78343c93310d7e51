#include "gate/io/device_fault.h"

#define X(name, word, sentence) word,
static const char *const words[] = {DEVICE_FAULTS(X)};
#undef X

const char *device_fault_text(enum device_fault fault)
{
    return (unsigned)fault < DEVICE_FAULT_COUNT ? words[fault] : "?";
}
