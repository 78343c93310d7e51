#include "sim/live/invoice_provider.h"

#include "proto/base/check.h"
#include "proto/base/out.h"
#include "proto/crypto/crypto.h"
#include "proto/io/daemon.h"
#include "proto/io/http_srv.h"
#include "proto/io/json.h"

#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_MAX = 100000 };

struct kept {
    char id[27];
    char series[32]; /* seller and series */
    uint8_t digest[SHA256_SIZE];
    int64_t number;
};

struct invoice_provider {
    struct http_srv *srv;
    const char *key;
    int silent_permille;
    struct prng dice;
    pthread_mutex_t lock; /* of what stands below, for the counting thread */
    int asked, count, cap;
    struct kept *kept;
};

/* What a request must say to be issued; false names why. */
static bool read_request(const struct jdoc *root, struct kept *ret_kept, const char **ret_why)
{
    struct str id, series, tax, vat;
    const struct jdoc *seller;
    int64_t net = 0, tax_vnd = 0, total = 0, quantity = 0, price = 0;
    *ret_why = "id, seller, series, vat and amounts are needed";
    if (jdoc_get_str(root, "id", &id) || jdoc_get_object(root, "seller", &seller) ||
        jdoc_get_str(seller, "tax_code", &tax) || jdoc_get_str(root, "series", &series) ||
        jdoc_get_str(root, "vat", &vat) || jdoc_get_i64(root, "net_vnd", &net) ||
        jdoc_get_i64(root, "vat_vnd", &tax_vnd) || jdoc_get_i64(root, "total_vnd", &total) ||
        jdoc_get_i64(root, "quantity", &quantity) || jdoc_get_i64(root, "price_vnd", &price)) {
        return false;
    }
    *ret_why = "the amounts do not add up";
    if (net + tax_vnd != total || quantity * price != net || total <= 0) {
        return false;
    }
    *ret_why = "a name is too long";
    char text[64];
    snprintf(text, sizeof text, "%.*s/%.*s", (int)tax.n, tax.p, (int)series.n, series.p);
    return str_copy(ret_kept->id, sizeof ret_kept->id, id) == 0 &&
           str_copy(ret_kept->series, sizeof ret_kept->series, str_c(text)) == 0;
}

/* The invoice of this id, made when it is new; NULL: the id stands for another content. */
static const struct kept *issue(struct invoice_provider *p, struct kept *wanted)
{
    int64_t number = 1;
    for (int i = 0; i < p->count; i++) {
        if (strcmp(p->kept[i].id, wanted->id) == 0) {
            bool same = memcmp(p->kept[i].digest, wanted->digest, SHA256_SIZE) == 0;
            return same ? &p->kept[i] : NULL;
        }
        if (strcmp(p->kept[i].series, wanted->series) == 0) {
            number = p->kept[i].number + 1;
        }
    }
    if (p->count == p->cap) {
        p->cap = p->cap ? 2 * p->cap : 64;
        must(p->cap <= 2 * KEPT_MAX);
        p->kept = realloc(p->kept, (size_t)p->cap * sizeof *p->kept);
        must(p->kept);
    }
    wanted->number = number;
    p->kept[p->count] = *wanted;
    return &p->kept[p->count++];
}

static void answer_issued(struct http_response *response, const struct kept *kept)
{
    char space[512];
    char text[128];
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_i64(&out, "number", kept->number);
    snprintf(text, sizeof text, "M1-26-DOXE0-%011lld", (long long)kept->number);
    json_c(&out, "code", text);
    snprintf(text, sizeof text, "https://invoices.example/lookup/%s", kept->id);
    json_c(&out, "lookup", text);
    snprintf(text, sizeof text, "P-%s", kept->id);
    json_c(&out, "id", text);
    json_object_end(&out);
    http_answer_json(response, 200, out_str(&out));
}

static bool knows_key(const struct invoice_provider *p, const struct http_request *request)
{
    char wanted[320];
    snprintf(wanted, sizeof wanted, "Bearer %s", p->key ? p->key : "");
    return !p->key || str_eq_c(http_header(request, "Authorization"), wanted);
}

static void take(struct invoice_provider *p, const struct http_request *request,
                 struct http_response *response)
{
    struct jdoc *root = NULL;
    struct kept wanted = {.number = 0};
    const char *why = "not JSON";
    bool silent = prng_chance(&p->dice, p->silent_permille);
    bool before = prng_chance(&p->dice, 500);
    p->asked++;
    if (silent && before) {
        http_answer_error(response, 503, "busy", "try again");
        return;
    }
    bool good = jdoc_read(request->body, &root, NULL) == 0 && read_request(root, &wanted, &why);
    jdoc_release(root);
    if (!good) {
        http_answer_error(response, 422, "refused", why);
        return;
    }
    dx_sha256(wanted.digest, request->body);
    const struct kept *kept = issue(p, &wanted);
    if (!kept) {
        http_answer_error(response, 422, "refused", "this id stands for another invoice");
    } else if (silent) {
        http_answer_error(response, 504, "gateway", "no answer"); /* issued, and nobody was told */
    } else {
        answer_issued(response, kept);
    }
}

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct invoice_provider *p = context;
    if (request->method != HTTP_POST) {
        http_answer_error(response, 405, "method", "POST a request");
    } else if (!knows_key(p, request)) {
        http_answer_error(response, 401, "key", "the bearer token is wrong");
    } else {
        pthread_mutex_lock(&p->lock);
        take(p, request, response);
        pthread_mutex_unlock(&p->lock);
    }
}

int invoice_provider_start(const struct invoice_provider_options *options,
                           struct invoice_provider **ret_provider)
{
    struct invoice_provider *p = calloc(1, sizeof *p);
    if (!p) {
        return DX_E_MEMORY;
    }
    p->key = options->key;
    p->silent_permille = options->silent_permille;
    prng_init(&p->dice, options->seed);
    pthread_mutex_init(&p->lock, NULL);
    const struct http_config config = {.listen = options->listen,
                                       .body_max = 64 * 1024,
                                       .connection_max = 16,
                                       .context = p,
                                       .handle = handle};
    int error = http_srv_start(&config, &p->srv);
    if (error) {
        pthread_mutex_destroy(&p->lock);
        free(p);
        return error;
    }
    *ret_provider = p;
    return 0;
}

void invoice_provider_stop(struct invoice_provider *p)
{
    if (p) {
        http_srv_stop(p->srv);
        pthread_mutex_destroy(&p->lock);
        free(p->kept);
        free(p);
    }
}

int invoice_provider_port(const struct invoice_provider *provider)
{
    return http_srv_port(provider->srv);
}

void invoice_provider_count(struct invoice_provider *p, int *ret_issued, int *ret_asked)
{
    pthread_mutex_lock(&p->lock);
    *ret_issued = p->count;
    *ret_asked = p->asked;
    pthread_mutex_unlock(&p->lock);
}

/* ---- as a program ---- */

static const char usage[] =
    "doxe-sim invoices - a provider of electronic invoices, played\n\n"
    "usage: doxe-sim invoices [--listen 127.0.0.1:9300] [--silent PERMILLE] [--seed N]\n\n"
    "Numbers ascend per seller and series; the same id gets the same number. Of PERMILLE requests\n"
    "in a thousand no answer comes, half of them after the invoice was issued.\n";

static sem_t stop;

static void on_stop(void *context)
{
    (void)context;
    sem_post(&stop);
}

int invoice_provider_main(int argc, char **argv)
{
    static const struct option known[] = {{"listen", required_argument, NULL, 'l'},
                                          {"silent", required_argument, NULL, 's'},
                                          {"seed", required_argument, NULL, 'd'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    struct invoice_provider_options options = {.listen = "127.0.0.1:9300", .seed = 1};
    struct invoice_provider *provider;
    int64_t number = 0;
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            return EXIT_OK;
        }
        if (option == '?' ||
            (option != 'l' &&
             str_parse_i64(str_c(optarg), 0, option == 's' ? 1000 : INT64_MAX, &number) != 0)) {
            fputs(usage, stderr);
            return EXIT_USAGE;
        }
        if (option == 'l') {
            options.listen = optarg;
        } else if (option == 's') {
            options.silent_permille = (int)number;
        } else {
            options.seed = (uint64_t)number;
        }
    }
    if (optind < argc || sem_init(&stop, 0, 0) != 0 || daemon_on_stop(on_stop, NULL) != 0) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    int error = invoice_provider_start(&options, &provider);
    if (error) {
        fprintf(stderr, "doxe-sim invoices: %s: %s\n", options.listen, dx_error_text(error));
        return EXIT_START;
    }
    printf("invoices at http://127.0.0.1:%d/\n", invoice_provider_port(provider));
    fflush(stdout);
    while (sem_wait(&stop) != 0 && errno == EINTR) {
    }
    invoice_provider_stop(provider);
    return EXIT_OK;
}
