#include "gate/console/desk_keep.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool desk_picture_is_named(struct str name)
{
    bool good = name.n > 4 && name.n < 80 && ascii_is_digit(name.p[0]) &&
                str_eq_c(str_slice(name, name.n - 4, name.n), ".jpg");
    for (size_t i = 0; good && i + 4 < name.n; i++) {
        good =
            ascii_is_digit(name.p[i]) || (name.p[i] >= 'a' && name.p[i] <= 'z') || name.p[i] == '-';
    }
    return good;
}

int desk_keep_picture(const char *folder, const char *name)
{
    if (!desk_picture_is_named(str_c(name))) {
        return DX_E_FORMAT;
    }
    int from = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (from < 0) {
        return DX_E_IO;
    }
    int error = 0;
    if (mkdirat(from, "kept", 0700) != 0 && errno != EEXIST) {
        error = DX_E_IO;
    }
    int to = error ? -1 : openat(from, "kept", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (to < 0 || (linkat(from, name, to, name, 0) != 0 && errno != EEXIST)) {
        error = errno == ENOENT ? DX_E_NOT_FOUND : DX_E_IO;
    }
    if (to >= 0) {
        close(to);
    }
    close(from);
    return error;
}
