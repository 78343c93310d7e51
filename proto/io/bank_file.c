#include "proto/io/bank_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_readable(const char *path)
{
    return access(path, R_OK) == 0;
}

/* The folder of the program, without its last part ("/usr/bin/doxe" gives "/usr/bin"). */
static bool program_folder(char *out, size_t cap)
{
    ssize_t n = readlink("/proc/self/exe", out, cap - 1);
    if (n <= 0) {
        return false;
    }
    out[n] = '\0';
    char *slash = strrchr(out, '/');
    if (!slash) {
        return false;
    }
    *slash = '\0';
    return true;
}

/* The file of that name (`variable`, /etc/doxe, beside the program). */
static int find(const char *variable, const char *file, char ret_path[BANK_FILE_PATH_CAP])
{
    static const char beside[] = "/../share/doxe/";
    char folder[BANK_FILE_PATH_CAP - 64];
    char path[BANK_FILE_PATH_CAP];
    const char *named = getenv(variable);
    if (named && *named) {
        return str_copy(ret_path, BANK_FILE_PATH_CAP, str_c(named));
    }
    snprintf(path, sizeof path, "/etc/doxe/%s", file);
    if (is_readable(path)) {
        return str_copy(ret_path, BANK_FILE_PATH_CAP, str_c(path));
    }
    if (!program_folder(folder, sizeof folder)) {
        return DX_E_NOT_FOUND;
    }
    snprintf(path, sizeof path, "%s%s%s", folder, beside, file);
    return is_readable(path) ? str_copy(ret_path, BANK_FILE_PATH_CAP, str_c(path)) : DX_E_NOT_FOUND;
}

int bank_file_find(char ret_path[BANK_FILE_PATH_CAP])
{
    return find("DOXE_BANKS", "banks.csv", ret_path);
}

static int fail(char error[BANK_FILE_ERROR_CAP], int rc, const char *path, const char *why)
{
    snprintf(error, BANK_FILE_ERROR_CAP, "%.160s: %s", path, why);
    return rc;
}

/* The bytes of the file; free() them. */
static int read_whole(const char *path, char **ret_bytes, size_t *ret_n,
                      char error[BANK_FILE_ERROR_CAP])
{
    FILE *file = fopen(path, "rbe");
    if (!file) {
        return fail(error, errno == ENOENT ? DX_E_NOT_FOUND : DX_E_IO, path, strerror(errno));
    }
    char *bytes = malloc(BANK_FILE_MAX + 1);
    size_t n = bytes ? fread(bytes, 1, BANK_FILE_MAX + 1, file) : 0;
    int rc = 0;
    if (!bytes) {
        rc = fail(error, DX_E_MEMORY, path, "no memory");
    } else if (ferror(file)) {
        rc = fail(error, DX_E_IO, path, strerror(errno));
    } else if (n > BANK_FILE_MAX) {
        rc = fail(error, DX_E_RANGE, path, "the file is too long");
    }
    fclose(file);
    if (rc) {
        free(bytes);
        return rc;
    }
    *ret_bytes = bytes;
    *ret_n = n;
    return 0;
}

int bank_file_load(const char *path, struct bank_list *list, char error[BANK_FILE_ERROR_CAP])
{
    char *bytes;
    size_t n;
    int line = 0;
    const char *why = NULL;
    list->count = 0;
    int rc = read_whole(path, &bytes, &n, error);
    if (rc) {
        return rc;
    }
    rc = banks_read((struct str){bytes, n}, list, &line, &why);
    free(bytes);
    if (rc) {
        snprintf(error, BANK_FILE_ERROR_CAP, "%.160s:%d: %s", path, line, why);
    }
    return rc;
}

int bank_file_load_apps(struct bank_app_list *list, char error[BANK_FILE_ERROR_CAP])
{
    char path[BANK_FILE_PATH_CAP];
    char *bytes;
    size_t n;
    int line = 0;
    const char *why = NULL;
    list->count = 0;
    int rc = find("DOXE_BANK_APPS", "bank_apps.csv", path);
    if (rc) {
        return fail(error, rc, "bank_apps.csv", "there is none");
    }
    rc = read_whole(path, &bytes, &n, error);
    if (rc) {
        return rc;
    }
    rc = bank_apps_read((struct str){bytes, n}, list, &line, &why);
    free(bytes);
    if (rc) {
        snprintf(error, BANK_FILE_ERROR_CAP, "%.160s:%d: %s", path, line, why);
    }
    return rc;
}

static bool write_and_sync(int fd, const char *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t written = write(fd, bytes + done, n - done);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        done += written > 0 ? (size_t)written : 0;
    }
    return fsync(fd) == 0;
}

static int write_beside(const char *to, const char *bytes, size_t n,
                        char error[BANK_FILE_ERROR_CAP])
{
    char temporary[BANK_FILE_PATH_CAP + 16];
    snprintf(temporary, sizeof temporary, "%s.XXXXXX", to);
    int fd = mkstemp(temporary);
    if (fd < 0) {
        return fail(error, DX_E_IO, to, strerror(errno));
    }
    bool good = write_and_sync(fd, bytes, n) && fchmod(fd, 0644) == 0;
    good = close(fd) == 0 && good;
    if (!good || rename(temporary, to) != 0) {
        int rc = fail(error, DX_E_IO, to, strerror(errno));
        unlink(temporary);
        return rc;
    }
    return 0;
}

int bank_file_install(const char *from, const char *to, char error[BANK_FILE_ERROR_CAP])
{
    char *bytes;
    size_t n;
    if (strlen(to) >= BANK_FILE_PATH_CAP) {
        return fail(error, DX_E_SPACE, to, "the path is too long");
    }
    int rc = read_whole(from, &bytes, &n, error);
    if (rc) {
        return rc;
    }
    rc = write_beside(to, bytes, n, error);
    free(bytes);
    return rc;
}
