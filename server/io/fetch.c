#include "server/io/fetch.h"

#include <curl/curl.h>
#include <stdatomic.h>

enum { CONNECT_MS = 5000 };

struct fetch {
    CURL *curl;
    atomic_bool stopped;
};

int fetch_new(struct fetch **ret_fetch)
{
    struct fetch *fetch = calloc(1, sizeof *fetch);
    if (!fetch) {
        return DX_E_MEMORY;
    }
    fetch->curl = curl_global_init(CURL_GLOBAL_DEFAULT) == 0 ? curl_easy_init() : NULL;
    if (!fetch->curl) {
        free(fetch);
        return DX_E_MEMORY;
    }
    *ret_fetch = fetch;
    return 0;
}

void fetch_free(struct fetch *fetch)
{
    if (fetch) {
        curl_easy_cleanup(fetch->curl);
        free(fetch);
    }
}

void fetch_stop(struct fetch *fetch)
{
    atomic_store(&fetch->stopped, true);
}

static size_t collect(char *bytes, size_t size, size_t count, void *context)
{
    struct fetch_answer *answer = context;
    size_t n = size * count;
    if (n > FETCH_ANSWER_MAX - answer->n) {
        return 0; /* curl gives up: no answer */
    }
    char *grown = realloc(answer->body, answer->n + n + 1);
    if (!grown) {
        return 0;
    }
    memcpy(grown + answer->n, bytes, n);
    answer->body = grown;
    answer->n += n;
    grown[answer->n] = '\0';
    return n;
}

static size_t read_header(char *bytes, size_t size, size_t count, void *context)
{
    static const char *const names[] = {"retry-after", "x-sepay-userapi-retry-after"};
    struct fetch_answer *answer = context;
    struct str line = {bytes, size * count};
    size_t colon = str_index(line, ':');
    for (size_t i = 0; i < 2; i++) {
        int64_t seconds = 0;
        if (str_eq_nocase(str_slice(line, 0, colon), str_c(names[i])) &&
            str_parse_i64(str_trim(str_slice(line, colon + 1, line.n)), 0, 1000000, &seconds) ==
                0) {
            answer->retry_after_ms = seconds * 1000;
        }
    }
    return size * count;
}

static int keep_going(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct fetch *fetch = context;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return atomic_load(&fetch->stopped);
}

static void prepare(struct fetch *fetch, const struct fetch_ask *ask, struct fetch_answer *answer)
{
    CURL *curl = fetch->curl;
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, ask->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "127.0.0.1,localhost");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)ask->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "doxe-server/" DOXE_VERSION);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, keep_going);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, fetch);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, read_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, answer);
    if (ask->body.p) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, ask->body.p);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->body.n);
    }
}

int fetch_ask(struct fetch *fetch, const struct fetch_ask *ask, struct fetch_answer *ret_answer)
{
    struct fetch_answer answer = {.body = calloc(1, 1)};
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    if (!answer.body || !headers) {
        free(answer.body);
        curl_slist_free_all(headers);
        return DX_E_MEMORY;
    }
    prepare(fetch, ask, &answer);
    headers = ask->body.p ? curl_slist_append(headers, "Content-Type: application/json") : headers;
    for (int i = 0; i < FETCH_HEADERS_MAX && ask->header[i]; i++) {
        headers = curl_slist_append(headers, ask->header[i]);
    }
    curl_easy_setopt(fetch->curl, CURLOPT_HTTPHEADER, headers);
    CURLcode code = curl_easy_perform(fetch->curl);
    if (code == CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(fetch->curl, CURLINFO_RESPONSE_CODE, &status);
        answer.status = (int)status;
    } else {
        snprintf(answer.why, sizeof answer.why, "%s", curl_easy_strerror(code));
    }
    curl_easy_setopt(fetch->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    *ret_answer = answer;
    return 0;
}

void fetch_answer_free(struct fetch_answer *answer)
{
    free(answer->body);
    answer->body = NULL;
}
