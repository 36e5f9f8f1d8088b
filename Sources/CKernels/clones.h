#pragma once
// One source, three machines. `min_vector_width` lets the AVX-512 clone use whole 512-bit registers: clang prefers 256 bits
// for x86-64-v4 otherwise.
#if defined(__x86_64__)
#define OW_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4"), min_vector_width(512)))
#else
#define OW_CLONES
#endif
#define OW_INLINE static inline __attribute__((always_inline))
