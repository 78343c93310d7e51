#include "proto/base/err.h"

const char *dx_error_name(int error)
{
    switch (error) {
    case 0:
        return "ok";
#define X(name, value, class_, sentence) \
    case value:                          \
        return #name;
        DX_ERRORS(X)
#undef X
    }
    return "DX_E_?";
}

const char *dx_error_text(int error)
{
    switch (error) {
    case 0:
        return "ok";
#define X(name, value, class_, sentence) \
    case value:                          \
        return sentence;
        DX_ERRORS(X)
#undef X
    }
    return "an unknown error";
}

enum dx_error_class dx_error_class(int error)
{
    switch (error) {
    case 0:
        return DX_CLASS_OK;
#define X(name, value, class_, sentence) \
    case value:                          \
        return DX_CLASS_##class_;
        DX_ERRORS(X)
#undef X
    }
    return DX_CLASS_FATAL;
}
