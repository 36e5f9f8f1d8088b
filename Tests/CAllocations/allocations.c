// Stands before glibc's allocator in the tests' program: counts, then passes on. GNU C library manual, "Replacing malloc".
#define _GNU_SOURCE
#include "CAllocations.h"
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static __thread int counting;
static __thread allocations counted;

static struct { uintptr_t start, end; } libraries[8];
static int library_count;
static pthread_mutex_t noting = PTHREAD_MUTEX_INITIALIZER;

static int note_library(struct dl_phdr_info *info, size_t size, void *context) {
  static const char *const names[] = {"libdnnl", "libopenblas", "libstdc++", "libgomp"};
  (void)size, (void)context;
  for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
    if (!strstr(info->dlpi_name, names[n])) continue;
    for (int i = 0; i < info->dlpi_phnum && library_count < 8; i++) {
      const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
      if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X)) continue;
      libraries[library_count].start = info->dlpi_addr + segment->p_vaddr;
      libraries[library_count++].end = info->dlpi_addr + segment->p_vaddr + segment->p_memsz;
    }
  }
  return 0;
}

static void count(size_t bytes, void *caller) {
  if (!counting) return;
  for (int i = 0; i < library_count; i++) {
    if ((uintptr_t)caller < libraries[i].start || (uintptr_t)caller >= libraries[i].end) continue;
    counted.libraries++;
    counted.library_bytes += (long)bytes;
    return;
  }
  counted.own++;
}

void allocations_begin(void) {
  pthread_mutex_lock(&noting);
  if (!library_count) dl_iterate_phdr(note_library, NULL);
  pthread_mutex_unlock(&noting);
  memset(&counted, 0, sizeof counted);
  counting = 1;
}

allocations allocations_end(void) {
  counting = 0;
  return counted;
}

void *malloc(size_t size) {
  count(size, __builtin_return_address(0));
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count(number * size, __builtin_return_address(0));
  return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
  count(size, __builtin_return_address(0));
  return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
  count(size, __builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count(size, __builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  count(size, __builtin_return_address(0));
  void *made = __libc_memalign(alignment, size);
  if (!made) return ENOMEM;
  *result = made;
  return 0;
}
