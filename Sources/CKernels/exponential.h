#pragma once
#include "clones.h"
#include <stdint.h>

// exp for floats after Cephes' expf: 2^n · p(r), |r| ≤ ln2 / 2; relative error below 2e-7. Branch-free, so that loops
// around it vectorise; libm's expf does not (1.6 ns against 0.15 ns an element). The two halves of ln2 must not be
// added up by the compiler, which -ffast-math would allow.
OW_INLINE float exponential(float x) {
#pragma clang fp reassociate(off)
  x = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
  float n = __builtin_floorf(x * 1.44269504088896341f + 0.5f);
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  union { int32_t i; float f; } power;
  power.i = ((int32_t)n + 127) << 23;
  return p * power.f;
}
