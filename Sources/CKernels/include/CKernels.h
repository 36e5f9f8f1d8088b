#pragma once
// Element-wise kernels, attention, resampling and a team of threads: what neither oneDNN nor OpenBLAS has in the form the
// network needs, and what Swift cannot vectorise beyond SSE2. Every kernel is compiled for AVX-512, AVX2 and the
// baseline, and the CPU decides which one runs. All of them give the same result whatever the number of threads: no kernel
// shares a sum between threads.
#include <stddef.h>
#include <stdint.h>

// ---- rows -----------------------------------------------------------------------------------------------------------

typedef enum { OW_IDENTITY = 0, OW_QUICK_GELU = 1, OW_GELU = 2, OW_TANH_GELU = 3 } ow_activation;

/// dst, src: (rows, width). dst may be src. Variance over the row, biased, as torch.nn.LayerNorm.
void ow_layer_norm(float *dst, const float *src, long rows, long width, const float *gamma, const float *beta, float epsilon);
/// How many of `count` floats are NaN or infinite.
long ow_count_not_finite(const float *src, long count);
/// data: (rows, width), each row multiplied by gate: (width).
void ow_multiply_rows(float *data, long rows, long width, const float *gate);
/// data: (rows, width): data = activation(data + bias); bias may be NULL.
void ow_bias_activate(float *data, long rows, long width, const float *bias, ow_activation activation);
/// dst = src / (|src| + epsilon), row by row; (rows, width). dst may be src.
void ow_normalize_rows(float *dst, const float *src, long rows, long width, float epsilon);
/// dst: (rows, outputs) = src (rows, width) · weights (outputs, width)ᵀ + bias (outputs); for few outputs. bias may be NULL.
void ow_dots(float *dst, const float *src, const float *weights, const float *bias, long rows, long width, long outputs);
/// logits: (rows, queries) = (logits + shift[row]) · (elu(scale[row]) + 1). shiftAndScale: (rows, 2).
void ow_shift_and_scale(float *logits, const float *shiftAndScale, long rows, long queries);
/// boxes: (rows, 4) = sigmoid(boxes + bias (rows, 4)).
void ow_finish_boxes(float *boxes, const float *bias, long rows);

// ---- attention ------------------------------------------------------------------------------------------------------

/// Floats that a worker needs for attention over `tokens` tokens with heads `depth` wide.
size_t ow_attention_scratch(long tokens, long depth);
/// Packs keys and values of one head into scratch. keys, values: (tokens, depth) with `stride` floats from row to row.
void ow_attention_pack(float *scratch, const float *keys, const float *values, long stride, long tokens, long depth);
/// out (rows, depth) = softmax(scale · queries · keysᵀ + mask) · values for the packed head.
/// queries: rows with `stride` floats from one to the next; out: rows with `outStride`; mask: (rows, tokens) added, or NULL.
void ow_attention_rows(float *out, long outStride, const float *queries, long stride, long rows, const float *mask,
                       float *scratch, long tokens, long depth, float scale);

// ---- pictures -------------------------------------------------------------------------------------------------------

/// One horizontal pass over interleaved RGB bytes. dst: (rows, outputs, 3), src: rows `stride` bytes apart.
/// Output x is Σ weights[x][k] · src[starts[x] + k] over `taps` (even) taps, rounded, shifted right by `precision`, clamped.
/// Reads up to 5 bytes past the last tap's pixel.
void ow_resample_bytes_across(uint8_t *dst, const uint8_t *src, long stride, long rows, long outputs,
                              const int32_t *starts, const int16_t *weights, long taps, int precision);
/// One vertical pass. dst: one row of `width` bytes; src: `taps` rows of bytes, `stride` apart.
void ow_resample_bytes_down(uint8_t *dst, const uint8_t *src, long stride, long width,
                            const int16_t *weights, long taps, int precision);
/// Horizontal pass into floats: dst (rows, outputs, 3), same layout of taps.
void ow_resample_floats_across(float *dst, const uint8_t *src, long stride, long rows, long outputs,
                               const int32_t *starts, const float *weights, long taps);
/// Vertical pass over floats: dst: `width` floats; src: `taps` rows, `stride` floats apart.
void ow_resample_floats_down(float *dst, const float *src, long stride, long width, const float *weights, long taps);
/// Interleaved RGB bytes to three planes through a table: planes[c][x] = table[c][src[x * 3 + c]]. table: (3, 256).
void ow_bytes_to_planes(float *red, float *green, float *blue, const uint8_t *src, long pixels, const float *table);
/// Interleaved RGB floats to three planes: (src - offset[c]) / divisor[c].
void ow_floats_to_planes(float *red, float *green, float *blue, const float *src, long pixels,
                         const float *offset, const float *divisor);

// ---- threads --------------------------------------------------------------------------------------------------------

typedef struct ow_team ow_team;
typedef void (*ow_team_task)(void *context, int index, int worker);

/// A team of `workers` threads, the caller of `ow_team_share` being worker 0; NULL where a thread cannot be started.
ow_team *ow_team_create(int workers);
void ow_team_destroy(ow_team *team);
/// Does tasks 0 ..< count, each once, by whoever is free, and returns when all are done. One call at a time; a task may not call it.
void ow_team_share(ow_team *team, int count, ow_team_task task, void *context);
