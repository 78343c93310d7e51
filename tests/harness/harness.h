/*
 * harness.h - what every test file includes: cmocka, and a main that runs one case by name.
 *
 * A test is `static void test_module__sentence(void **state)`.  List all of a
 * file's tests in TESTS(...) at its end; `x_test NAME` runs one, `x_test` all.
 */
#ifndef DOXE_TESTS_HARNESS_H
#define DOXE_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ok(expression) assert_int_equal((expression), 0)

#define TESTS(...)                                        \
    int main(int argc, char **argv)                       \
    {                                                     \
        const struct CMUnitTest tests[] = {__VA_ARGS__};  \
        if (argc > 1) {                                   \
            cmocka_set_test_filter(argv[1]);              \
        }                                                 \
        return cmocka_run_group_tests(tests, NULL, NULL); \
    }
#define T(name) cmocka_unit_test(name)

/*
 * The bytes of a file, with a NUL behind them that is not counted; free() them.
 * A path that does not start with '/' is below the source folder.  Fails the
 * test when the file cannot be read.
 */
char *harness_read_file(const char *path, size_t *ret_size);

/* An empty folder of its own for this test; free() the path.  Removed at exit. */
char *harness_temp_dir(void);

#endif
