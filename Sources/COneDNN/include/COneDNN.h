#pragma once
// The part of oneDNN that owlwatch uses, the same for 2.6 (Debian 12) and 3.x, whose C interfaces differ: linear layers whose
// weights are reordered once into the layout that oneDNN likes best, with bias, activation and residual fused.
//
// Everything here runs on the calling thread alone: whoever wants more threads gives each of them its own rows. Functions return 0 or oneDNN's status.
#include <stddef.h>

typedef struct ow_dnn ow_dnn;
typedef struct ow_dnn_linear ow_dnn_linear;

typedef enum { OW_DNN_IDENTITY = 0, OW_DNN_QUICK_GELU = 1, OW_DNN_GELU = 2, OW_DNN_TANH_GELU = 3 } ow_dnn_activation;

int ow_dnn_create(ow_dnn **out);
void ow_dnn_destroy(ow_dnn *engine);
/// "2.6.3"
void ow_dnn_version(int *major, int *minor, int *patch);
/// oneDNN's own word for a status.
const char *ow_dnn_status_name(int status);

/// y (rows, outputs) = activation(x (rows, inputs) · weights (outputs, inputs)ᵀ + bias) [+ y if `residual`].
/// One slot for each of `shapes` numbers of rows, one set of memory objects for each of `workers`.
int ow_dnn_linear_create(ow_dnn_linear **out, ow_dnn *engine, long inputs, long outputs, const float *weights,
                         const float *bias, ow_dnn_activation activation, int residual, const long *rows, int shapes,
                         int workers);
void ow_dnn_linear_destroy(ow_dnn_linear *linear);
/// Bytes of scratch that ow_dnn_linear_run needs for any of its slots.
size_t ow_dnn_linear_scratch(const ow_dnn_linear *linear);
/// Bytes that the reordered weights take.
size_t ow_dnn_linear_weight_bytes(const ow_dnn_linear *linear);
/// Name of the kernel that oneDNN chose for a slot.
const char *ow_dnn_linear_kernel(const ow_dnn_linear *linear, int slot);
/// Safe to call from several threads at once, each with its own worker number and scratch.
int ow_dnn_linear_run(ow_dnn_linear *linear, int slot, int worker, const float *x, float *y, void *scratch);
