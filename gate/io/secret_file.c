#include "gate/io/secret_file.h"

#include "proto/crypto/crypto.h"

#include <errno.h>

int secret_file_read(const char *path, char *out, size_t cap)
{
    char line[512];
    FILE *file = fopen(path, "re");
    if (!file) {
        return errno == ENOENT ? DX_E_NOT_FOUND : DX_E_IO;
    }
    setvbuf(file, NULL, _IONBF, 0); /* no copy of it in the library */
    bool read = fgets(line, sizeof line, file) != NULL;
    int error = ferror(file) ? DX_E_IO : 0;
    fclose(file);
    struct str text = read ? str_trim(str_c(line)) : (struct str){NULL, 0};
    if (!error) {
        error = text.n ? str_copy(out, cap, text) : DX_E_FORMAT;
    }
    dx_wipe(line, sizeof line);
    return error;
}
