#pragma once
// Which instruction set the kernels use. Header-only code is compiled with its user's flags, and those seldom allow
// more than SSE2: so kernels are compiled for several instruction sets in every unit, and one is chosen at run time.

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <nacre/core/error.hpp>

/// Whether kernels for AVX2 and AVX-512 exist in this unit, besides the baseline.
#if defined(__x86_64__) && defined(__GNUC__)
#define NACRE_HAS_X86_KERNELS 1
#else
#define NACRE_HAS_X86_KERNELS 0
#endif

namespace nacre::kernels {

/// An instruction set that kernels are compiled for, in ascending order of what it can do.
enum class Isa : std::uint8_t {
  baseline,  ///< what the unit's own flags allow, in vectors of 16 bytes
  avx2,      ///< AVX2 and FMA, vectors of 32 bytes
  avx512,    ///< AVX-512 F, VL, DQ and BW, vectors of 64 bytes
};

/// The name by which `NACRE_ISA` knows it.
constexpr std::string_view name(Isa isa) {
  constexpr std::array<std::string_view, 3> names{"baseline", "avx2", "avx512"};
  return names[static_cast<std::size_t>(isa)];
}

/// Whether this machine and its operating system can run kernels for `isa`.
inline bool is_available([[maybe_unused]] Isa isa) {
#if NACRE_HAS_X86_KERNELS
  __builtin_cpu_init();
  if (isa == Isa::avx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (isa == Isa::avx512) {
    return is_available(Isa::avx2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  }
#endif
  return isa == Isa::baseline;
}

namespace detail {

/// The best instruction set of this machine, or the one that the environment variable `NACRE_ISA` names.
inline Isa choose_isa() {
  const char* setting = std::getenv("NACRE_ISA");
  const std::string_view wanted = setting == nullptr ? "" : setting;
  for (const Isa isa : {Isa::avx512, Isa::avx2, Isa::baseline}) {
    if (wanted == name(isa)) {
      require<ValueError>(is_available(isa), "NACRE_ISA: this machine cannot run \"", wanted,
                          "\"; leave the variable unset to use the best it can");
      return isa;
    }
    if (wanted.empty() && is_available(isa)) return isa;
  }
  throw ValueError(text("NACRE_ISA: expected baseline, avx2 or avx512, got \"", wanted, "\""));
}

inline constexpr int isa_undecided = -1;

// The only mutable state of the kernels.
inline std::atomic<int> chosen_isa{isa_undecided};

}  // namespace detail

/// The instruction set that kernels use, decided at first use: the best that the machine has, or the one that the
/// environment variable `NACRE_ISA` names (`baseline`, `avx2`, `avx512`). Throws ValueError for a name that is not
/// known or that the machine cannot run. Results differ between instruction sets in their last bits.
inline Isa isa() {
  int chosen = detail::chosen_isa.load(std::memory_order_relaxed);
  if (chosen == detail::isa_undecided) {
    chosen = static_cast<int>(detail::choose_isa());
    detail::chosen_isa.store(chosen, std::memory_order_relaxed);
  }
  return static_cast<Isa>(chosen);
}

/// For tests: while it lives, all threads use kernels for `isa`. Throws ValueError where the machine cannot run them.
class ScopedIsa {
 public:
  explicit ScopedIsa(Isa isa) : saved_(kernels::isa()) {
    require<ValueError>(is_available(isa), "ScopedIsa: this machine cannot run \"", name(isa), "\"");
    detail::chosen_isa.store(static_cast<int>(isa), std::memory_order_relaxed);
  }
  ~ScopedIsa() { detail::chosen_isa.store(static_cast<int>(saved_), std::memory_order_relaxed); }
  ScopedIsa(const ScopedIsa&) = delete;
  ScopedIsa& operator=(const ScopedIsa&) = delete;

 private:
  Isa saved_;
};

}  // namespace nacre::kernels
