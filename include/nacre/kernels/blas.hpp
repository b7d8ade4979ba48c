#pragma once
// BLAS on one thread. nacre's own kernels do without BLAS; layers of your own that call it, as through xtensor-blas,
// give the same bits on any number of threads only if BLAS itself computes on one. No BLAS header is included here,
// since xtensor-blas has declarations of its own, which conflict with another cblas.h.

#include <nacre/core/version.hpp>

#include <mutex>

#include <pthread.h>

// OpenBLAS' own functions. Weak, so that a program links with another CBLAS too, where they are then null.
extern "C" {
void openblas_set_num_threads(int) __attribute__((weak));
int openblas_get_num_threads(void) __attribute__((weak));
}

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// While one lives, OpenBLAS computes on the calling thread alone; when the last one is gone it has the number of
/// threads that it had before the first. Guards may nest and may live in several threads at once. Does nothing with
/// another BLAS.
class SingleThreadedBlas {
 public:
  SingleThreadedBlas() {
    if (!is_openblas()) return;
    static const int handles_forks = ::pthread_atfork(lock, unlock, unlock_in_child);
    static_cast<void>(handles_forks);
    const std::lock_guard lock(mutex_);
    ++guards_of_thread_;
    if (guards_++ > 0) return;
    threads_before_ = openblas_get_num_threads();
    if (threads_before_ != 1) openblas_set_num_threads(1);
  }
  ~SingleThreadedBlas() {
    if (!is_openblas()) return;
    const std::lock_guard lock(mutex_);
    --guards_of_thread_;
    if (--guards_ == 0 && threads_before_ != 1) openblas_set_num_threads(threads_before_);
  }
  SingleThreadedBlas(const SingleThreadedBlas&) = delete;
  SingleThreadedBlas& operator=(const SingleThreadedBlas&) = delete;

 private:
  static bool is_openblas() { return openblas_set_num_threads != nullptr && openblas_get_num_threads != nullptr; }

  // A child forked while another thread holds the mutex would wait for it forever. Guards of other threads do not exist
  // in it; where one had BLAS on one thread, it stays there.
  static void lock() { mutex_.lock(); }
  static void unlock() { mutex_.unlock(); }
  static void unlock_in_child() {
    guards_ = guards_of_thread_;
    mutex_.unlock();
  }

  inline static std::mutex mutex_;
  inline static int guards_ = 0;
  inline static thread_local int guards_of_thread_ = 0;
  inline static int threads_before_ = 1;
};

}  // namespace nacre
