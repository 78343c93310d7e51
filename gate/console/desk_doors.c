/* Logging in and out, locking and unlocking.  Every one of them is recorded. */
#include "gate/console/desk_parts.h"
#include "proto/io/log.h"

void desk_write_me(struct out *out, const struct desk_login *login)
{
    json_object(out, "me");
    json_c(out, "name", login->who.name);
    json_c(out, "title", login->who.title);
    json_c(out, "role", desk_role_text(login->who.role));
    json_c(out, "token", login->csrf);
    json_object_end(out);
}

/* Name and secret of the body; the document stays with the caller. */
static struct jdoc *read_body(struct desk_visit *visit, struct str *ret_name,
                              struct str *ret_secret)
{
    struct jdoc *body = NULL;
    if (jdoc_read(visit->request->body, &body, NULL)) {
        return NULL;
    }
    if ((ret_name && jdoc_get_str(body, "name", ret_name)) ||
        jdoc_get_str(body, "secret", ret_secret)) {
        jdoc_release(body);
        return NULL;
    }
    return body;
}

static void answer_refused(struct desk_visit *visit, int error, int64_t wait_ms)
{
    char text[24];
    if (error == DX_E_BUSY) {
        int64_t seconds = (wait_ms + 999) / 1000;
        snprintf(text, sizeof text, "%lld", (long long)seconds);
        http_answer_header(visit->response, "Retry-After", text);
        json_object(&visit->out, NULL);
        json_c(&visit->out, "error", "wait");
        json_i64(&visit->out, "seconds", seconds);
        json_object_end(&visit->out);
        desk_answer(visit, 429);
    } else if (error == DX_E_DENIED) {
        desk_answer_error(visit, 403, "wrong");
    } else {
        desk_answer_error(visit, 503, "database");
    }
}

static void answer_me(struct desk_visit *visit)
{
    json_object(&visit->out, NULL);
    desk_write_me(&visit->out, &visit->login);
    json_object_end(&visit->out);
    desk_answer(visit, 200);
}

static void set_cookie(struct desk_visit *visit, const char *token)
{
    char text[DESK_TOKEN_CAP + 96];
    bool secure = visit->desk->config.cert || visit->desk->config.behind_proxy;
    snprintf(text, sizeof text, "doxe_desk=%s; Path=/; HttpOnly; SameSite=Strict%s%s", token,
             token[0] ? "" : "; Max-Age=0", secure ? "; Secure" : "");
    http_answer_header(visit->response, "Set-Cookie", text);
    dx_wipe(text, sizeof text);
}

void desk_answer_login(struct desk_visit *visit)
{
    struct desk *desk = visit->desk;
    struct str name;
    struct str secret;
    int64_t wait_ms = 0;
    struct jdoc *body = read_body(visit, &name, &secret);
    if (!body) {
        desk_answer_error(visit, 400, "body");
        return;
    }
    int error = desk_account_check(&desk->book, &desk->guard, name, secret, visit->request->peer,
                                   visit->mono, &visit->login.who, &wait_ms);
    jdoc_release(body);
    error =
        error ? error : desk_login_open(&desk->book, &visit->login.who, visit->now, &visit->login);
    if (error) {
        log_warn("desk.login_refused", "peer=%s error=%s", visit->request->peer,
                 dx_error_name(error));
        answer_refused(visit, error, wait_ms);
        return;
    }
    if (desk_record(visit, 0, "", "login", "")) {
        log_warn("desk.unrecorded", "action=login by=%s", visit->login.who.name);
    }
    log_info("desk.login", "by=%s peer=%s", visit->login.who.name, visit->request->peer);
    set_cookie(visit, visit->login.token);
    answer_me(visit);
}

void desk_answer_unlock(struct desk_visit *visit)
{
    struct desk *desk = visit->desk;
    struct str secret;
    struct desk_attendant who;
    int64_t wait_ms = 0;
    struct jdoc *body = read_body(visit, NULL, &secret);
    if (!body) {
        desk_answer_error(visit, 400, "body");
        return;
    }
    int error = desk_account_check(&desk->book, &desk->guard, str_c(visit->login.who.name), secret,
                                   visit->request->peer, visit->mono, &who, &wait_ms);
    jdoc_release(body);
    error = error ? error : desk_login_set_locked(&desk->book, &visit->login, false, visit->now);
    if (error) {
        answer_refused(visit, error, wait_ms);
        return;
    }
    (void)!desk_record(visit, 0, "", "unlock", "");
    answer_me(visit);
}

void desk_answer_lock(struct desk_visit *visit)
{
    if (desk_login_set_locked(&visit->desk->book, &visit->login, true, visit->now)) {
        desk_answer_error(visit, 503, "database");
        return;
    }
    (void)!desk_record(visit, 0, "", "lock", "");
    answer_me(visit);
}

void desk_answer_logout(struct desk_visit *visit)
{
    if (desk_login_close(&visit->desk->book, &visit->login)) {
        desk_answer_error(visit, 503, "database");
        return;
    }
    (void)!desk_record(visit, 0, "", "logout", "");
    set_cookie(visit, "");
    json_object(&visit->out, NULL);
    json_object_end(&visit->out);
    desk_answer(visit, 200);
}
