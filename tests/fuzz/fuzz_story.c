/* Any bytes as a story: clauses within their limits, or an error with its line and a sentence. */
#include "proto/base/check.h"
#include "sim/story/script.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_clause(const struct story_clause *clause)
{
    must(clause->line >= 1 && clause->verb < STORY_VERB_COUNT);
    must(clause->expect == (clause->verb >= STORY_E_OPEN));
    must(clause->lane == -1 || (clause->lane >= 1 && clause->lane <= STORY_LANES_MAX));
    must(clause->amount_vnd >= -1 && clause->time_ms >= 0 && clause->share <= 100);
    must(memchr(clause->text, '\0', sizeof clause->text) != NULL);
    must(memchr(clause->word, '\0', sizeof clause->word) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct story story;
    struct story_error error = {.line = -1};
    int code = story_parse((struct str){(const char *)bytes, n}, &story, &error);
    if (code) {
        must(error.line >= 0 && error.text[0]);
        return 0;
    }
    must(story.count > 0 && story.count <= STORY_CLAUSES_MAX);
    for (int i = 0; i < story.count; i++) {
        check_clause(&story.clause[i]);
    }
    return 0;
}
