#pragma once
// OpenBLAS, opened when it is asked for and not before: it starts a thread for each CPU as soon as it is loaded, and which
// kernels it takes is settled then. Kept to one thread; whoever wants more threads gives each of them its own rows.
#include <stddef.h>

/// 0, or a sentence in `problem` that says why OpenBLAS cannot be used. Safe to call more than once.
int ow_blas_open(char *problem, size_t capacity);
/// "SkylakeX": whose kernels OpenBLAS runs.
const char *ow_blas_core(void);
/// y (rows, outputs) = x (rows, inputs) · weights (outputs, inputs)ᵀ [+ y if `add`].
void ow_blas_linear(float *y, const float *x, const float *weights, long rows, long inputs, long outputs, int add);
