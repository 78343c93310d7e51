/* Feed each file of the folders given, and each of its prefixes' ends, to the fuzz target. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return 0;
    }
    uint8_t *bytes = malloc(1 << 20);
    size_t n = bytes ? fread(bytes, 1, 1 << 20, file) : 0;
    fclose(file);
    uint8_t *exact = malloc(n ? n : 1); /* so that the sanitizer sees one byte too far */
    if (bytes && exact) {
        for (size_t i = 0; i < n; i++) {
            exact[i] = bytes[i];
        }
        LLVMFuzzerTestOneInput(exact, n);
        LLVMFuzzerTestOneInput(exact, n / 2);
    }
    free(exact);
    free(bytes);
    return 1;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        if (!dir) {
            fprintf(stderr, "no corpus folder %s\n", argv[i]);
            return 1;
        }
        for (struct dirent *entry; (entry = readdir(dir));) {
            char path[1024];
            if (entry->d_name[0] != '.') {
                snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
                count += replay(path);
            }
        }
        closedir(dir);
    }
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    printf("%d inputs replayed\n", count);
    return count > 0 ? 0 : 1;
}
