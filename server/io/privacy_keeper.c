/* privacy_keeper.c - the key beside the database, and the daily retention. */
#include "server/io/privacy_cli.h"

#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "server/store/store_bank.h"

#include <errno.h>
#include <fcntl.h>

enum { LOOK_MS = 60 * 1000, BUSY_MS = 5000 };

static int key_path(const char *database, char out[SERVER_PATH_CAP + 16])
{
    int n = snprintf(out, SERVER_PATH_CAP + 16, "%s.privacy.key", database);
    return n > 0 && n < SERVER_PATH_CAP + 16 ? 0 : DX_E_SPACE;
}

static int make_key(const char *path, uint8_t key[PRIVACY_KEY])
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return DX_E_IO;
    }
    dx_random(key, PRIVACY_KEY);
    bool good = write(fd, key, PRIVACY_KEY) == PRIVACY_KEY && fsync(fd) == 0;
    good = close(fd) == 0 && good;
    if (!good) {
        (void)unlink(path);
    }
    return good ? 0 : DX_E_IO;
}

int privacy_key_load(const char *database, uint8_t ret_key[PRIVACY_KEY])
{
    char path[SERVER_PATH_CAP + 16];
    uint8_t key[PRIVACY_KEY];
    int error = key_path(database, path);
    if (error) {
        return error;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        error = make_key(path, key);
    } else if (fd < 0) {
        error = DX_E_IO;
    } else {
        error = read(fd, key, PRIVACY_KEY) == PRIVACY_KEY ? 0 : DX_E_CORRUPT;
        (void)close(fd);
    }
    if (!error) {
        memcpy(ret_key, key, PRIVACY_KEY);
    }
    return error;
}

bool privacy_is_due(wall_t last, wall_t now)
{
    return wall_diff(now, last) >= TIME_DAY_MS;
}

static bool stopping(void *context)
{
    return asker_is_stopping(context);
}

static int retain(const struct asker_tools *tools, struct privacy_count *ret_count)
{
    uint8_t key[PRIVACY_KEY];
    struct store *store = NULL;
    int error = privacy_key_load(tools->config->database, key);
    error = error ? error : store_open_another(tools->config->database, BUSY_MS, &store);
    if (error) {
        return error;
    }
    const struct privacy_run run = {.key = key,
                                    .terms = tools->config->privacy,
                                    .now = clock_wall(),
                                    .by = "server",
                                    .stopping = stopping,
                                    .context = tools->asker};
    error = store_privacy_retain(store, &run, ret_count);
    store_close(store);
    return error;
}

static void look(const struct asker_tools *tools)
{
    wall_t last = {0};
    struct privacy_count count;
    char text[512];
    struct out out;
    if (store_privacy_last(tools->store, &last) != 0 || !privacy_is_due(last, clock_wall())) {
        return;
    }
    int error = retain(tools, &count);
    if (error) {
        if (!asker_is_stopping(tools->asker)) {
            log_warn("privacy.retention", "error=%s", dx_error_name(error)); /* tried again */
        }
        return;
    }
    out_init(&out, text, sizeof text);
    privacy_count_write(&out, &count);
    log_info("privacy.retention", "done=%s", out_str(&out).p);
}

int privacy_keeper_start(const struct server_config *config, struct app *app,
                         struct asker **ret_asker)
{
    return asker_start(config, app, LOOK_MS, look, ret_asker);
}
