#pragma once
// Any CBLAS, called so that results do not depend on how many threads it would like to use.

#include <cblas.h>

#include <cstdint>
#include <mutex>
#include <type_traits>

// OpenBLAS' own functions. Weak, so that a program links with another CBLAS too, where they are then null.
extern "C" {
void openblas_set_num_threads(int) __attribute__((weak));
int openblas_get_num_threads(void) __attribute__((weak));
}

namespace nacre {

/// While one lives, OpenBLAS computes on the calling thread alone; when the last one is gone it has the number of
/// threads that it had before the first. Guards may nest and may live in several threads at once. Does nothing with
/// another BLAS.
class SingleThreadedBlas {
 public:
  SingleThreadedBlas() {
    if (!is_openblas()) return;
    const std::lock_guard lock(mutex_);
    if (guards_++ > 0) return;
    threads_before_ = openblas_get_num_threads();
    if (threads_before_ != 1) openblas_set_num_threads(1);
  }
  ~SingleThreadedBlas() {
    if (!is_openblas()) return;
    const std::lock_guard lock(mutex_);
    if (--guards_ == 0 && threads_before_ != 1) openblas_set_num_threads(threads_before_);
  }
  SingleThreadedBlas(const SingleThreadedBlas&) = delete;
  SingleThreadedBlas& operator=(const SingleThreadedBlas&) = delete;

 private:
  static bool is_openblas() { return openblas_set_num_threads != nullptr && openblas_get_num_threads != nullptr; }

  inline static std::mutex mutex_;
  inline static int guards_ = 0;
  inline static int threads_before_ = 1;
};

namespace kernels {

/// C = alpha A B + beta C, row-major: C is [rows, columns], A is [rows, depth] or, where `transpose_a`, stored as
/// [depth, rows]; B is [depth, columns] or, where `transpose_b`, stored as [columns, depth]. The strides are between
/// rows as stored; none of the sizes may exceed an int's range. Allocates nothing of its own.
template <class T>
void blas_multiply(bool transpose_a, bool transpose_b, std::int64_t rows, std::int64_t columns, std::int64_t depth,
                   T alpha, const T* a, std::int64_t a_stride, const T* b, std::int64_t b_stride, T beta, T* c,
                   std::int64_t c_stride) {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "BLAS multiplies float and double");
  // CBLAS libraries differ in the integer type of their sizes; int converts to all of them.
  const auto size = [](std::int64_t value) { return static_cast<int>(value); };
  const CBLAS_TRANSPOSE order_a = transpose_a ? CblasTrans : CblasNoTrans;
  const CBLAS_TRANSPOSE order_b = transpose_b ? CblasTrans : CblasNoTrans;
  if constexpr (std::is_same_v<T, float>) {
    cblas_sgemm(CblasRowMajor, order_a, order_b, size(rows), size(columns), size(depth), alpha, a, size(a_stride), b,
                size(b_stride), beta, c, size(c_stride));
  } else {
    cblas_dgemm(CblasRowMajor, order_a, order_b, size(rows), size(columns), size(depth), alpha, a, size(a_stride), b,
                size(b_stride), beta, c, size(c_stride));
  }
}

}  // namespace kernels
}  // namespace nacre
