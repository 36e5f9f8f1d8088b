// Separable resampling of interleaved RGB. The byte passes are integer sums, so they give the same picture on every CPU,
// and the same as Pillow's scheme with 16-bit weights (aten/src/ATen/native/cpu/UpSampleKernelAVXAntialias.h).
#include "CKernels.h"
#include "clones.h"

static inline uint8_t clamp_byte(int32_t value) { return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value; }

typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef int16_t shorts8 __attribute__((vector_size(16)));
typedef int32_t ints4 __attribute__((vector_size(16)));

// R0 R1 G0 G1 B0 B1 of two neighbouring pixels as 16-bit lanes times (w0, w1) in every pair.
OW_INLINE ints4 two_pixels(const uint8_t *pixel, const int16_t *weights) {
  uint64_t raw;
  int32_t pair;
  __builtin_memcpy(&raw, pixel, 8);
  __builtin_memcpy(&pair, weights, 4);
  bytes16 bytes = (bytes16)(__attribute__((vector_size(16))) uint64_t){raw, 0};
  bytes16 zero = {0};
  shorts8 samples = (shorts8)__builtin_shufflevector(bytes, zero, 0, 16, 3, 16, 1, 16, 4, 16, 2, 16, 5, 16, 6, 16, 7, 16);
#if defined(__x86_64__)
  typedef short shorts __attribute__((vector_size(16)));
  return (ints4)__builtin_ia32_pmaddwd128((shorts)samples, (shorts)(ints4){pair, pair, pair, pair});
#else
  shorts8 factors = (shorts8)(ints4){pair, pair, pair, pair};
  ints4 sums;
  for (int i = 0; i < 4; i++) sums[i] = samples[2 * i] * factors[2 * i] + samples[2 * i + 1] * factors[2 * i + 1];
  return sums;
#endif
}

OW_CLONES void ow_resample_bytes_across(uint8_t *dst, const uint8_t *src, long stride, long rows, long outputs,
                                        const int32_t *starts, const int16_t *weights, long taps, int precision) {
  int32_t half = precision > 0 ? 1 << (precision - 1) : 0;
  for (long row = 0; row < rows; row++, src += stride)
    for (long x = 0; x < outputs; x++) {
      const uint8_t *pixel = src + (long)starts[x] * 3;
      const int16_t *w = weights + x * taps;
      ints4 sum = {half, half, half, 0};
      for (long k = 0; k < taps; k += 2) sum += two_pixels(pixel + k * 3, w + k);
      for (int c = 0; c < 3; c++) *dst++ = clamp_byte(sum[c] >> precision);
    }
}

enum { BLOCK = 64 };

OW_CLONES void ow_resample_bytes_down(uint8_t *dst, const uint8_t *src, long stride, long width, const int16_t *weights,
                                      long taps, int precision) {
  int32_t half = precision > 0 ? 1 << (precision - 1) : 0;
  long x = 0;
  for (; x + BLOCK <= width; x += BLOCK) {
    int32_t sums[BLOCK];
    for (int i = 0; i < BLOCK; i++) sums[i] = half;
    for (long k = 0; k < taps; k++) {
      const uint8_t *row = src + k * stride + x;
      int32_t w = weights[k];
      for (int i = 0; i < BLOCK; i++) sums[i] += w * (int32_t)row[i];
    }
    for (int i = 0; i < BLOCK; i++) dst[x + i] = clamp_byte(sums[i] >> precision);
  }
  for (; x < width; x++) {
    int32_t sum = half;
    for (long k = 0; k < taps; k++) sum += weights[k] * (int32_t)src[k * stride + x];
    dst[x] = clamp_byte(sum >> precision);
  }
}

OW_CLONES void ow_resample_floats_across(float *dst, const uint8_t *src, long stride, long rows, long outputs,
                                         const int32_t *starts, const float *weights, long taps) {
  for (long row = 0; row < rows; row++, src += stride)
    for (long x = 0; x < outputs; x++, dst += 3) {
      const uint8_t *pixel = src + (long)starts[x] * 3;
      const float *w = weights + x * taps;
      float red = 0, green = 0, blue = 0;
      for (long k = 0; k < taps; k++, pixel += 3) {
        red += w[k] * (float)pixel[0];
        green += w[k] * (float)pixel[1];
        blue += w[k] * (float)pixel[2];
      }
      dst[0] = red, dst[1] = green, dst[2] = blue;
    }
}

OW_CLONES void ow_resample_floats_down(float *dst, const float *src, long stride, long width, const float *weights,
                                       long taps) {
  long x = 0;
  for (; x + BLOCK <= width; x += BLOCK) {
    float sums[BLOCK];
    for (int i = 0; i < BLOCK; i++) sums[i] = 0;
    for (long k = 0; k < taps; k++) {
      const float *row = src + k * stride + x;
      float w = weights[k];
      for (int i = 0; i < BLOCK; i++) sums[i] += w * row[i];
    }
    for (int i = 0; i < BLOCK; i++) dst[x + i] = sums[i];
  }
  for (; x < width; x++) {
    float sum = 0;
    for (long k = 0; k < taps; k++) sum += weights[k] * src[k * stride + x];
    dst[x] = sum;
  }
}

OW_CLONES void ow_bytes_to_planes(float *red, float *green, float *blue, const uint8_t *src, long pixels,
                                  const float *table) {
  for (long i = 0; i < pixels; i++, src += 3) {
    red[i] = table[src[0]];
    green[i] = table[256 + src[1]];
    blue[i] = table[512 + src[2]];
  }
}

OW_CLONES void ow_floats_to_planes(float *red, float *green, float *blue, const float *src, long pixels,
                                   const float *offset, const float *divisor) {
  for (long i = 0; i < pixels; i++, src += 3) {
    red[i] = (src[0] - offset[0]) / divisor[0];
    green[i] = (src[1] - offset[1]) / divisor[1];
    blue[i] = (src[2] - offset[2]) / divisor[2];
  }
}
