/*
 * web_files.h - what pages load besides themselves: our assets, Debian's Bootstrap and Chart.js.
 *
 * All of it is read and made small once, when the server starts; the packed bytes are what is
 * kept.  Of Debian's packages only the files that pages use can be asked for.
 */
#ifndef DOXE_IO_WEB_FILES_H
#define DOXE_IO_WEB_FILES_H

#include "proto/io/http_srv.h"

struct files;

/* A file of the program itself, made by cmake/embed.cmake. */
struct file_source {
    const char *name;
    const char *etag;
    const unsigned char *bytes;
    size_t n;
};
/* A file of a Debian package, by its path below `lib_dir`. */
struct file_package {
    const char *name, *path;
};

/* `own`, `packages` and `lib_dir` are borrowed for good.  `lib_dir` NULL: /usr/share/javascript.  A
 * file of a package that is missing is logged and 404. */
DX_MUST_USE int files_load(const struct file_source *own, int own_count,
                           const struct file_package *packages, int package_count,
                           const char *lib_dir, struct files **ret_files);
void files_free(struct files *files);
/* `folder` is "assets" or "lib"; 404 for a name that is not there. */
void files_answer(const struct files *files, const char *folder, struct str name,
                  const struct http_request *request, struct http_response *response);

#endif
