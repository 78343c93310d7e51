#include "gate/io/http_pull.h"

#include "proto/base/time.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"

#define CURL_DISABLE_TYPECHECK /* its macros would take our table's names for theirs */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdatomic.h>

/*
 * Loaded when the first camera is to be asked: with all it needs it takes megabytes, and most
 * gates have cameras that push.
 */
#define CURL_CALLS(X)           \
    X(curl_easy_cleanup)        \
    X(curl_easy_getinfo)        \
    X(curl_easy_init)           \
    X(curl_easy_setopt)         \
    X(curl_easy_strerror)       \
    X(curl_global_init)         \
    X(curl_multi_add_handle)    \
    X(curl_multi_cleanup)       \
    X(curl_multi_info_read)     \
    X(curl_multi_init)          \
    X(curl_multi_perform)       \
    X(curl_multi_poll)          \
    X(curl_multi_remove_handle) \
    X(curl_multi_wakeup)        \
    X(curl_slist_append)        \
    X(curl_slist_free_all)

static struct {
    bool is_here;
#define X(name) __typeof__(name) *name;
    CURL_CALLS(X)
#undef X
} lib;

struct http_pull {
    CURLM *multi;
    atomic_bool stopped;
    /* of the request that runs */
    const struct http_pull_request *request;
    CURL *easy;
    mono_t heard;
    bool ended; /* by on_bytes */
};

static bool find_call(void *from, const char *name, void *ret_pointer)
{
    void *found = dlsym(from, name);
    memcpy(ret_pointer, &found, sizeof found); /* ISO C has no cast between the two */
    return found != NULL;
}

static void start_library(void)
{
    void *curl = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    bool fine = curl != NULL;
#define X(name) fine = fine && find_call(curl, #name, &lib.name);
    CURL_CALLS(X)
#undef X
    lib.is_here = fine && lib.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (!lib.is_here) {
        log_error("http.no_library", "library=libcurl.so.4 reason=\"%s\"",
                  curl ? "too old" : dlerror());
    }
}

int http_pull_new(struct http_pull **ret_pull)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct http_pull *pull = calloc(1, sizeof *pull);
    pthread_once(&once, start_library);
    if (!lib.is_here) {
        free(pull);
        return DX_E_CONFIG;
    }
    if (pull) {
        pull->multi = lib.curl_multi_init();
        atomic_init(&pull->stopped, false);
    }
    if (!pull || !pull->multi) {
        free(pull);
        return DX_E_MEMORY;
    }
    *ret_pull = pull;
    return 0;
}

void http_pull_free(struct http_pull *pull)
{
    if (pull) {
        lib.curl_multi_cleanup(pull->multi);
        free(pull);
    }
}

void http_pull_stop(struct http_pull *pull)
{
    atomic_store(&pull->stopped, true);
    lib.curl_multi_wakeup(pull->multi);
}

bool http_pull_is_stopped(const struct http_pull *pull)
{
    return atomic_load(&pull->stopped);
}

bool http_pull_wait(struct http_pull *pull, int ms)
{
    mono_t until = mono_add(clock_mono(), ms);
    while (!atomic_load(&pull->stopped) && !mono_reached(clock_mono(), until)) {
        lib.curl_multi_poll(pull->multi, NULL, 0, (int)mono_diff(until, clock_mono()) + 1, NULL);
    }
    return !atomic_load(&pull->stopped);
}

static size_t take(char *bytes, size_t size, size_t count, void *context)
{
    struct http_pull *pull = context;
    size_t n = size * count;
    long status = 0;
    const char *type = NULL;
    pull->heard = clock_mono();
    lib.curl_easy_getinfo(pull->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) { /* a page about an error */
        return n;
    }
    lib.curl_easy_getinfo(pull->easy, CURLINFO_CONTENT_TYPE, &type);
    pull->ended =
        !pull->request->on_bytes(pull->request->context, str_c(type), (struct str){bytes, n});
    return pull->ended ? CURL_WRITEFUNC_ERROR : n;
}

static void set_options(struct http_pull *pull, const struct http_pull_request *r)
{
    CURL *easy = pull->easy;
    lib.curl_easy_setopt(easy, CURLOPT_URL, r->url);
    lib.curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    lib.curl_easy_setopt(easy, CURLOPT_PROXY, "");
    lib.curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    lib.curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)r->connect_ms);
    lib.curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    lib.curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    lib.curl_easy_setopt(easy, CURLOPT_WRITEDATA, pull);
    if (r->user && r->user[0]) {
        lib.curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_DIGEST);
        lib.curl_easy_setopt(easy, CURLOPT_USERNAME, r->user);
        lib.curl_easy_setopt(easy, CURLOPT_PASSWORD, r->password);
    }
    if (r->ca && r->ca[0]) {
        lib.curl_easy_setopt(easy, CURLOPT_CAINFO, r->ca);
    }
    if (r->body.n) {
        lib.curl_easy_setopt(easy, CURLOPT_POST, 1L);
        lib.curl_easy_setopt(easy, CURLOPT_POSTFIELDS, r->body.p);
        lib.curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n);
    }
}

/* Until curl is done, the line is silent for too long, or somebody stops it. */
static int drive(struct http_pull *pull, CURLcode *ret_code)
{
    int running = 1;
    while (running) {
        if (lib.curl_multi_perform(pull->multi, &running) != CURLM_OK) {
            return DX_E_LINK;
        }
        if (atomic_load(&pull->stopped)) {
            return DX_E_STATE;
        }
        int64_t left_ms = pull->request->silence_ms - mono_diff(clock_mono(), pull->heard);
        if (running && left_ms <= 0) {
            return DX_E_TIMEOUT;
        }
        if (running) {
            lib.curl_multi_poll(pull->multi, NULL, 0, (int)left_ms + 1, NULL);
        }
    }
    int left = 0;
    const CURLMsg *message = lib.curl_multi_info_read(pull->multi, &left);
    *ret_code = message ? message->data.result : CURLE_RECV_ERROR;
    return 0;
}

static int judge(const struct http_pull *pull, int error, CURLcode code, char *why, size_t cap)
{
    long status = 0;
    lib.curl_easy_getinfo(pull->easy, CURLINFO_RESPONSE_CODE, &status);
    if (pull->ended || error == DX_E_STATE) {
        snprintf(why, cap, "ended by us");
        return DX_E_STATE;
    }
    if (error) {
        snprintf(why, cap, "silent for too long");
        return DX_E_LINK;
    }
    if (status == 401 || status == 403) {
        snprintf(why, cap, "login refused (%ld)", status);
        return DX_E_DENIED;
    }
    if (code != CURLE_OK) {
        snprintf(why, cap, "%s", lib.curl_easy_strerror(code));
        return DX_E_LINK;
    }
    snprintf(why, cap, "status %ld", status);
    return status == 200 ? 0 : DX_E_IO;
}

int http_pull_run(struct http_pull *pull, const struct http_pull_request *request, char *why,
                  size_t cap)
{
    CURLcode code = CURLE_OK;
    char type[128];
    struct curl_slist *headers = lib.curl_slist_append(NULL, "Expect:"); /* no 100 Continue */
    pull->easy = lib.curl_easy_init();
    if (!pull->easy || !headers) {
        lib.curl_slist_free_all(headers);
        lib.curl_easy_cleanup(pull->easy);
        return DX_E_MEMORY;
    }
    if (request->content_type) {
        snprintf(type, sizeof type, "Content-Type: %s", request->content_type);
        headers = lib.curl_slist_append(headers, type);
    }
    pull->request = request;
    pull->ended = false;
    pull->heard = clock_mono();
    set_options(pull, request);
    lib.curl_easy_setopt(pull->easy, CURLOPT_HTTPHEADER, headers);
    lib.curl_multi_add_handle(pull->multi, pull->easy);
    int error = drive(pull, &code);
    error = judge(pull, error, code, why, cap);
    lib.curl_multi_remove_handle(pull->multi, pull->easy);
    lib.curl_easy_cleanup(pull->easy);
    lib.curl_slist_free_all(headers);
    pull->easy = NULL;
    return error;
}
