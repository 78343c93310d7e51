#include "proto/cli/cli.h"

#include "proto/base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>

static struct cli_option *find_option(struct cli_option *options, int count, struct str name)
{
    for (int i = 0; i < count; i++) {
        if (str_eq_c(name, options[i].name)) {
            return &options[i];
        }
    }
    return NULL;
}

/* argv[at] is an option; *ret_used is how many words it took. */
static int take_option(const struct cli_command *command, int argc, char **argv, int at,
                       struct cli_option *options, int option_count, int *ret_used)
{
    struct str word = str_c(argv[at]);
    size_t equals = str_index(word, '=');
    struct cli_option *option = find_option(options, option_count, str_slice(word, 0, equals));
    if (!option) {
        return cli_usage_error(command, "unknown option %s", argv[at]);
    }
    int limit = option->kind == CLI_LIST ? CLI_LIST_MAX : 1;
    if (option->count >= limit) {
        return cli_usage_error(command, "%s is given more than %d time%s", option->name, limit,
                               limit == 1 ? "" : "s");
    }
    bool joined = equals < word.n;
    if (option->kind == CLI_FLAG || (option->kind == CLI_OPTIONAL && !joined)) {
        if (joined) {
            return cli_usage_error(command, "%s takes no value", option->name);
        }
        option->count++;
        *ret_used = 1;
        return 0;
    }
    if (!joined && at + 1 >= argc) {
        return cli_usage_error(command, "%s needs a value", option->name);
    }
    option->value[option->count++] = joined ? argv[at] + equals + 1 : argv[at + 1];
    *ret_used = joined ? 1 : 2;
    return 0;
}

int cli_options(const struct cli_command *command, int argc, char **argv,
                struct cli_option *options, int option_count, int *ret_operands)
{
    int operands = 0;
    bool ended = false;
    for (int i = 1; i < argc;) {
        struct str word = str_c(argv[i]);
        if (!ended && str_eq_c(word, "--")) {
            ended = true;
            i++;
        } else if (!ended && word.n > 1 && word.p[0] == '-') {
            int used = 0;
            int status = take_option(command, argc, argv, i, options, option_count, &used);
            if (status) {
                return status;
            }
            i += used;
        } else {
            argv[1 + operands++] = argv[i++]; /* never ahead of what is still to be read */
        }
    }
    *ret_operands = operands;
    return 0;
}

int cli_usage_error(const struct cli_command *command, const char *format, ...)
{
    va_list arguments;
    fprintf(stderr, "doxe %s: ", command->name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    const char *lead = "\nusage: doxe ";
    for (struct str rest = str_c(command->usage); rest.n; lead = "\n       doxe ") {
        size_t end = str_index(rest, '\n');
        fprintf(stderr, "%s%.*s", lead, (int)end, rest.p);
        rest = str_slice(rest, end + 1, rest.n);
    }
    fputc('\n', stderr);
    return CLI_USAGE;
}

/* How many bytes the character at the start of `text` has; 0 when it is no UTF-8. */
static size_t character_size(struct str text)
{
    for (size_t n = 1; n <= 4 && n <= text.n; n++) {
        if (str_is_utf8(str_slice(text, 0, n))) {
            return n;
        }
    }
    return 0;
}

void cli_json_text(struct out *out, const char *key, const char *text)
{
    char space[CLI_TEXT_MAX];
    size_t n = 0;
    struct str rest = str_c(text);
    while (rest.n) {
        size_t size = character_size(rest);
        size_t step = size ? size : 1;
        if (n + step > sizeof space) {
            break;
        }
        memcpy(space + n, size ? rest.p : "?", step);
        n += step;
        rest = str_slice(rest, step, rest.n);
    }
    json_str(out, key, (struct str){space, n});
}

int cli_invalid(const char *error, const char *where)
{
    char space[2 * 6 * CLI_TEXT_MAX + 64]; /* a control byte takes six: \u0001 */
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_bool(&out, "valid", false);
    cli_json_text(&out, "error", error);
    cli_json_text(&out, "where", where[0] ? where : "an empty name");
    json_object_end(&out);
    return cli_print(&out, CLI_INVALID);
}

int cli_print(const struct out *out, int status)
{
    must(!out_failed(out));
    if (fwrite(out->p, 1, out->n, stdout) != out->n || fputc('\n', stdout) == EOF ||
        fflush(stdout) == EOF) {
        return cli_broken("standard output: %s", strerror(errno));
    }
    return status;
}

int cli_broken(const char *format, ...)
{
    va_list arguments;
    fputs("doxe: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return CLI_BROKEN;
}

/* read(2), not stdio: identity texts pass through here and stdio would keep a copy of them. */
static int read_all(int fd, char *space, size_t cap, size_t *ret_n)
{
    size_t n = 0;
    for (;;) {
        char extra;
        bool full = n == cap;
        ssize_t got = full ? read(fd, &extra, 1) : read(fd, space + n, cap - n);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return DX_E_IO;
        }
        if (got == 0) {
            *ret_n = n;
            return 0;
        }
        if (full) {
            return DX_E_SPACE;
        }
        n += (size_t)got;
    }
}

int cli_read_input(char *space, size_t cap, size_t *ret_n)
{
    return read_all(STDIN_FILENO, space, cap, ret_n);
}

int cli_read_file(const char *path, char *space, size_t cap, size_t *ret_n)
{
    if (strcmp(path, "-") == 0) {
        return cli_read_input(space, cap, ret_n);
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? DX_E_NOT_FOUND : DX_E_IO;
    }
    int r = read_all(fd, space, cap, ret_n);
    close(fd);
    return r;
}
