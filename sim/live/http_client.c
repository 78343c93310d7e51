#include "sim/live/http_client.h"

#include "proto/base/check.h"
#include "proto/base/time.h"
#include "proto/io/mailbox.h"

#include <curl/curl.h>

enum { WORKERS_MAX = 16 };

struct job {
    struct http_call call;
    char *body;
};

struct http_client {
    struct mailbox *jobs; /* struct job *, NULL ends a worker */
    void *context;
    void (*on_answer)(void *context, struct http_answer *answer);
    int workers;
    pthread_t thread[WORKERS_MAX];
};

static size_t collect(char *bytes, size_t size, size_t count, void *context)
{
    struct http_answer *answer = context;
    size_t n = size * count;
    if (n > HTTP_CLIENT_ANSWER_MAX - answer->size) {
        return 0; /* curl gives up: no answer */
    }
    char *grown = realloc(answer->body, answer->size + n + 1);
    if (!grown) {
        return 0;
    }
    memcpy(grown + answer->size, bytes, n);
    answer->body = grown;
    answer->size += n;
    grown[answer->size] = '\0';
    return n;
}

static struct curl_slist *set_headers(CURL *curl, const struct http_call *call)
{
    struct curl_slist *headers = NULL;
    for (int i = 0; i < HTTP_CLIENT_HEADERS; i++) {
        if (call->header[i][0]) {
            headers = curl_slist_append(headers, call->header[i]);
        }
    }
    headers = curl_slist_append(headers, "Expect:"); /* no waiting for 100 Continue */
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    return headers;
}

static void perform(CURL *curl, const struct job *job, struct http_answer *answer)
{
    const struct http_call *call = &job->call;
    curl_easy_reset(curl); /* keeps the connections */
    curl_easy_setopt(curl, CURLOPT_URL, call->url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)call->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (call->user) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl_easy_setopt(curl, CURLOPT_USERPWD, call->user);
    }
    if (call->post || call->body.n) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, job->body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.n);
    }
    struct curl_slist *headers = set_headers(curl, call);
    long status = 0;
    if (curl_easy_perform(curl) == CURLE_OK) {
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    answer->status = (int)status;
}

static void *work(void *argument)
{
    struct http_client *client = argument;
    CURL *curl = curl_easy_init();
    struct job *job = NULL;
    while (mailbox_take(client->jobs, mono_never(), &job) == 0 && job) {
        struct http_answer answer = {.tag = job->call.tag, .subject = job->call.subject};
        answer.body = calloc(1, 1);
        must(answer.body);
        if (curl) {
            perform(curl, job, &answer);
        }
        client->on_answer(client->context, &answer);
        free(job->body);
        free(job);
    }
    curl_easy_cleanup(curl);
    return NULL;
}

int http_client_start(int workers, void *context,
                      void (*on_answer)(void *context, struct http_answer *answer),
                      struct http_client **ret_client)
{
    must(workers >= 1 && workers <= WORKERS_MAX);
    struct http_client *client = calloc(1, sizeof *client);
    if (!client) {
        return DX_E_MEMORY;
    }
    client->context = context;
    client->on_answer = on_answer;
    /* room for the NULLs that end the workers, whatever else is queued */
    int error = mailbox_new(sizeof(struct job *), HTTP_CLIENT_QUEUE + WORKERS_MAX, &client->jobs);
    if (error) {
        free(client);
        return error;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        error = DX_E_IO;
    }
    while (!error && client->workers < workers) {
        if (pthread_create(&client->thread[client->workers], NULL, work, client) != 0) {
            error = DX_E_IO;
        } else {
            client->workers++;
        }
    }
    if (error) {
        http_client_stop(client);
        return error;
    }
    *ret_client = client;
    return 0;
}

void http_client_stop(struct http_client *client)
{
    struct job *job = NULL;
    if (!client) {
        return;
    }
    while (mailbox_take(client->jobs, (mono_t){0}, &job) == 0) {
        free(job->body);
        free(job);
    }
    job = NULL;
    for (int i = 0; i < client->workers; i++) {
        mailbox_post_wait(client->jobs, &job);
    }
    for (int i = 0; i < client->workers; i++) {
        pthread_join(client->thread[i], NULL);
    }
    mailbox_free(client->jobs);
    free(client);
    curl_global_cleanup();
}

int http_client_call(struct http_client *client, const struct http_call *call)
{
    struct job *job = malloc(sizeof *job);
    if (!job) {
        return DX_E_MEMORY;
    }
    job->call = *call;
    job->body = malloc(call->body.n + 1);
    if (!job->body) {
        free(job);
        return DX_E_MEMORY;
    }
    if (call->body.n) {
        memcpy(job->body, call->body.p, call->body.n);
    }
    job->body[call->body.n] = '\0';
    int error = mailbox_count(client->jobs) >= HTTP_CLIENT_QUEUE ? DX_E_FULL
                                                                 : mailbox_post(client->jobs, &job);
    if (error) {
        free(job->body);
        free(job);
    }
    return error;
}
