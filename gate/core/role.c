#include "gate/core/role.h"

#define X(name, word, sentence) word,
static const char *const input_words[] = {INPUT_ROLES(X)};
static const char *const output_words[] = {OUTPUT_ROLES(X)};
#undef X

const char *input_role_text(enum input_role role)
{
    return (unsigned)role < INPUT_ROLE_COUNT ? input_words[role] : "?";
}

const char *output_role_text(enum output_role role)
{
    return (unsigned)role < OUTPUT_ROLE_COUNT ? output_words[role] : "?";
}

int input_role_parse(struct str text, enum input_role *ret_role)
{
    for (int i = 0; i < INPUT_ROLE_COUNT; i++) {
        if (str_eq_c(text, input_words[i])) {
            *ret_role = (enum input_role)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

int output_role_parse(struct str text, enum output_role *ret_role)
{
    for (int i = 0; i < OUTPUT_ROLE_COUNT; i++) {
        if (str_eq_c(text, output_words[i])) {
            *ret_role = (enum output_role)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

const char *level_text(enum level level)
{
    static const char *const words[] = {"unknown", "off", "on"};
    return (unsigned)level < 3 ? words[level] : "?";
}

const char *output_act_text(enum output_act act)
{
    static const char *const words[] = {"off", "on", "pulse"};
    return (unsigned)act < 3 ? words[act] : "?";
}
