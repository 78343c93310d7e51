/*
 * config.h - the server's configuration file, read and checked as a whole.
 *
 * One YAML file (etc/server.yaml is a sample): database, broker, HTTP, payment,
 * bank, users, operators, lots and their gates.  Tariffs are named per lot and
 * class and read from their own files here, so that a lot with a tariff that
 * does not exist never starts.  Every mistake is told with file, line, key and
 * what is allowed.
 */
#ifndef DOXE_SERVER_IO_CONFIG_H
#define DOXE_SERVER_IO_CONFIG_H

#include "proto/crypto/crypto.h"
#include "proto/tariff/tariff.h"
#include "server/app/app.h"
#include "server/store/store_privacy.h"
#include "server/core/vat.h"

enum {
    SERVER_LOTS_MAX = 1000,
    SERVER_OPERATORS_MAX = 256,
    SERVER_USERS_MAX = 64,
    SERVER_TARIFFS_MAX = 256,
    SERVER_ETC_MAX = 4,
    SERVER_PATH_CAP = 256,
    SERVER_SECRET_CAP = 257
};

struct server_user {
    char name[33];
    int role; /* 0 operator, 1 city: the order of the words in the file */
    char password_hash[PASSWORD_HASH_CAP];
};

/* A provider of traffic accounts: docs/ETC.md. */
struct server_etc {
    char id[17];
    char url[SERVER_PATH_CAP];
    char key_file[SERVER_PATH_CAP];
    char key[SERVER_SECRET_CAP];
};

struct server_rate {
    char from[11]; /* "2025-07-01" */
    char rate[VAT_WORD_CAP];
};

struct server_lot {
    struct app_lot lot;
    char tariff_car[TARIFF_NAME_CAP], tariff_motorbike[TARIFF_NAME_CAP],
        tariff_bicycle[TARIFF_NAME_CAP]; /* "" : not charged by a tariff */
};

/* Whom we ask and who tells us of transfers; "" where a thing is not used. */
struct server_bank {
    char sepay_secret_file[SERVER_PATH_CAP], sepay_token_file[SERVER_PATH_CAP];
    char payos_checksum_file[SERVER_PATH_CAP];
    char casso_secret_file[SERVER_PATH_CAP], casso_key_file[SERVER_PATH_CAP];
    int sepay_api; /* 0 v1, 1 v2: the order of the words in the file */
    char sepay_url[129], casso_url[129];
    int64_t poll_ms;
    char statements[SERVER_PATH_CAP]; /* folder; "" : where statement mappings are installed */
    /* read from the files; each "" when its file is "" */
    char sepay_secret[SERVER_SECRET_CAP], sepay_token[SERVER_SECRET_CAP];
    char payos_checksum[SERVER_SECRET_CAP];
    char casso_secret[SERVER_SECRET_CAP], casso_key[SERVER_SECRET_CAP];
};

struct server_config {
    char city[61];
    char database[SERVER_PATH_CAP];
    char tariffs[SERVER_PATH_CAP]; /* folder; "" : where tariff_file_find looks */
    char public_url[129];          /* without a '/' at its end */
    char mqtt_url[129];
    char mqtt_ca[SERVER_PATH_CAP], mqtt_cert[SERVER_PATH_CAP], mqtt_key[SERVER_PATH_CAP];
    char listen[65];
    bool behind_proxy;
    char tls_cert[SERVER_PATH_CAP], tls_key[SERVER_PATH_CAP]; /* both "" : no TLS here */
    char prefix[PAYCODE_PREFIX_MAX + 1];
    int64_t quote_valid_s, late_grace_s, refund_erase_days;
    char case_key_file[SERVER_PATH_CAP]; /* "" : no refund links, no sealed accounts */
    bool has_case_key;
    uint8_t case_key[APP_CASE_KEY]; /* made of the file's bytes */
    struct privacy_terms privacy;   /* docs/PRIVACY.md */
    struct server_bank bank;
    char invoice_url[SERVER_PATH_CAP]; /* "" : requests wait for a provider */
    char invoice_key_file[SERVER_PATH_CAP];
    char invoice_key[SERVER_SECRET_CAP];
    int etc_count;
    struct server_etc etc[SERVER_ETC_MAX];
    int rate_count;
    struct server_rate rate[VAT_RATES_MAX];
    int has_bank, user_count, operator_count, lot_count;
    struct server_user user[SERVER_USERS_MAX];
    struct app_operator operators[SERVER_OPERATORS_MAX];
    struct server_lot lot[SERVER_LOTS_MAX];
    /* what follows from it */
    struct vat_rates vat;
    int tariff_count;
    struct tariff_set *tariff[SERVER_TARIFFS_MAX];
    char *tariff_text[SERVER_TARIFFS_MAX]; /* the files as they are */
    struct app_lot *app_lots;
    struct app_config app; /* points into this struct */
};

/* DX_E_CONFIG and the like, with the message in `error` (512 bytes are enough); DX_E_MEMORY. */
DX_MUST_USE int server_config_load(const char *path, char *error, size_t cap,
                                   struct server_config **ret_config);
/* NULL is fine; wipes the secrets. */
void server_config_free(struct server_config *config);
/* A commented file with every key; it loads. */
void server_config_print_sample(FILE *file);

#endif
