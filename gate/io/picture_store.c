#include "gate/io/picture_store.h"

#include "proto/crypto/crypto.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

struct picture_store {
    int folder; /* open directory */
    int keep, first, count;
    char (*name)[PICTURE_NAME_CAP]; /* ring of `keep`, oldest first */
    void *context;
    void (*told)(void *context, const char *camera, wall_t at, const char *name);
};

static bool is_picture(const char *name)
{
    size_t n = strlen(name);
    return n > 4 && n < PICTURE_NAME_CAP && ascii_is_digit(name[0]) &&
           strcmp(name + n - 4, ".jpg") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int wanted(const struct dirent *entry)
{
    return is_picture(entry->d_name);
}

static void push(struct picture_store *s, const char *name)
{
    if (s->count == s->keep) {
        unlinkat(s->folder, s->name[s->first], 0);
        s->first = (s->first + 1) % s->keep;
        s->count--;
    }
    str_copy_cut(s->name[(s->first + s->count++) % s->keep], PICTURE_NAME_CAP, str_c(name));
}

/* What an earlier run has left, oldest first; too many are deleted. */
static int scan(struct picture_store *s, const char *folder)
{
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, wanted, by_name);
    if (n < 0) {
        return DX_E_IO;
    }
    for (int i = 0; i < n; i++) {
        if (s->keep) {
            push(s, entries[i]->d_name);
        } else {
            unlinkat(s->folder, entries[i]->d_name, 0);
        }
        free(entries[i]);
    }
    free(entries);
    return 0;
}

int picture_store_new(const char *folder, int keep, struct picture_store **ret_store)
{
    struct picture_store *s = calloc(1, sizeof *s);
    if (!s) {
        return DX_E_MEMORY;
    }
    s->keep = keep;
    s->folder = -1;
    s->name = calloc(keep ? (size_t)keep : 1, sizeof s->name[0]);
    int error = s->name ? 0 : DX_E_MEMORY;
    if (!error && mkdir(folder, 0700) != 0 && errno != EEXIST) {
        error = DX_E_IO;
    }
    if (!error) {
        s->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        error = s->folder < 0 ? DX_E_IO : scan(s, folder);
    }
    if (error) {
        picture_store_free(s);
        return error;
    }
    *ret_store = s;
    return 0;
}

void picture_store_free(struct picture_store *s)
{
    if (s) {
        if (s->folder >= 0) {
            close(s->folder);
        }
        free(s->name);
        free(s);
    }
}

static int write_all(int fd, struct str bytes)
{
    while (bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n <= 0) {
            if (n < 0 && errno == EINTR) {
                continue;
            }
            return DX_E_IO;
        }
        bytes = str_slice(bytes, (size_t)n, bytes.n);
    }
    return 0;
}

/* "-<camera>-<event>-<number>.jpg" */
static void write_tail(char out[PICTURE_NAME_CAP], const char *camera, const char *event,
                       int number)
{
    uint8_t digest[SHA256_SIZE];
    char hex[9];
    dx_sha256(digest, str_c(event));
    str_hex(hex, digest, 4);
    snprintf(out, PICTURE_NAME_CAP, "-%s-%s-%d.jpg", camera, hex, number);
}

static bool is_there(const struct picture_store *s, const char *tail)
{
    size_t n = strlen(tail);
    for (int i = s->count - 1; i >= 0; i--) {
        const char *name = s->name[(s->first + i) % s->keep];
        size_t have = strlen(name);
        if (have > n && strcmp(name + have - n, tail) == 0) {
            return true;
        }
    }
    return false;
}

int picture_store_add(struct picture_store *s, const char *camera, const char *event, wall_t at,
                      int number, struct str bytes)
{
    char name[2 * PICTURE_NAME_CAP];
    char tail[PICTURE_NAME_CAP];
    if (s->keep == 0) {
        return 0;
    }
    write_tail(tail, camera, event, number);
    if (is_there(s, tail)) {
        return 0;
    }
    snprintf(name, sizeof name, "%015lld%s", (long long)at.ms, tail);
    int fd = openat(s->folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) {
        return DX_E_IO;
    }
    int error = write_all(fd, bytes);
    if (!error && (fdatasync(fd) != 0 || fsync(s->folder) != 0)) {
        error = DX_E_IO;
    }
    if (close(fd) != 0 || error) {
        unlinkat(s->folder, name, 0);
        return DX_E_IO;
    }
    push(s, name);
    if (s->told) {
        s->told(s->context, camera, at, name);
    }
    return 0;
}

void picture_store_tell(struct picture_store *s, void *context,
                        void (*told)(void *context, const char *camera, wall_t at,
                                     const char *name))
{
    s->context = context;
    s->told = told;
}

int picture_store_count(const struct picture_store *s)
{
    return s->count;
}
