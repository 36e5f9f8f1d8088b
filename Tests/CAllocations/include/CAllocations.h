#pragma once

/// What one thread has asked of the allocator between `allocations_begin` and `allocations_end`.
typedef struct {
  /// By Swift's runtime and this program's own code.
  long own;
  /// From inside the matrix libraries, or the C++ library on their behalf.
  long libraries;
  long library_bytes;
} allocations;

/// Starts counting on the calling thread.
void allocations_begin(void);
allocations allocations_end(void);
