// Prints how fast this machine multiplies just now: OpenBLAS' sgemm of 512^3 on one core, in GFLOP/s. What the other
// benchmarks reach is worth little without it, as clock rates and neighbours change from minute to minute.

#include "bench_support.hpp"

int main() {
  bench::set_blas_threads(1);
  std::printf("%.2f\n", bench::sgemm_probe());
  return 0;
}
