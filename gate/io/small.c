#include "gate/io/small.h"

#include <link.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef __SANITIZE_ADDRESS__
/* The program or one library.  A part that may be written to holds more than its file does. */
static int give_back_file(struct dl_phdr_info *info, size_t size, void *context)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    (void)size;
    (void)context;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || (part->p_flags & PF_W) != 0 || !info->dlpi_name ||
            part->p_filesz != part->p_memsz) {
            continue;
        }
        uintptr_t from = (info->dlpi_addr + part->p_vaddr + page - 1) / page * page;
        uintptr_t to = (info->dlpi_addr + part->p_vaddr + part->p_memsz) / page * page;
        if (from < to) {
            /* Clean pages of a file: gone from here, still in the kernel's cache. */
            (void)!madvise((void *)from, to - from,
                           MADV_DONTNEED); // NOLINT(performance-no-int-to-ptr)
        }
    }
    return 0;
}
#endif

void small_give_back(void)
{
#ifndef __SANITIZE_ADDRESS__
    malloc_trim(0);
    (void)!dl_iterate_phdr(give_back_file, NULL);
#endif
}
