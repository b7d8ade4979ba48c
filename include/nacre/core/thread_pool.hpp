#pragma once
// A fork/join pool. Work is cut by shapes alone, and each piece is computed by one thread: who computes it never
// shows in the result.

#include <cstdint>
#include <memory>

#include <nacre/core/compiled.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/function_reference.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Refers to any callable `task(index, worker)`, which must outlive it.
using TaskReference = FunctionReference<void(std::int64_t index, int worker)>;

/// Threads that wait for `run`. The caller takes part; every thread drains its own range of tasks first and then steals
/// from the others, so a thread that the system holds up delays nobody. A waiting thread spins for about a thousand
/// pauses and then sleeps in the kernel.
///
/// Where the system refuses a thread (limits on processes or memory), the pool has those that could be started, at
/// least the caller. After a fork the child may use and destroy pools that it inherits; they compute on the caller
/// alone there. A child that a task forks has to call exec or _exit in that task: the run that it is in cannot be
/// finished there, unless the caller computes alone. If the task returns, `run` throws StateError in the child where it
/// was the caller who computed the task; where it was another thread, the child says so on stderr and exits with 1.
class ThreadPool {
 public:
  /// A pool of `threads` in all, the caller among them; fewer where the system refuses more. Throws ValueError below 1
  /// or above 1024.
  explicit ThreadPool(int threads);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  /// How many threads compute, the caller among them. No result depends on it.
  int threads() const { return threads_; }

  /// Calls `task(index, worker)` for every index below `count` and returns when all are done; `worker`, below
  /// `threads()`, is the same for no two calls that run at once. A caller that finds the pool taken (another thread's,
  /// or one of its own tasks) computes everything itself as worker 0. Of the exceptions that tasks throw, that of the
  /// lowest index is thrown on, after all tasks have ended.
  void run(std::int64_t count, TaskReference task);

  /// Offers tasks to the pool's threads for when they wait for `run`, and returns at once; `task` must live until
  /// `finish_background` has returned. A pool has one such set of tasks at a time: returns false, and does nothing,
  /// where it has one already. For an index at a time, as `run`; `worker` says nothing.
  bool start_background(std::int64_t count, const TaskReference& task);

  /// Computes with all threads what nobody has come to yet, and returns when all tasks are done. Of the exceptions that
  /// tasks threw, that of the lowest index is thrown on. Throws StateError in a child that was forked in between, where
  /// another thread was at a task.
  void finish_background();

  /// Whether the pool was made by the process that this one was forked from.
  bool inherited() const;

 private:
  struct State;

  int threads_ = 1;
  std::unique_ptr<State> state_;
};

/// Tasks that are computed while their owner does something else, on the threads of a pool that have nothing to do:
/// between `start` and `finish` they may run at any time, and by the end of `finish` all have. Where the pool has one
/// thread, or other tasks of this kind, `finish` computes them.
class BackgroundTasks {
 public:
  /// @param task what is called, which must outlive this object.
  explicit BackgroundTasks(TaskReference task) : task_(task) {}
  BackgroundTasks(const BackgroundTasks&) = delete;
  BackgroundTasks& operator=(const BackgroundTasks&) = delete;
  ~BackgroundTasks() { abandon(); }

  /// Begins indices 0 to `count` - 1 on `pool`; what was begun before must have been finished.
  void start(std::shared_ptr<ThreadPool> pool, std::int64_t count);
  /// Returns when all tasks are done; throws as `ThreadPool::run`.
  void finish();
  /// The same, for tasks that nobody needs any more: what they throw is dropped.
  void abandon() noexcept;

 private:
  TaskReference task_;
  std::shared_ptr<ThreadPool> pool_;
  std::int64_t count_ = 0;
  bool offered_ = false;
};

/// The pool that models compute on, made at first use with `NACRE_NUM_THREADS` threads, or one for each core the
/// process may use: those of its affinity mask, but no more than the CPU quota of its control group, rounded up.
/// Whoever holds the pointer may go on using its pool when `set_num_threads` has put another in place.
///
/// A forked child makes a pool of its own at its first use. The pool is never destroyed, so that it can be used while
/// the program exits, from other threads and from destructors of static objects. Throws ValueError where
/// NACRE_NUM_THREADS is no number from 1 to 1024.
std::shared_ptr<ThreadPool> thread_pool();

/// Threads that models compute on. No result depends on it.
int num_threads();

/// Sets how many threads models compute on from the next call on; 0 is the default number. Where the system refuses so
/// many, there are fewer, as `num_threads` tells. Throws ValueError outside 0 to 1024.
void set_num_threads(int threads);

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/core/thread_pool-inl.hpp>
#endif
