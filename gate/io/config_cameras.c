#include "gate/io/config_cameras.h"

#include "gate/io/scanner.h"
#include "proto/io/http_text.h"
#include "proto/io/mqtt_link.h"
#include "proto/topic.h"

static int parse_name(struct str text, void *ret_member)
{
    return topic_name_is_valid(text) ? str_copy(ret_member, CAMERA_NAME_CAP, text) : DX_E_FORMAT;
}

const struct config_field camera_fields[] = {
    {.key = "name",
     .type = CONFIG_CUSTOM,
     CONFIG_AT(struct camera_settings, name),
     .required = true,
     .parse = parse_name,
     .allowed = "a name of a-z, 0-9 and '-', at most 32",
     .sample = "cam-in",
     .help = "as a lane calls it"},
    {.key = "kind",
     .type = CONFIG_ENUM,
     CONFIG_AT(struct camera_settings, kind),
     .allowed = CAMERA_KINDS,
     .default_text = "hikvision",
     .help = "who made the camera, or the engine that reads its pictures"},
    {.key = "token_file",
     .type = CONFIG_PATH,
     CONFIG_AT(struct camera_settings, token_file),
     .default_text = "",
     .help = "secret of 16 or more letters and digits: it pushes to /camera/<name>/<secret>"},
    {.key = "from",
     .type = CONFIG_STRING,
     CONFIG_AT(struct camera_settings, from),
     .default_text = "",
     .help = "numeric address it pushes from; \"\": any"},
    {.key = "url",
     .type = CONFIG_STRING,
     CONFIG_AT(struct camera_settings, url),
     .default_text = "",
     .help = "dahua: http://address of the camera; onvif: of its event service"},
    {.key = "user",
     .type = CONFIG_STRING,
     CONFIG_AT(struct camera_settings, user),
     .default_text = "",
     .help = "for url: login by HTTP digest"},
    {.key = "password_file",
     .type = CONFIG_PATH,
     CONFIG_AT(struct camera_settings, password_file),
     .default_text = "",
     .help = "that user's password"},
    {.key = "ca",
     .type = CONFIG_PATH,
     CONFIG_AT(struct camera_settings, ca),
     .default_text = "",
     .help = "PEM file that an https camera's certificate is checked with; \"\": the system's"},
    {.key = "channel",
     .type = CONFIG_INT,
     CONFIG_AT(struct camera_settings, channel),
     .min = 1,
     .max = 64,
     .default_text = "1",
     .help = "dahua: which channel of it"},
    {.key = "stream",
     .type = CONFIG_ENUM,
     CONFIG_AT(struct camera_settings, stream),
     .allowed = "snapManager|eventManager",
     .default_text = "snapManager",
     .help = "dahua: which stream; eventManager has no pictures"},
    {.key = "source",
     .type = CONFIG_STRING,
     CONFIG_AT(struct camera_settings, source),
     .default_text = "",
     .help = "frigate: what it calls this camera; \"\": its name here"},
    {.key = "skew",
     .type = CONFIG_DURATION,
     CONFIG_AT(struct camera_settings, skew_ms),
     .min = TIME_SECOND_MS,
     .max = TIME_DAY_MS,
     .default_text = "2min",
     .help = "its clock may be so far off before an alarm"},
    {.key = "silence",
     .type = CONFIG_DURATION,
     CONFIG_AT(struct camera_settings, silence_ms),
     .max = INT64_C(30) * TIME_DAY_MS,
     .default_text = "0",
     .help = "an alarm when nothing, not even a heartbeat, came for so long; 0: never"},
    {0}};

const struct config_field frigate_fields[] = {
    {.key = "url",
     .type = CONFIG_STRING,
     CONFIG_AT(struct frigate_settings, url),
     .default_text = "",
     .help = "ssl://host:port of the broker Frigate speaks to; tcp:// on the same machine only"},
    {.key = "ca",
     .type = CONFIG_PATH,
     CONFIG_AT(struct frigate_settings, ca),
     .default_text = "",
     .help = "PEM file of the authority that signed it"},
    {.key = "cert",
     .type = CONFIG_PATH,
     CONFIG_AT(struct frigate_settings, cert),
     .default_text = "",
     .help = "PEM file of the gate's certificate there, if the broker wants one"},
    {.key = "key",
     .type = CONFIG_PATH,
     CONFIG_AT(struct frigate_settings, key),
     .default_text = "",
     .help = "PEM file of its key"},
    {.key = "user",
     .type = CONFIG_STRING,
     CONFIG_AT(struct frigate_settings, user),
     .default_text = "",
     .help = "login, if the broker wants one"},
    {.key = "password_file",
     .type = CONFIG_PATH,
     CONFIG_AT(struct frigate_settings, password_file),
     .default_text = "",
     .help = "that user's password"},
    {.key = "prefix",
     .type = CONFIG_STRING,
     CONFIG_AT(struct frigate_settings, prefix),
     .min = 1,
     .default_text = "frigate",
     .help = "topic_prefix of Frigate's configuration"},
    {0}};

static struct ynode camera_at(const struct ydoc *doc, int i, const char *key)
{
    char path[YAML_PATH_CAP];
    snprintf(path, sizeof path, "cameras[%d].%s", i, key);
    return ynode_find(doc, path); /* or the camera itself, when it has no such key */
}

static bool is_http(const char *url)
{
    struct str text = str_c(url);
    return str_starts(text, STR("http://")) || str_starts(text, STR("https://"));
}

static int check_one(const struct ydoc *doc, const struct camera_settings *c, int i,
                     const struct frigate_settings *frigate)
{
    struct http_address address;
    char numeric[CAMERA_SOURCE_CAP + 8];
    bool asks = c->kind == CAMERA_DAHUA || (c->kind == CAMERA_ONVIF && c->url[0]);
    if (asks && !is_http(c->url)) {
        return ynode_fail(camera_at(doc, i, "url"),
                          "'%s' is not allowed; http:// or https:// and the camera's address",
                          c->url);
    }
    if (!asks && c->url[0]) {
        return ynode_fail(camera_at(doc, i, "url"),
                          "this kind of camera is not asked; leave it out");
    }
    if ((c->user[0] != '\0') != (c->password_file[0] != '\0')) {
        return ynode_fail(camera_at(doc, i, "user"), "user and password_file belong together");
    }
    if (c->user[0] && !asks) {
        return ynode_fail(
            camera_at(doc, i, "user"),
            "a login is for a camera that is asked; token_file is for one that pushes");
    }
    if ((c->token_file[0] || c->from[0]) && (asks || c->kind == CAMERA_FRIGATE)) {
        return ynode_fail(camera_at(doc, i, c->token_file[0] ? "token_file" : "from"),
                          "this camera does not push; leave it out");
    }
    snprintf(numeric, sizeof numeric, strchr(c->from, ':') ? "[%s]:1" : "%s:1", c->from);
    if (c->from[0] && http_address_parse(numeric, &address)) {
        return ynode_fail(camera_at(doc, i, "from"),
                          "'%s' is no address; a numeric one, as 192.0.2.10", c->from);
    }
    if (c->kind == CAMERA_FRIGATE && !frigate->url[0]) {
        return ynode_fail(camera_at(doc, i, "kind"),
                          "frigate needs its broker; set frigate.url, ca and a login there");
    }
    return 0;
}

static int check_frigate(const struct ydoc *doc, const struct frigate_settings *f)
{
    struct ynode node = ynode_find(doc, "frigate");
    if (f->url[0] && !mqtt_link_url_is_right(f->url)) {
        return ynode_fail(ynode_find(doc, "frigate.url"), "'%s' is not allowed; %s", f->url,
                          MQTT_URL_ALLOWED);
    }
    if (strncmp(f->url, "ssl:", 4) == 0 && !f->ca[0]) {
        return ynode_fail(node, "ca is needed with ssl://");
    }
    if ((f->cert[0] != '\0') != (f->key[0] != '\0')) {
        return ynode_fail(node, "cert and key belong together");
    }
    if ((f->user[0] != '\0') != (f->password_file[0] != '\0')) {
        return ynode_fail(node, "user and password_file belong together");
    }
    if (f->url[0] && strpbrk(f->prefix, "#+")) {
        return ynode_fail(node, "prefix has no '#' and no '+'");
    }
    return 0;
}

int config_check_cameras(const struct ydoc *doc, const struct camera_settings *cameras, int count,
                         const struct frigate_settings *frigate,
                         bool (*lane_has)(const void *context, const char *name),
                         const void *context)
{
    int error = check_frigate(doc, frigate);
    for (int i = 0; i < count && !error; i++) {
        const struct camera_settings *c = &cameras[i];
        for (int k = 0; k < i && !error; k++) {
            if (strcmp(c->name, cameras[k].name) == 0) {
                error =
                    ynode_fail(camera_at(doc, i, "name"),
                               "'%s' is there twice; each camera has a name of its own", c->name);
            }
        }
        if (!error && !lane_has(context, c->name)) {
            error = ynode_fail(camera_at(doc, i, "name"),
                               "no lane has camera '%s'; name it under lanes", c->name);
        }
        error = error ? error : check_one(doc, c, i, frigate);
    }
    return error;
}

int config_check_scanner(struct ynode node, const char *scanner)
{
    struct scanner_line line;
    if (scanner[0] && scanner_line_parse(scanner, &line)) {
        return ynode_fail(node, "'%s' is not allowed; %s", scanner, SCANNER_LINES_ALLOWED);
    }
    return 0;
}
