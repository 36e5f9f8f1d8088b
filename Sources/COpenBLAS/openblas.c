#define _GNU_SOURCE
#include "COpenBLAS.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// cblas.h's constants, so that building needs no header of OpenBLAS.
enum { row_major = 101, no_transpose = 111, transpose = 112 };
typedef void (*sgemm)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sgemm multiply;
static char *(*core_name)(void);

static int has_avx512(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
#else
  return 0;
#endif
}

// OpenBLAS 0.3.21 doesn't know newer AMD parts and runs Haswell's kernels there: 250 GF/s where SkylakeX's give 480. The
// variable must stand before the library starts; where something else (libavfilter's own dependencies) has loaded it
// already, it is asked to choose once more.
static void prefer_wide_kernels(void *library) {
  if (!has_avx512() || strcmp(core_name(), "Haswell") != 0) return;
  void (*leave)(void) = dlsym(library, "gotoblas_dynamic_quit"), (*choose)(void) = dlsym(library, "gotoblas_dynamic_init");
  if (!leave || !choose) return;
  leave();
  choose();
}

int ow_blas_open(char *problem, size_t capacity) {
  pthread_mutex_lock(&lock);
  if (!multiply) {
    if (has_avx512()) setenv("OPENBLAS_CORETYPE", "SkylakeX", 0);
    setenv("OPENBLAS_NUM_THREADS", "1", 0);
    void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) library = dlopen("libopenblas.so", RTLD_NOW | RTLD_LOCAL);
    sgemm found = library ? (sgemm)dlsym(library, "cblas_sgemm") : NULL;
    void (*threads)(int) = library ? (void (*)(int))dlsym(library, "openblas_set_num_threads") : NULL;
    core_name = library ? (char *(*)(void))dlsym(library, "openblas_get_corename") : NULL;
    if (!found || !threads || !core_name) {
      const char *words = dlerror();
      snprintf(problem, capacity, "%s", words ? words : "libopenblas.so.0 lacks cblas_sgemm");
      pthread_mutex_unlock(&lock);
      return 1;
    }
    threads(1);
    prefer_wide_kernels(library);
    multiply = found;
  }
  pthread_mutex_unlock(&lock);
  return 0;
}

const char *ow_blas_core(void) { return core_name ? core_name() : ""; }

void ow_blas_linear(float *y, const float *x, const float *weights, long rows, long inputs, long outputs, int add) {
  multiply(row_major, no_transpose, transpose, (int)rows, (int)outputs, (int)inputs, 1.0f, x, (int)inputs, weights,
           (int)inputs, add ? 1.0f : 0.0f, y, (int)outputs);
}
