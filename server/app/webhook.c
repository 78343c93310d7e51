/* webhook.c - what providers tell of transfers: verified, stored, answered; applied later. */
#include "proto/io/log.h"
#include "proto/io/webhook_verify.h"
#include "server/app/ask.h"
#include "server/app/inbox.h"

/* The header fields that a provider's signature may be in. */
static int take_headers(struct str (*header)(void *context, const char *name), void *context,
                        struct webhook_header *headers)
{
    static const char *const names[] = {"X-SePay-Signature", "X-SePay-Timestamp", "Authorization",
                                        "X-Casso-Signature", "secure-token"};
    int count = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct str value = header(context, names[i]);
        if (value.p) {
            headers[count++] = (struct webhook_header){str_c(names[i]), value};
        }
    }
    return count;
}

static struct str secret_of(const struct app_config *config, enum webhook_provider provider)
{
    switch (provider) {
    case WEBHOOK_SEPAY:
        return str_c(config->sepay_secret);
    case WEBHOOK_PAYOS:
        return str_c(config->payos_secret);
    case WEBHOOK_CASSO:
        return str_c(config->casso_secret);
    case WEBHOOK_PROVIDER_COUNT:
        break;
    }
    return STR("");
}

void app_bank_news(struct app *app)
{
    atomic_store(&app_inbox(app)->news, true);
    app_wake(app);
}

int app_bank_webhook(struct app *app, const char *provider,
                     struct str (*header)(void *context, const char *name), void *context,
                     struct str body)
{
    struct webhook_header headers[8];
    enum webhook_provider which = WEBHOOK_SEPAY;
    const struct desk *desk = app_desk(app);
    const char *why = "";
    int added = 0;
    if (webhook_provider_from_name(str_c(provider), &which) != 0 ||
        secret_of(desk->config, which).n == 0) {
        return 404;
    }
    if (body.n == 0 || body.n > STORE_NOTICE_MAX) {
        return body.n == 0 ? 401 : 413;
    }
    wall_t now = desk->ports.wall(desk->ports.context);
    int count = take_headers(header, context, headers);
    int error =
        webhook_verify(which, secret_of(desk->config, which), headers, count, body, now, &why);
    if (error) {
        log_warn("webhook.refused", "provider=%s reason=\"%s\"", provider, why);
        return 401;
    }
    const struct store_inbox_row row = {.provider = provider,
                                        .source = CREDIT_WEBHOOK,
                                        .received = now,
                                        .body = body,
                                        .digest = ""};
    error = inbox_add(app_inbox(app), &row, 1, NULL, 0, &added);
    if (error) {
        log_error("webhook.not_stored", "provider=%s error=%s", provider, dx_error_name(error));
        return 503;
    }
    app_wake(app);
    return 200;
}
