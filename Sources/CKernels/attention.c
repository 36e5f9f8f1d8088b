// Attention of one head over blocks of keys with a running maximum and sum, so that scores never leave the cache: "online
// softmax", Milakov and Gimelshein 2018 (arXiv 1805.02867), blocked as in FlashAttention (arXiv 2205.14135).
// Compiled three times, for vectors of 16, 8 and 4 floats; attention_body.h holds the code.
#include "CKernels.h"
#include "exponential.h"

#define NAME(f) f##_baseline
#define TARGET
#define LANES 4
#define TILE_ROWS 4
#include "attention_body.h"

#if defined(__x86_64__)
#define NAME(f) f##_v3
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define LANES 8
#define TILE_ROWS 4
#include "attention_body.h"

#define NAME(f) f##_v4
#define TARGET __attribute__((target("arch=x86-64-v4,no-prefer-256-bit"), min_vector_width(512)))
#define LANES 16
#define TILE_ROWS 8
#include "attention_body.h"
#endif

typedef struct {
  size_t (*scratch)(long, long);
  void (*pack)(float *, const float *, const float *, long, long, long);
  void (*rows)(float *, long, const float *, long, long, const float *, float *, long, long, float);
} attention;

static const attention *chosen(void) {
  static const attention baseline = {scratch_baseline, pack_baseline, rows_baseline};
#if defined(__x86_64__)
  static const attention v3 = {scratch_v3, pack_v3, rows_v3}, v4 = {scratch_v4, pack_v4, rows_v4};
  if (__builtin_cpu_supports("x86-64-v4")) return &v4;
  if (__builtin_cpu_supports("x86-64-v3")) return &v3;
#endif
  return &baseline;
}

size_t ow_attention_scratch(long tokens, long depth) { return chosen()->scratch(tokens, depth); }

void ow_attention_pack(float *scratch, const float *keys, const float *values, long stride, long tokens, long depth) {
  chosen()->pack(scratch, keys, values, stride, tokens, depth);
}

void ow_attention_rows(float *out, long outStride, const float *queries, long stride, long rows, const float *mask,
                       float *scratch, long tokens, long depth, float scale) {
  chosen()->rows(out, outStride, queries, stride, rows, mask, scratch, tokens, depth, scale);
}
