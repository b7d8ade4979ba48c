#pragma once
// The thread pool's bodies.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <pthread.h>
#include <unistd.h>

#include <nacre/core/available_cores.hpp>
#include <nacre/core/float_control.hpp>
#include <nacre/core/thread_pool.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// What the threads of a pool share.
struct ThreadPool::State {
  // A range of tasks in one word, so that taking the next one is a single compare-and-swap:
  // round (24 bits) | end (20 bits) | next (20 bits). The round keeps a late thread from taking a later round's tasks.
  static constexpr int index_bits = 20;
  static constexpr std::uint64_t index_mask = (std::uint64_t{1} << index_bits) - 1;
  static constexpr std::int64_t max_round = std::int64_t{index_mask};
  static constexpr std::uint32_t round_mask = (1u << 24) - 1;
  static constexpr int spins = 1000;

  /// Of the exceptions that tasks threw, that of the lowest index.
  struct Failure {
    std::mutex mutex;
    std::exception_ptr error;
    std::int64_t index = 0;

    void keep(std::exception_ptr thrown, std::int64_t of) {
      const std::lock_guard lock(mutex);
      if (error && index <= of) return;
      error = std::move(thrown);
      index = of;
    }
  };

  struct alignas(64) Worker {
    std::atomic<std::uint64_t> range{0};
    ::pthread_t thread{};
    State* state = nullptr;
  };

  // Tasks for threads that wait. Their range has a round of its own.
  struct Background {
    std::atomic<bool> taken{false};
    alignas(64) std::atomic<std::uint64_t> range{0};
    std::atomic<std::uint32_t> done{0};
    const TaskReference* task = nullptr;
    std::uint32_t count = 0;
    std::uint32_t round = 0;
    unsigned forks_before = 0;
    Failure failure;
  };

  explicit State(int wanted) : workers(new Worker[static_cast<std::size_t>(wanted)]) {}

  void start(int wanted);
  void stop();
  void share(std::int64_t first, std::int64_t count, TaskReference task);
  void drain(std::uint32_t round, int worker);
  void wait_until_done();
  void compute(std::int64_t index, int worker);
  bool compute_background(int worker);
  [[noreturn]] void end_forked_child(int worker);
  void serve(int worker);

  std::unique_ptr<Worker[]> workers;  // that of the caller, 0, among them
  int threads = 1;
  alignas(64) std::atomic<std::uint32_t> round{0};
  alignas(64) std::atomic<std::uint32_t> done{0};
  std::atomic<bool> caller_sleeps{false};
  alignas(64) std::atomic<bool> taken{false};
  std::atomic<bool> stopping{false};
  const TaskReference* task = nullptr;
  std::int64_t first = 0;
  std::uint32_t count = 0;
  Failure failure;
  Background background;
  ::pid_t process = ::getpid();
  State* next_inherited = nullptr;

  inline static std::atomic<unsigned> forks{0};  // since the first pool, in this process and those it comes from
};

namespace detail {

NACRE_INLINE void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

NACRE_INLINE void run_alone(std::int64_t count, TaskReference task) {
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

}  // namespace detail

/// Starts threads until there are `wanted`, or the system refuses one.
[[gnu::cold]] NACRE_INLINE void ThreadPool::State::start(int wanted) {
  static const int counts = ::pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  static_cast<void>(counts);
  workers[0].state = this;
  for (; threads < wanted; ++threads) {
    Worker& worker = workers[static_cast<std::size_t>(threads)];
    worker.state = this;
    // The threads read how many there are in the first round, which begins when all have been started.
    const auto serve = [](void* started) -> void* {
      Worker* const self = static_cast<Worker*>(started);
      State* const state = self->state;
      state->serve(static_cast<int>(self - state->workers.get()));
      return nullptr;
    };
    if (::pthread_create(&worker.thread, nullptr, serve, &worker) != 0) return;
  }
}

[[gnu::cold]] NACRE_INLINE void ThreadPool::State::stop() {
  stopping.store(true);
  round.fetch_add(1);
  round.notify_all();
  for (int worker = 1; worker < threads; ++worker) {
    ::pthread_join(workers[static_cast<std::size_t>(worker)].thread, nullptr);
  }
}

NACRE_INLINE void ThreadPool::State::share(std::int64_t from, std::int64_t size, TaskReference called) {
  task = &called;
  first = from;
  count = static_cast<std::uint32_t>(size);
  done.store(0, std::memory_order_relaxed);
  const std::uint32_t next = (round.load(std::memory_order_relaxed) + 1) & round_mask;
  for (std::int64_t worker = 0; worker < threads; ++worker) {
    const auto begin = static_cast<std::uint64_t>(size * worker / threads);
    const auto end = static_cast<std::uint64_t>(size * (worker + 1) / threads);
    workers[static_cast<std::size_t>(worker)].range.store(
        std::uint64_t{next} << (2 * index_bits) | end << index_bits | begin, std::memory_order_release);
  }
  round.store(next);
  round.notify_all();
  drain(next, 0);
  wait_until_done();
}

NACRE_INLINE void ThreadPool::State::wait_until_done() {
  for (int spin = 0; spin < spins; ++spin) {
    if (done.load(std::memory_order_acquire) == count) return;
    detail::pause();
  }
  caller_sleeps.store(true);
  for (std::uint32_t ended = done.load(); ended != count; ended = done.load()) done.wait(ended);
  caller_sleeps.store(false);
}

NACRE_INLINE void ThreadPool::State::drain(std::uint32_t now, int worker) {
  for (int victim = 0; victim < threads; ++victim) {
    auto& word = workers[static_cast<std::size_t>((worker + victim) % threads)].range;
    std::uint64_t range = word.load(std::memory_order_acquire);
    while (range >> (2 * index_bits) == now && (range & index_mask) < (range >> index_bits & index_mask)) {
      if (!word.compare_exchange_weak(range, range + 1, std::memory_order_acq_rel)) continue;
      compute(first + static_cast<std::int64_t>(range & index_mask), worker);
      range = word.load(std::memory_order_acquire);
    }
  }
}

NACRE_INLINE void ThreadPool::State::compute(std::int64_t index, int worker) {
  const std::uint32_t last = count;  // not to be read any more once the caller may go on
  const unsigned forks_before = forks.load(std::memory_order_relaxed);
  std::exception_ptr thrown;
  try {
    (*task)(index, worker);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (forks.load(std::memory_order_relaxed) != forks_before) end_forked_child(worker);
  if (thrown) failure.keep(std::move(thrown), index);
  // In one order with what wait_until_done does: either the caller sees the last task or is seen to sleep.
  if (done.fetch_add(1) + 1 == last && caller_sleeps.load()) done.notify_one();
}

/// Computes a task that was left for threads that wait, if there is one.
NACRE_INLINE bool ThreadPool::State::compute_background(int worker) {
  std::uint64_t range = background.range.load(std::memory_order_acquire);
  do {
    if ((range & index_mask) >= (range >> index_bits & index_mask)) return false;
  } while (!background.range.compare_exchange_weak(range, range + 1, std::memory_order_acq_rel));
  const auto index = static_cast<std::int64_t>(range & index_mask);
  const std::uint32_t last = background.count;  // not to be read any more once the owner may go on
  try {
    (*background.task)(index, worker);
  } catch (...) {
    background.failure.keep(std::current_exception(), index);
  }
  if (background.done.fetch_add(1) + 1 == last) background.done.notify_all();
  return true;
}

/// Ends a run in a child that one of its tasks forked: the other tasks were left half done in the parent, and the
/// threads that had them do not exist here. Locks may be held for good.
[[gnu::cold]] NACRE_INLINE void ThreadPool::State::end_forked_child(int worker) {
  static constexpr char message[] =
      "ThreadPool: a task forked the process; the child cannot finish the other threads' tasks; let it call exec or "
      "_exit before the task returns, or fork outside of tasks\n";
  constexpr std::size_t length = sizeof message - 1;
  if (worker == 0) throw StateError(std::string(message, length - 1));
  // A thread of the pool has nobody to throw to, and would wait forever for the next run.
  static_cast<void>(!::write(STDERR_FILENO, message, length));
  ::_exit(1);
}

NACRE_INLINE void ThreadPool::State::serve(int worker) {
  const FlushDenormals flush;
  std::uint32_t seen = 0;
  while (true) {
    std::uint32_t now = round.load(std::memory_order_acquire);
    for (int spin = 0; now == seen; now = round.load(std::memory_order_acquire)) {
      if (compute_background(worker)) {
        spin = 0;
      } else if (spin++ < spins) {
        detail::pause();
      } else {
        round.wait(seen, std::memory_order_acquire);
      }
    }
    if (stopping.load()) return;
    seen = now;
    drain(now, worker);
  }
}

[[gnu::cold]] NACRE_INLINE ThreadPool::ThreadPool(int threads) {
  require<ValueError>(threads >= 1 && threads <= 1024, "ThreadPool: expected 1 to 1024 threads, got ", threads);
  state_ = std::make_unique<State>(threads);
  state_->start(threads);
  threads_ = state_->threads;
}

[[gnu::cold]] NACRE_INLINE ThreadPool::~ThreadPool() {
  if (!inherited()) {
    state_->stop();
    return;
  }
  // The threads are the parent's: there is none to join here, and what they were doing is unknown. The memory stays,
  // within reach of leak checkers.
  static std::atomic<State*> all{nullptr};
  State* const state = state_.release();
  state->next_inherited = all.exchange(state);
}

NACRE_INLINE bool ThreadPool::inherited() const { return state_->process != ::getpid(); }

NACRE_INLINE void ThreadPool::run(std::int64_t count, TaskReference task) {
  const FlushDenormals flush;  // as the workers do: who computes a task must not show in its result
  State& state = *state_;
  if (threads_ == 1 || count <= 1 || state.taken.exchange(true, std::memory_order_acquire)) {
    detail::run_alone(count, task);
    return;
  }
  for (std::int64_t first = 0; first < count; first += State::max_round) {
    state.share(first, std::min(State::max_round, count - first), task);
  }
  const std::exception_ptr error =
      std::exchange(state.failure.error, nullptr);  // before the next caller may leave its own
  state.taken.store(false, std::memory_order_release);
  if (error) std::rethrow_exception(error);
}

NACRE_INLINE bool ThreadPool::start_background(std::int64_t count, const TaskReference& task) {
  State::Background& background = state_->background;
  if (threads_ == 1 || count < 1 || count > State::max_round || background.taken.exchange(true)) return false;
  background.task = &task;
  background.count = static_cast<std::uint32_t>(count);
  background.forks_before = State::forks.load(std::memory_order_relaxed);
  background.done.store(0, std::memory_order_relaxed);
  background.round = (background.round + 1) & State::round_mask;
  background.range.store(std::uint64_t{background.round} << (2 * State::index_bits) | static_cast<std::uint64_t>(count)
                                                                                          << State::index_bits,
                         std::memory_order_release);
  // Threads that sleep are woken by a run of nothing; where there is another run, they are awake.
  if (!state_->taken.exchange(true, std::memory_order_acquire)) {
    const auto nothing = [](std::int64_t, int) {};
    state_->share(0, 0, nothing);
    state_->taken.store(false, std::memory_order_release);
  }
  return true;
}

NACRE_INLINE void ThreadPool::finish_background() {
  State::Background& background = state_->background;
  run(threads_, [this](std::int64_t, int worker) {
    while (state_->compute_background(worker)) continue;
  });
  // Other threads may still be at tasks, but for a forked child, where there are none.
  const bool forked = State::forks.load(std::memory_order_relaxed) != background.forks_before;
  std::uint32_t done = background.done.load();
  for (; done != background.count && !forked; done = background.done.load()) background.done.wait(done);
  const std::exception_ptr error = std::exchange(background.failure.error, nullptr);
  background.taken.store(false);
  require<StateError>(done == background.count,
                      "ThreadPool: the process was forked while another thread was at a task; the child cannot finish "
                      "it; let it call exec or _exit");
  if (error) std::rethrow_exception(error);
}

NACRE_INLINE void BackgroundTasks::start(std::shared_ptr<ThreadPool> pool, std::int64_t count) {
  pool_ = std::move(pool);
  count_ = count;
  offered_ = pool_->start_background(count, task_);
}

NACRE_INLINE void BackgroundTasks::finish() {
  if (pool_ == nullptr) return;
  const std::shared_ptr<ThreadPool> pool = std::move(pool_);
  pool_ = nullptr;
  if (std::exchange(offered_, false)) return pool->finish_background();
  pool->run(count_, task_);
}

NACRE_INLINE void BackgroundTasks::abandon() noexcept {
  if (!offered_) pool_ = nullptr;
  try {
    finish();
  } catch (...) {
    // what nobody needs may fail
  }
}

namespace detail {

/// `NACRE_NUM_THREADS` where it is set, otherwise the cores there are.
[[gnu::cold]] NACRE_INLINE int default_threads() {
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

/// Never destroyed: other threads and destructors of static objects may compute while the program exits.
NACRE_INLINE SharedPool& shared_pool() {
  static SharedPool* const shared = [] {
    // A child forked while another thread holds the lock would wait for it forever.
    ::pthread_atfork([] { shared_pool().mutex.lock(); }, [] { shared_pool().mutex.unlock(); },
                     [] { shared_pool().mutex.unlock(); });
    return new SharedPool;
  }();
  return *shared;
}

}  // namespace detail

NACRE_INLINE std::shared_ptr<ThreadPool> thread_pool() {
  auto& shared = detail::shared_pool();
  const std::lock_guard lock(shared.mutex);
  if (!shared.pool || shared.pool->inherited()) {
    shared.pool = std::make_shared<ThreadPool>(detail::default_threads());
  }
  return shared.pool;
}

NACRE_INLINE int num_threads() { return thread_pool()->threads(); }

NACRE_INLINE void set_num_threads(int threads) {
  auto pool = std::make_shared<ThreadPool>(threads == 0 ? detail::default_threads() : threads);
  auto& shared = detail::shared_pool();
  const std::lock_guard lock(shared.mutex);
  shared.pool.swap(pool);
}

}  // namespace nacre
