#pragma once
// A fork/join pool. Work is cut by shapes alone, and each piece is computed by one thread: who computes it never
// shows in the result.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sched.h>
#endif

#include <nacre/core/error.hpp>
#include <nacre/core/float_control.hpp>

namespace nacre {

/// Threads that wait for `run`. The caller takes part; every thread drains its own range of tasks first and then steals
/// from the others, so a thread that the system holds up delays nobody. Waiting threads spin for about a thousand
/// pauses and then sleep in the kernel.
class ThreadPool {
 public:
  /// A pool of `threads` in all, the caller among them. Throws ValueError below 1 or above 1024.
  explicit ThreadPool(int threads) : ranges_(check(threads)) {
    for (int worker = 1; worker < threads; ++worker) workers_.emplace_back([this, worker] { serve(worker); });
  }

  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  ~ThreadPool() {
    stopping_.store(true);
    round_.fetch_add(1);
    round_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  int threads() const { return static_cast<int>(ranges_.size()); }

  /// Calls `task(index, worker)` for every index below `count` and returns when all are done; `worker`, below
  /// `threads()`, is the same for no two calls that run at once. A caller that finds the pool taken (another thread's, or
  /// one of its own tasks) computes everything itself as worker 0. Of the exceptions that tasks throw, that of the
  /// lowest index is thrown on, after all tasks have ended.
  template <class Task>
  void run(std::int64_t count, Task&& task) {
    const FlushDenormals flush;  // as the workers do: who computes a task must not show in its result
    if (threads() == 1 || count <= 1 || taken_.exchange(true, std::memory_order_acquire)) {
      run_alone(count, task);
      return;
    }
    using Callable = std::remove_reference_t<Task>;
    call_ = [](void* callable, std::int64_t index, int worker) { (*static_cast<Callable*>(callable))(index, worker); };
    callable_ = const_cast<void*>(static_cast<const void*>(&task));
    for (std::int64_t first = 0; first < count; first += max_round) share(first, std::min(max_round, count - first));
    const std::exception_ptr error = std::exchange(error_, nullptr);  // before the next caller may leave its own
    taken_.store(false, std::memory_order_release);
    if (error) std::rethrow_exception(error);
  }

 private:
  // A range of tasks in one word, so that taking the next one is a single compare-and-swap:
  // round (24 bits) | end (20 bits) | next (20 bits). The round keeps a late thread from taking a later round's tasks.
  static constexpr int index_bits = 20;
  static constexpr std::uint64_t index_mask = (std::uint64_t{1} << index_bits) - 1;
  static constexpr std::int64_t max_round = std::int64_t{index_mask};
  static constexpr std::uint32_t round_mask = (1u << 24) - 1;
  static constexpr int spins = 1000;

  struct alignas(64) Range {
    std::atomic<std::uint64_t> word{0};
  };

  static std::size_t check(int threads) {
    require<ValueError>(threads >= 1 && threads <= 1024, "ThreadPool: expected 1 to 1024 threads, got ", threads);
    return static_cast<std::size_t>(threads);
  }

  static void pause() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  template <class Task>
  static void run_alone(std::int64_t count, Task& task) {
    std::exception_ptr error;
    for (std::int64_t index = 0; index < count; ++index) {
      try {
        task(index, 0);
      } catch (...) {
        if (!error) error = std::current_exception();
      }
    }
    if (error) std::rethrow_exception(error);
  }

  void share(std::int64_t first, std::int64_t count) {
    first_ = first;
    done_.store(0, std::memory_order_relaxed);
    const std::uint32_t round = (round_.load(std::memory_order_relaxed) + 1) & round_mask;
    const std::int64_t size = threads();
    for (std::int64_t worker = 0; worker < size; ++worker) {
      const auto begin = static_cast<std::uint64_t>(count * worker / size);
      const auto end = static_cast<std::uint64_t>(count * (worker + 1) / size);
      ranges_[static_cast<std::size_t>(worker)].word.store(
          std::uint64_t{round} << (2 * index_bits) | end << index_bits | begin, std::memory_order_release);
    }
    round_.store(round);
    round_.notify_all();
    drain(round, 0);
    while (done_.load(std::memory_order_acquire) != count) pause();
  }

  void drain(std::uint32_t round, int worker) {
    for (int victim = 0; victim < threads(); ++victim) {
      auto& word = ranges_[static_cast<std::size_t>((worker + victim) % threads())].word;
      std::uint64_t range = word.load(std::memory_order_acquire);
      while (range >> (2 * index_bits) == round && (range & index_mask) < (range >> index_bits & index_mask)) {
        if (!word.compare_exchange_weak(range, range + 1, std::memory_order_acq_rel)) continue;
        compute(first_ + static_cast<std::int64_t>(range & index_mask), worker);
        range = word.load(std::memory_order_acquire);
      }
    }
  }

  void compute(std::int64_t index, int worker) {
    try {
      call_(callable_, index, worker);
    } catch (...) {
      const std::lock_guard lock(error_mutex_);
      if (!error_ || index < error_index_) {
        error_ = std::current_exception();
        error_index_ = index;
      }
    }
    done_.fetch_add(1, std::memory_order_release);
  }

  void serve(int worker) {
    const FlushDenormals flush;
    std::uint32_t seen = 0;
    while (true) {
      std::uint32_t round = round_.load(std::memory_order_acquire);
      for (int spin = 0; round == seen; round = round_.load(std::memory_order_acquire)) {
        if (spin++ < spins) {
          pause();
        } else {
          round_.wait(seen, std::memory_order_acquire);
        }
      }
      if (stopping_.load()) return;
      seen = round;
      drain(round, worker);
    }
  }

  std::vector<Range> ranges_;
  alignas(64) std::atomic<std::uint32_t> round_{0};
  alignas(64) std::atomic<std::int64_t> done_{0};
  alignas(64) std::atomic<bool> taken_{false};
  std::atomic<bool> stopping_{false};
  void (*call_)(void*, std::int64_t, int) = nullptr;
  void* callable_ = nullptr;
  std::int64_t first_ = 0;
  std::mutex error_mutex_;
  std::exception_ptr error_;
  std::int64_t error_index_ = 0;
  std::vector<std::thread> workers_;
};

namespace detail {

/// Cores that this process may run on.
inline int available_cores() {
#if defined(__linux__)
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) == 0) return std::max(1, CPU_COUNT(&cores));
#endif
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

/// `NACRE_NUM_THREADS` where it is set, otherwise the cores in the affinity mask.
inline int default_threads() {
  const char* setting = std::getenv("NACRE_NUM_THREADS");
  if (setting == nullptr || *setting == '\0') return std::min(available_cores(), 1024);
  char* end = nullptr;
  const long threads = std::strtol(setting, &end, 10);
  require<ValueError>(*end == '\0' && threads >= 1 && threads <= 1024,
                      "NACRE_NUM_THREADS: expected a number from 1 to 1024, got \"", setting, "\"");
  return static_cast<int>(threads);
}

struct SharedPool {
  std::mutex mutex;
  std::shared_ptr<ThreadPool> pool;
};

inline SharedPool& shared_pool() {
  static SharedPool shared;
  return shared;
}

}  // namespace detail

/// The pool that models compute on, made at first use with `NACRE_NUM_THREADS` threads, or one for each core the
/// process may use. Whoever holds the pointer may go on using its pool when `set_num_threads` has put another in place.
inline std::shared_ptr<ThreadPool> thread_pool() {
  auto& shared = detail::shared_pool();
  const std::lock_guard lock(shared.mutex);
  if (!shared.pool) shared.pool = std::make_shared<ThreadPool>(detail::default_threads());
  return shared.pool;
}

/// Threads that models compute on. No result depends on it.
inline int num_threads() { return thread_pool()->threads(); }

/// Sets how many threads models compute on from the next call on; 0 is the default number. Throws ValueError outside
/// 0 to 1024.
inline void set_num_threads(int threads) {
  auto pool = std::make_shared<ThreadPool>(threads == 0 ? detail::default_threads() : threads);
  auto& shared = detail::shared_pool();
  const std::lock_guard lock(shared.mutex);
  shared.pool.swap(pool);
}

}  // namespace nacre
