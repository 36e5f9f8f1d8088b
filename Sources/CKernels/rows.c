#include "CKernels.h"
#include "exponential.h"
#include <math.h>

OW_INLINE float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

// erf after Abramowitz and Stegun 7.1.26 is only good to 1.5e-7 absolute, which is float's own step at 1: enough for
// x · Φ(x) to 1e-6.
OW_INLINE float error_function(float x) {
  float a = __builtin_fabsf(x);
  float t = 1.0f / (1.0f + 0.3275911f * a);
  float p = ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t + 0.254829592f) * t;
  float y = 1.0f - p * exponential(-a * a);
  return x < 0 ? -y : y;
}

OW_INLINE float activate(float x, ow_activation activation) {
  switch (activation) {
    case OW_QUICK_GELU: return x * sigmoid(1.702f * x);
    case OW_GELU: return 0.5f * x * (1.0f + error_function(x * 0.70710678118654752f));
    case OW_TANH_GELU: return x * sigmoid(2.0f * 0.7978845608028654f * (x + 0.044715f * x * x * x));
    default: return x;
  }
}

OW_CLONES void ow_layer_norm(float *dst, const float *src, long rows, long width, const float *gamma, const float *beta,
                             float epsilon) {
  for (long row = 0; row < rows; row++, src += width, dst += width) {
    float sum = 0;
    for (long i = 0; i < width; i++) sum += src[i];
    float mean = sum / (float)width;
    float squares = 0;
    for (long i = 0; i < width; i++) squares += (src[i] - mean) * (src[i] - mean);
    float inverse = 1.0f / __builtin_sqrtf(squares / (float)width + epsilon);
    for (long i = 0; i < width; i++) dst[i] = (src[i] - mean) * inverse * gamma[i] + beta[i];
  }
}

OW_CLONES long ow_count_not_finite(const float *src, long count) {
  long found = 0;
  for (long i = 0; i < count; i++) {
    uint32_t bits;
    __builtin_memcpy(&bits, src + i, sizeof bits);
    found += (bits & 0x7F800000u) == 0x7F800000u;
  }
  return found;
}

OW_CLONES void ow_multiply_rows(float *data, long rows, long width, const float *gate) {
  for (long row = 0; row < rows; row++, data += width)
    for (long i = 0; i < width; i++) data[i] *= gate[i];
}

#define BIAS_ACTIVATE(kind)                                                   \
  for (long row = 0; row < rows; row++, data += width) {                      \
    if (bias)                                                                 \
      for (long i = 0; i < width; i++) data[i] = activate(data[i] + bias[i], kind); \
    else                                                                      \
      for (long i = 0; i < width; i++) data[i] = activate(data[i], kind);     \
  }

OW_CLONES void ow_bias_activate(float *data, long rows, long width, const float *bias, ow_activation activation) {
  switch (activation) {
    case OW_QUICK_GELU: BIAS_ACTIVATE(OW_QUICK_GELU) break;
    case OW_GELU: BIAS_ACTIVATE(OW_GELU) break;
    case OW_TANH_GELU: BIAS_ACTIVATE(OW_TANH_GELU) break;
    default:
      if (bias) BIAS_ACTIVATE(OW_IDENTITY)
  }
}

OW_CLONES void ow_normalize_rows(float *dst, const float *src, long rows, long width, float epsilon) {
  for (long row = 0; row < rows; row++, src += width, dst += width) {
    float squares = 0;
    for (long i = 0; i < width; i++) squares += src[i] * src[i];
    float inverse = 1.0f / (__builtin_sqrtf(squares) + epsilon);
    for (long i = 0; i < width; i++) dst[i] = src[i] * inverse;
  }
}

OW_CLONES void ow_dots(float *dst, const float *src, const float *weights, const float *bias, long rows, long width,
                       long outputs) {
  for (long row = 0; row < rows; row++, src += width)
    for (long output = 0; output < outputs; output++) {
      const float *w = weights + output * width;
      float sum = 0;
      for (long i = 0; i < width; i++) sum += src[i] * w[i];
      *dst++ = sum + (bias ? bias[output] : 0.0f);
    }
}

OW_CLONES void ow_shift_and_scale(float *logits, const float *shiftAndScale, long rows, long queries) {
  for (long row = 0; row < rows; row++, logits += queries) {
    float shift = shiftAndScale[row * 2], raw = shiftAndScale[row * 2 + 1];
    float scale = (raw > 0 ? raw : expm1f(raw)) + 1.0f;
    for (long q = 0; q < queries; q++) logits[q] = (logits[q] + shift) * scale;
  }
}

OW_CLONES void ow_finish_boxes(float *boxes, const float *bias, long rows) {
  for (long i = 0; i < rows * 4; i++) boxes[i] = sigmoid(boxes[i] + bias[i]);
}
