// Included by attention.c once per machine, with NAME, TARGET, LANES (floats in a vector) and TILE_ROWS (rows a register
// tile holds: TILE_ROWS × 2 accumulators keep two multiply-add units busy) defined.

#define PANEL (2 * LANES)
#define CHUNK 512      // keys in a block: its scores, ROW_BLOCK × CHUNK × 4 = 64 KB, stay in the second-level cache
#define ROW_BLOCK 32   // queries that share a pass over keys and values
typedef float NAME(vector) __attribute__((vector_size(LANES * 4), aligned(4)));
#define V NAME(vector)
#define ROUND_UP(n, m) (((n) + (m) - 1) / (m) * (m))

// Scratch: keys as panels (tokens/PANEL, depth, PANEL); values as panels (depth/PANEL, tokens, PANEL); a block of queries
// (ROW_BLOCK, depth); its scores (ROW_BLOCK, CHUNK + LANES); its sums (ROW_BLOCK, depth rounded up to PANEL).
TARGET static size_t NAME(scratch)(long tokens, long depth) {
  return (size_t)(ROUND_UP(tokens, PANEL) * depth + ROUND_UP(depth, PANEL) * tokens + ROW_BLOCK * depth +
                  ROW_BLOCK * (CHUNK + LANES) + ROW_BLOCK * ROUND_UP(depth, PANEL));
}

TARGET static void NAME(pack)(float *scratch, const float *keys, const float *values, long stride, long tokens,
                              long depth) {
  for (long first = 0; first < tokens; first += PANEL)
    for (long token = first; token < first + PANEL; token++) {
      float *panel = scratch + first * depth + (token - first);
      if (token < tokens)
        for (long d = 0; d < depth; d++) panel[d * PANEL] = keys[token * stride + d];
      else
        for (long d = 0; d < depth; d++) panel[d * PANEL] = 0;
    }
  float *packed = scratch + ROUND_UP(tokens, PANEL) * depth;
  for (long first = 0; first < depth; first += PANEL)
    for (long token = 0; token < tokens; token++, packed += PANEL)
      for (long d = 0; d < PANEL; d++) packed[d] = first + d < depth ? values[token * stride + first + d] : 0;
}

// c (TILE_ROWS, PANEL; rows cStride apart) = a (TILE_ROWS, depth; rows aStride apart) · b (depth, PANEL) [+ c].
TARGET OW_INLINE void NAME(tile)(float *c, long cStride, const float *a, long aStride, const float *b, long depth,
                                 int accumulate) {
  V sums[TILE_ROWS][2];
#pragma clang loop unroll(full)
  for (int row = 0; row < TILE_ROWS; row++)
    for (int half = 0; half < 2; half++)
      sums[row][half] = accumulate ? *(const V *)(c + row * cStride + half * LANES) : (V){0};
  for (long k = 0; k < depth; k++, b += PANEL) {
    V left = *(const V *)b, right = *(const V *)(b + LANES);
#pragma clang loop unroll(full)
    for (int row = 0; row < TILE_ROWS; row++) {
      float x = a[row * aStride + k];
      sums[row][0] += x * left;
      sums[row][1] += x * right;
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < TILE_ROWS; row++)
    for (int half = 0; half < 2; half++) *(V *)(c + row * cStride + half * LANES) = sums[row][half];
}

// Turns a row of `keys` scores into weights; lowers what was summed before where the maximum rose.
TARGET OW_INLINE void NAME(soften)(float *scores, long keys, const float *mask, float *maximum, float *total, float *sums,
                                   long width) {
  if (mask)
    for (long i = 0; i < keys; i++) scores[i] += mask[i];
  float top = *maximum;
  for (long i = 0; i < keys; i++) top = scores[i] > top ? scores[i] : top;
  if (top > *maximum) {
    float factor = exponential(*maximum - top);
    *total *= factor;
    for (long i = 0; i < width; i++) sums[i] *= factor;
    *maximum = top;
  }
  float sum = 0;
  for (long i = 0; i < keys; i++) {
    float weight = exponential(scores[i] - top);
    scores[i] = weight;
    sum += weight;
  }
  *total += sum;
}

TARGET static void NAME(block)(float *out, long outStride, const float *queries, long stride, long rows,
                               const float *mask, float *scratch, long tokens, long depth, float scale) {
  const float *keys = scratch, *values = keys + ROUND_UP(tokens, PANEL) * depth;
  float *block = scratch + ROUND_UP(tokens, PANEL) * depth + ROUND_UP(depth, PANEL) * tokens;
  float *scores = block + ROW_BLOCK * depth, *sums = scores + ROW_BLOCK * (CHUNK + LANES);
  long width = ROUND_UP(depth, PANEL), padded = ROUND_UP(rows, TILE_ROWS), scoreStride = CHUNK + LANES;
  float maxima[ROW_BLOCK], totals[ROW_BLOCK];
  for (long row = 0; row < padded; row++) {
    for (long d = 0; d < depth; d++) block[row * depth + d] = row < rows ? queries[row * stride + d] * scale : 0;
    maxima[row] = -3.4e38f;
    totals[row] = 0;
  }
  for (long i = 0; i < padded * width; i++) sums[i] = 0;
  for (long first = 0; first < tokens; first += CHUNK) {
    long count = tokens - first < CHUNK ? tokens - first : CHUNK;
    for (long key = 0; key < count; key += PANEL)
      for (long row = 0; row < padded; row += TILE_ROWS)
        NAME(tile)(scores + row * scoreStride + key, scoreStride, block + row * depth, depth,
                   keys + (first + key) * depth, depth, 0);
    for (long row = 0; row < padded; row++)
      NAME(soften)(scores + row * scoreStride, count, mask && row < rows ? mask + row * tokens + first : 0, &maxima[row],
                   &totals[row], sums + row * width, width);
    for (long d = 0; d < depth; d += PANEL)
      for (long row = 0; row < padded; row += TILE_ROWS)
        NAME(tile)(sums + row * width + d, width, scores + row * scoreStride, scoreStride,
                   values + d * tokens + first * PANEL, count, 1);
  }
  for (long row = 0; row < rows; row++) {
    float inverse = 1.0f / totals[row];
    for (long d = 0; d < depth; d++) out[row * outStride + d] = sums[row * width + d] * inverse;
  }
}

TARGET static void NAME(rows)(float *out, long outStride, const float *queries, long stride, long rows, const float *mask,
                              float *scratch, long tokens, long depth, float scale) {
  for (long row = 0; row < rows; row += ROW_BLOCK)
    NAME(block)(out + row * outStride, outStride, queries + row * stride, stride,
                rows - row < ROW_BLOCK ? rows - row : ROW_BLOCK, mask ? mask + row * tokens : 0, scratch, tokens, depth,
                scale);
}

#undef NAME
#undef TARGET
#undef LANES
#undef TILE_ROWS
#undef PANEL
#undef CHUNK
#undef ROW_BLOCK
#undef V
#undef ROUND_UP
