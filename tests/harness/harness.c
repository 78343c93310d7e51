#include "tests/harness/harness.h"

#include <ftw.h>
#include <unistd.h>

char *harness_read_file(const char *path, size_t *ret_size)
{
    char full[1024];
    snprintf(full, sizeof full, "%s%s%s", path[0] == '/' ? "" : DOXE_SOURCE_DIR,
             path[0] == '/' ? "" : "/", path);
    FILE *file = fopen(full, "rb");
    if (!file) {
        fail_msg("cannot read %s", full);
    }
    size_t cap = 4096;
    size_t n = 0;
    char *bytes = malloc(cap);
    for (;;) {
        assert_non_null(bytes);
        n += fread(bytes + n, 1, cap - n - 1, file);
        if (n < cap - 1) {
            break;
        }
        cap *= 2;
        bytes = realloc(bytes, cap);
    }
    fclose(file);
    bytes[n] = '\0';
    if (ret_size) {
        *ret_size = n;
    }
    return bytes;
}

static char temp_dirs[16][64];
static int temp_dir_count;

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void remove_temp_dirs(void)
{
    for (int i = 0; i < temp_dir_count; i++) {
        nftw(temp_dirs[i], remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    }
}

char *harness_temp_dir(void)
{
    assert_true(temp_dir_count < 16);
    char *path = temp_dirs[temp_dir_count];
    snprintf(path, sizeof temp_dirs[0], "/tmp/doxe-test-XXXXXX");
    assert_non_null(mkdtemp(path));
    if (temp_dir_count++ == 0) {
        atexit(remove_temp_dirs);
    }
    return strdup(path);
}
