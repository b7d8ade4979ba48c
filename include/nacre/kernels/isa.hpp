#pragma once
// Which instruction set the kernels use. Header-only code is compiled with its user's flags, and those seldom allow
// more than SSE2: so kernels are compiled for several instruction sets in every unit, and one is chosen at run time.
// Flags that allow more (-march=native) leave out what no machine that runs the unit would choose.

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <nacre/core/error.hpp>

/// The instruction sets that this unit has kernels for. Units of one program should agree on their flags here.
#if defined(__x86_64__) && defined(__GNUC__)
#define NACRE_HAS_AVX512 1
#else
#define NACRE_HAS_AVX512 0
#endif
#if NACRE_HAS_AVX512 && defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512DQ__) && defined(__AVX512BW__)
#define NACRE_HAS_AVX2 0
#else
#define NACRE_HAS_AVX2 NACRE_HAS_AVX512
#endif
#if NACRE_HAS_AVX512 && (!NACRE_HAS_AVX2 || (defined(__AVX2__) && defined(__FMA__)))
#define NACRE_HAS_BASELINE 0
#else
#define NACRE_HAS_BASELINE 1
#endif

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// An instruction set that kernels are compiled for, in ascending order of what it can do.
enum class Isa : std::uint8_t {
  baseline,  ///< what the unit's own flags allow, in vectors of 16 bytes; on x86-64 made for small code, not for speed
  avx2,      ///< AVX2 and FMA, vectors of 32 bytes
  avx512,    ///< AVX-512 F, VL, DQ and BW, vectors of 64 bytes
};

/// The name by which `NACRE_ISA` knows it.
constexpr std::string_view name(Isa isa) {
  constexpr std::array<std::string_view, 3> names{"baseline", "avx2", "avx512"};
  return names[static_cast<std::size_t>(isa)];
}

/// Whether this unit has kernels for `isa`.
constexpr bool is_compiled(Isa isa) {
  if (isa == Isa::avx512) return NACRE_HAS_AVX512;
  return isa == Isa::avx2 ? NACRE_HAS_AVX2 : NACRE_HAS_BASELINE;
}

/// Whether there are kernels for `isa` and this machine and its operating system can run them.
inline bool is_available(Isa isa) {
  if (!is_compiled(isa)) return false;
#if NACRE_HAS_AVX512
  __builtin_cpu_init();
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (isa == Isa::avx2) return has_avx2;
  if (isa == Isa::avx512) {
    return has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
  }
#endif
  return true;
}

namespace detail {

/// The first of the instruction sets, from the best down, that is available and that `wanted` names, if it is not
/// empty.
inline Isa choose_isa(std::string_view wanted) {
  for (const Isa isa : {Isa::avx512, Isa::avx2, Isa::baseline}) {
    if (!wanted.empty() && wanted != name(isa)) continue;
    if (is_available(isa)) return isa;
    if (wanted.empty()) continue;
    throw ValueError(
        text("NACRE_ISA: ", is_compiled(isa) ? "this machine cannot run" : "this program was built without",
             " kernels for \"", wanted, "\"; leave the variable unset to use the best there are"));
  }
  if (!wanted.empty()) throw ValueError(text("NACRE_ISA: expected baseline, avx2 or avx512, got \"", wanted, "\""));
  throw ValueError("this program was compiled for processors (-march) that can do more than this machine's");
}

inline constexpr int isa_undecided = -1;

// The only mutable state of the kernels.
inline std::atomic<int> chosen_isa{isa_undecided};

[[gnu::cold, gnu::noinline]] inline int decide_isa() {
  const char* setting = std::getenv("NACRE_ISA");
  const int chosen = static_cast<int>(choose_isa(setting == nullptr ? "" : setting));
  chosen_isa.store(chosen, std::memory_order_relaxed);
  return chosen;
}

}  // namespace detail

/// The instruction set that kernels use, decided at first use: the best that is available, or the one that the
/// environment variable `NACRE_ISA` names (`baseline`, `avx2`, `avx512`). Throws ValueError for a name that is not
/// known and for one that is not available. Results differ between instruction sets in their last bits.
inline Isa isa() {
  const int chosen = detail::chosen_isa.load(std::memory_order_relaxed);
  return static_cast<Isa>(chosen == detail::isa_undecided ? detail::decide_isa() : chosen);
}

/// For tests: while it lives, all threads use kernels for `isa`. Throws ValueError where they are not available.
class ScopedIsa {
 public:
  explicit ScopedIsa(Isa isa) : saved_(kernels::isa()) {
    require<ValueError>(is_available(isa), "ScopedIsa: \"", name(isa), "\" is not available");
    detail::chosen_isa.store(static_cast<int>(isa), std::memory_order_relaxed);
  }
  ~ScopedIsa() { detail::chosen_isa.store(static_cast<int>(saved_), std::memory_order_relaxed); }
  ScopedIsa(const ScopedIsa&) = delete;
  ScopedIsa& operator=(const ScopedIsa&) = delete;

 private:
  Isa saved_;
};

}  // namespace nacre::kernels
