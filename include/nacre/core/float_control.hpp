#pragma once
// Denormal numbers cost a hundred cycles each, and decaying moments become denormal: computing treats them as zero.

#include <nacre/core/version.hpp>

#include <cstdint>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// While it lives, this thread treats denormal numbers as zero (flush-to-zero and denormals-are-zero); then the
/// thread's floating-point control is what it was. Does nothing on processors where it is not known how.
class FlushDenormals {
 public:
  FlushDenormals() : saved_(read()) { write(saved_ | flush_bits); }
  ~FlushDenormals() { write(saved_); }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__SSE__)
  using Control = std::uint32_t;
  static constexpr Control flush_bits = 0x8040;  // FTZ and DAZ
  static Control read() { return _mm_getcsr(); }
  static void write(Control control) { _mm_setcsr(control); }
#elif defined(__aarch64__)
  using Control = std::uint64_t;
  static constexpr Control flush_bits = Control{1} << 24;  // FZ
  static Control read() {
    Control control;
    asm volatile("mrs %0, fpcr" : "=r"(control));
    return control;
  }
  static void write(Control control) { asm volatile("msr fpcr, %0" ::"r"(control)); }
#else
  using Control = std::uint32_t;
  static constexpr Control flush_bits = 0;
  static Control read() { return 0; }
  static void write(Control) {}
#endif

  Control saved_;
};

}  // namespace nacre
