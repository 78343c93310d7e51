#include "proto/io/web_files.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "proto/io/gzip.h"
#include "proto/io/http_text.h"
#include "proto/io/log.h"

#include <string.h>

enum { FILES_MAX = 32, FILE_SIZE_MAX = 1 << 20, ETAG_CAP = 24 };

struct file {
    const char *folder, *name;
    char etag[ETAG_CAP];
    const char *plain; /* of the program itself; NULL: on the disk, below root */
    const char *root, *path;
    char *packed;
    size_t plain_n, packed_n;
};

struct files {
    int count;
    struct file file[FILES_MAX];
};

/* Keeps the packed bytes; `plain` is only read. */
static int add(struct files *files, const char *folder, const char *name, const char *plain,
               size_t n)
{
    uint8_t digest[SHA256_SIZE];
    char hex[17];
    must(files->count < FILES_MAX);
    struct file *file = &files->file[files->count];
    int error = gzip_pack((struct str){plain, n}, &file->packed, &file->packed_n);
    if (error) {
        return error;
    }
    dx_sha256(digest, (struct str){plain, n});
    str_hex(hex, digest, 8);
    snprintf(file->etag, sizeof file->etag, "\"%s\"", hex);
    file->folder = folder;
    file->name = name;
    file->plain_n = n;
    files->count++;
    return 0;
}

/* The bytes of a file in new memory, or NULL. */
static char *read_file(const char *root, const char *path, size_t *ret_n)
{
    char full[512];
    int length = snprintf(full, sizeof full, "%s/%s", root, path);
    FILE *file = length > 0 && (size_t)length < sizeof full ? fopen(full, "rb") : NULL;
    char *bytes = file ? malloc(FILE_SIZE_MAX) : NULL;
    size_t n = bytes ? fread(bytes, 1, FILE_SIZE_MAX, file) : 0;
    if (file) {
        fclose(file);
    }
    if (n == 0 || n == FILE_SIZE_MAX) {
        free(bytes);
        return NULL;
    }
    *ret_n = n;
    return bytes;
}

int files_load(const struct file_source *own, int own_count, const struct file_package *packages,
               int package_count, const char *lib_dir, struct files **ret_files)
{
    const char *root = lib_dir ? lib_dir : "/usr/share/javascript";
    struct files *files = calloc(1, sizeof *files);
    int error = files ? 0 : DX_E_MEMORY;
    for (int i = 0; i < own_count && !error; i++) {
        const char *bytes = (const char *)own[i].bytes;
        error = add(files, "assets", own[i].name, bytes, own[i].n);
        if (!error) {
            files->file[files->count - 1].plain = bytes;
        }
    }
    for (int i = 0; i < package_count && !error; i++) {
        size_t n = 0;
        char *bytes = read_file(root, packages[i].path, &n);
        if (bytes) {
            error = add(files, "lib", packages[i].name, bytes, n);
            if (!error) {
                files->file[files->count - 1].root = root;
                files->file[files->count - 1].path = packages[i].path;
            }
            free(bytes);
        } else {
            log_warn("web.file_missing", "path=%s/%s", root, packages[i].path);
        }
    }
    if (error) {
        files_free(files);
        return error;
    }
    *ret_files = files;
    return 0;
}

void files_free(struct files *files)
{
    if (files) {
        for (int i = 0; i < files->count; i++) {
            free(files->file[i].packed);
        }
        free(files);
    }
}

void files_answer(const struct files *files, const char *folder, struct str name,
                  const struct http_request *request, struct http_response *response)
{
    for (int i = 0; i < files->count; i++) {
        const struct file *file = &files->file[i];
        if (strcmp(file->folder, folder) != 0 || !str_eq_c(name, file->name)) {
            continue;
        }
        bool packed = gzip_is_accepted(http_header(request, "Accept-Encoding"));
        http_answer_header(response, "Vary", "Accept-Encoding");
        if (!packed && !file->plain) { /* no browser of ours; not worth the memory */
            http_answer_file(response, request, file->root, str_c(file->path));
            return;
        }
        if (packed) {
            http_answer_header(response, "Content-Encoding", "gzip");
        }
        http_answer_cached(response, request, http_content_type(name), file->etag,
                           packed ? (struct str){file->packed, file->packed_n}
                                  : (struct str){file->plain, file->plain_n});
        return;
    }
    http_answer_error(response, 404, "not_found", "there is no such file");
}
