#include <nacre/core/thread_pool.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include <nacre/core/error.hpp>
#include <nacre/core/range.hpp>

#include "catch.hpp"
#include "child_process.hpp"

using namespace nacre;

namespace {

/// Restores the number of threads and NACRE_NUM_THREADS, which a test changes.
struct RestoreThreads {
  ~RestoreThreads() {
    unsetenv("NACRE_NUM_THREADS");
    set_num_threads(0);
  }
};

/// Whether the pool computes every task once.
bool computes(ThreadPool& pool) {
  std::array<std::atomic<int>, 100> calls{};
  pool.run(100, [&](std::int64_t index, int) { ++calls[static_cast<std::size_t>(index)]; });
  return std::all_of(calls.begin(), calls.end(), [](const auto& called) { return called == 1; });
}

/// Uses the pool that all share when it is destroyed, in a process where `armed` is set.
struct ComputesAtExit {
  bool armed = false;
  ~ComputesAtExit() {
    if (armed && !computes(*thread_pool())) ::_exit(3);
  }
};

ComputesAtExit made_before_the_pool;

}  // namespace

TEST_CASE("every task runs exactly once") {
  const int threads = GENERATE(1, 2, 3, 8);
  const std::int64_t count = GENERATE(as<std::int64_t>(), 0, 1, 2, 7, 1000);
  ThreadPool pool(threads);
  CHECK(pool.threads() == threads);
  std::vector<std::atomic<int>> calls(static_cast<std::size_t>(count));
  std::atomic<bool> known_worker = true;
  for (int round = 0; round < 20; ++round) {
    pool.run(count, [&](std::int64_t index, int worker) {
      ++calls[static_cast<std::size_t>(index)];
      if (worker < 0 || worker >= threads) known_worker = false;
    });
  }
  CHECK(known_worker);
  for (const auto& called : calls) CHECK(called == 20);
}

TEST_CASE("more tasks than one round holds") {
  const std::int64_t count = (std::int64_t{1} << 20) + 5;
  std::vector<std::uint8_t> calls(static_cast<std::size_t>(count));
  ThreadPool pool(3);
  pool.run(count, [&](std::int64_t index, int) { ++calls[static_cast<std::size_t>(index)]; });
  CHECK(std::all_of(calls.begin(), calls.end(), [](int called) { return called == 1; }));
}

TEST_CASE("no two calls that run at once have the same worker") {
  ThreadPool pool(4);
  std::array<std::atomic<int>, 4> inside{};
  std::atomic<bool> shared = false;
  pool.run(500, [&](std::int64_t, int worker) {
    auto& mine = inside[static_cast<std::size_t>(worker)];
    if (mine.fetch_add(1) != 0) shared = true;
    std::this_thread::yield();
    mine.fetch_sub(1);
  });
  CHECK_FALSE(shared);
}

TEST_CASE("the caller goes on when everything is done, however long a task takes") {
  ThreadPool pool(4);
  std::atomic<int> done = 0;
  pool.run(4, [&](std::int64_t index, int) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20 * index));
    ++done;
  });
  CHECK(done == 4);
}

TEST_CASE("sums over the same pieces are the same bits for any number of threads") {
  std::vector<float> numbers(100003);
  for (std::size_t index = 0; index < numbers.size(); ++index) numbers[index] = 1.0f / static_cast<float>(index + 1);
  const auto count = static_cast<std::int64_t>(numbers.size());
  const auto sum = [&](int threads) {
    ThreadPool pool(threads);
    std::vector<float> parts(37);
    pool.run(37, [&](std::int64_t index, int) {
      const Range range = piece(count, 37, index);
      parts[static_cast<std::size_t>(index)] =
          std::accumulate(numbers.begin() + range.first, numbers.begin() + range.last, 0.0f);
    });
    return std::accumulate(parts.begin(), parts.end(), 0.0f);
  };
  const float expected = sum(1);
  for (const int threads : {2, 3, 8}) CHECK(sum(threads) == expected);
}

TEST_CASE("of the exceptions that tasks throw the lowest index's is thrown on, after all have ended") {
  const int threads = GENERATE(2, 3, 8);
  ThreadPool pool(threads);
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> calls = 0;
    CHECK_THROWS_WITH(pool.run(100,
                               [&](std::int64_t index, int) {
                                 ++calls;
                                 if (index % 10 == 3) throw std::runtime_error(std::to_string(index));
                               }),
                      "3");
    CHECK(calls == 100);
  }
  // The pool is as good as new.
  std::atomic<int> calls = 0;
  pool.run(100, [&](std::int64_t, int) { ++calls; });
  CHECK(calls == 100);
}

TEST_CASE("a caller who computes alone sees the same: all tasks, and the lowest index's exception") {
  ThreadPool alone(1);
  int calls = 0;
  CHECK_THROWS_WITH(alone.run(10,
                              [&](std::int64_t index, int) {
                                ++calls;
                                if (index >= 4) throw std::runtime_error(std::to_string(index));
                              }),
                    "4");
  CHECK(calls == 10);
}

#if defined(__SSE__) || defined(__aarch64__)

TEST_CASE("denormal numbers are zero in every task, whoever computes it, and the caller's again after") {
  const int threads = GENERATE(1, 2, 8);
  const auto half_of_smallest = [] {
    volatile float smallest = std::numeric_limits<float>::min();
    volatile float half = smallest / 2;
    return half > 0;
  };
  ThreadPool pool(threads);
  std::atomic<int> denormals = 0;
  pool.run(100, [&](std::int64_t, int) { denormals += half_of_smallest(); });
  pool.run(1, [&](std::int64_t, int) { denormals += half_of_smallest(); });
  CHECK(denormals == 0);
  CHECK(half_of_smallest());
}

#endif

TEST_CASE("a task may use the pool that runs it") {
  ThreadPool pool(3);
  std::vector<std::atomic<int>> calls(6 * 5);
  std::atomic<bool> inner_worker_is_0 = true;
  pool.run(6, [&](std::int64_t outer, int) {
    pool.run(5, [&](std::int64_t inner, int worker) {
      ++calls[static_cast<std::size_t>(outer * 5 + inner)];
      if (worker != 0) inner_worker_is_0 = false;
    });
  });
  for (const auto& called : calls) CHECK(called == 1);
  CHECK(inner_worker_is_0);
}

TEST_CASE("several callers at once each get their own results") {
  ThreadPool pool(3);
  constexpr std::size_t callers = 4;
  std::array<std::int64_t, callers> wrong{};
  std::vector<std::thread> threads;
  for (std::size_t caller = 0; caller < callers; ++caller) {
    threads.emplace_back([&, caller] {
      for (int round = 0; round < 300; ++round) {
        std::array<std::int64_t, 40> squares{};
        pool.run(40, [&](std::int64_t index, int) { squares[static_cast<std::size_t>(index)] = index * index; });
        for (std::int64_t index = 0; index < 40; ++index) {
          wrong[caller] += squares[static_cast<std::size_t>(index)] != index * index;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == std::array<std::int64_t, callers>{});
}

TEST_CASE("callers at once get their own exceptions") {
  ThreadPool pool(3);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int caller = 0; caller < 4; ++caller) {
    threads.emplace_back([&, caller] {
      for (int round = 0; round < 200; ++round) {
        try {
          pool.run(20, [&](std::int64_t index, int) {
            if (index == 7) throw caller;
          });
          ++wrong;
        } catch (int thrown) {
          if (thrown != caller) ++wrong;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("waiting threads sleep and wake again") {
  ThreadPool pool(3);
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::atomic<int> calls = 0;
    pool.run(30, [&](std::int64_t, int) { ++calls; });
    CHECK(calls == 30);
  }
}

TEST_CASE("pools come and go") {
  for (int round = 0; round < 50; ++round) {
    ThreadPool pool(1 + round % 8);
    if (round % 2 == 0) pool.run(3, [](std::int64_t, int) {});
  }
  SUCCEED();
}

TEST_CASE("a pool has 1 to 1024 threads") {
  CHECK_THROWS_WITH(ThreadPool(0), ContainsSubstring("got 0"));
  CHECK_THROWS_AS(ThreadPool(-1), ValueError);
  CHECK_THROWS_AS(ThreadPool(1025), ValueError);
}

TEST_CASE("the number of threads can be set, and 0 is the default") {
  const RestoreThreads restore;
  set_num_threads(3);
  CHECK(num_threads() == 3);

  // Who holds the old pool may go on using it.
  const std::shared_ptr<ThreadPool> before = thread_pool();
  set_num_threads(2);
  CHECK(num_threads() == 2);
  CHECK(before->threads() == 3);
  std::atomic<int> calls = 0;
  before->run(10, [&](std::int64_t, int) { ++calls; });
  CHECK(calls == 10);

  CHECK_THROWS_AS(set_num_threads(-1), ValueError);
  CHECK_THROWS_AS(set_num_threads(5000), ValueError);
  CHECK(num_threads() == 2);

  set_num_threads(0);
  CHECK(num_threads() >= 1);
}

TEST_CASE("NACRE_NUM_THREADS is the default where it is set") {
  const RestoreThreads restore;
  setenv("NACRE_NUM_THREADS", "5", 1);
  set_num_threads(0);
  CHECK(num_threads() == 5);
  setenv("NACRE_NUM_THREADS", "", 1);
  CHECK_NOTHROW(set_num_threads(0));
  for (const char* wrong : {"0", "-2", "1025", "two", "2x", "99999999999999999999"}) {
    setenv("NACRE_NUM_THREADS", wrong, 1);
    CHECK_THROWS_WITH(set_num_threads(0), ContainsSubstring(wrong));
  }
}

TEST_CASE("a callable that cannot be copied, or is const, or is a function, is a task") {
  ThreadPool pool(2);
  static std::atomic<int> calls;
  calls = 0;
  const std::unique_ptr<int> one = std::make_unique<int>(1);
  pool.run(10, [copy = std::make_unique<int>(*one)](std::int64_t, int) { calls += *copy; });
  const auto constant = [&one](std::int64_t, int) { calls += *one; };
  pool.run(10, constant);
  pool.run(
      10, +[](std::int64_t, int) { ++calls; });
  CHECK(calls == 30);
}

#if !defined(NACRE_TEST_UNDER_SANITIZER)  // they need more memory than the limit leaves

TEST_CASE("where the system refuses threads there are fewer") {
  CHECK(child([] {
          std::size_t pages = 0;
          std::FILE* const file = std::fopen("/proc/self/statm", "r");
          if (file == nullptr || std::fscanf(file, "%zu", &pages) != 1) return 2;
          std::fclose(file);
          const ::rlim_t bytes = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) + (30u << 20);
          const ::rlimit limit{bytes, bytes};
          if (::setrlimit(RLIMIT_AS, &limit) != 0) return 3;
          ThreadPool pool(1024);
          if (pool.threads() >= 1024 || !computes(pool)) return 4;
          set_num_threads(1000);
          if (num_threads() < 1 || num_threads() >= 1000 || !computes(*thread_pool())) return 5;
          return 0;
        }) == "exit 0");
}

#endif

#if !defined(NACRE_TEST_UNDER_THREAD_SANITIZER)  // it does not let forked children start threads

TEST_CASE("a forked child may end in any way, whatever the parent's pools are at") {
  const RestoreThreads restore;
  set_num_threads(3);
  std::atomic<bool> stop = false;
  const auto own = std::make_unique<ThreadPool>(3);
  std::thread busy;
  SECTION("idle") { CHECK((computes(*thread_pool()) && computes(*own))); }
#if !defined(NACRE_TEST_UNDER_SANITIZER)  // to which what the other threads were at is a leak in the child
  SECTION("at work") {
    busy = std::thread([&] {
      while (!stop) {
        computes(*thread_pool());
        computes(*own);
        set_num_threads(3);
      }
    });
  }
#endif
  for (int round = 0; round < 20; ++round) {
    CHECK(child([] { return 0; }) == "exit 0");
    CHECK(child([&] { return computes(*thread_pool()) && num_threads() >= 1 ? 0 : 1; }) == "exit 0");
    CHECK(child([&] {
            set_num_threads(2);
            return num_threads() == 2 && computes(*thread_pool()) ? 0 : 1;
          }) == "exit 0");
    // One of its own that it inherits computes on the caller alone, and can be destroyed.
    CHECK(child([&own] {
            ThreadPool* const inherited = own.get();
            const bool right = inherited->inherited() && computes(*inherited);
            delete inherited;
            return right ? 0 : 1;
          }) == "exit 0");
    // A child's child.
    CHECK(child([] {
            if (!computes(*thread_pool())) return 1;
            return child([] { return computes(*thread_pool()) ? 0 : 1; }) == "exit 0" ? 0 : 2;
          }) == "exit 0");
  }
  stop = true;
  if (busy.joinable()) busy.join();
  CHECK(computes(*thread_pool()));
  CHECK(num_threads() == 3);
}

namespace {

/// Forks in a task of a run on three threads, which worker `forking` computes, and lets the task return in both
/// processes. The child calls `go_on` with what `run` threw there; returns how the child ended, and what it wrote to
/// stderr.
template <class GoOn>
std::string fork_in_task(ThreadPool& pool, int forking, GoOn go_on) {
  std::FILE* const written = std::tmpfile();
  REQUIRE(written != nullptr);
  std::atomic<int> started = 0;
  std::atomic<::pid_t> child = -1;
  std::string thrown;
  try {
    pool.run(3, [&](std::int64_t, int worker) {
      ++started;
      while (started < 3) std::this_thread::yield();  // each on a thread of its own
      if (worker != forking) return;
      child = ::fork();
      if (child != 0) return;
      ::alarm(120);
      ::dup2(::fileno(written), STDERR_FILENO);
    });
  } catch (const StateError& error) {
    thrown = error.what();
  }
  if (child == 0) ::_exit(go_on(thrown));
  CHECK(thrown == "");
  std::string end = wait_for_child(child);
  std::rewind(written);
  for (int byte = std::fgetc(written); byte != EOF; byte = std::fgetc(written)) end += static_cast<char>(byte);
  std::fclose(written);
  return end;
}

}  // namespace

TEST_CASE("a child that a task forks is told that it cannot finish the run, and its parent finishes it") {
  const RestoreThreads restore;
  ThreadPool pool(3);
  REQUIRE(pool.threads() == 3);
  const auto computes_elsewhere = [&pool](const std::string& thrown) {
    if (thrown.find("a task forked the process") == std::string::npos) return 2;
    return computes(*thread_pool()) && computes(pool) ? 0 : 3;
  };
  CHECK(fork_in_task(pool, 0, computes_elsewhere) == "exit 0");
  CHECK_THAT(fork_in_task(pool, 1, [](const std::string&) { return 2; }),
             ContainsSubstring("exit 1ThreadPool: a task forked the process"));
  CHECK(computes(pool));
}

TEST_CASE("a child that a task forks finishes a run that its caller computes alone") {
  ThreadPool pool(1);
  std::vector<int> calls(10);
  ::pid_t child = -1;
  pool.run(10, [&](std::int64_t index, int) {
    ++calls[static_cast<std::size_t>(index)];
    if (index == 4) child = ::fork();
  });
  const bool right = calls == std::vector<int>(10, 1);
  if (child == 0) ::_exit(right ? 0 : 1);
  CHECK(right);
  CHECK(wait_for_child(child) == "exit 0");
}

TEST_CASE("a program may exit while another thread computes") {
  for (int round = 0; round < 50; ++round) {
    const std::string ended = child([round] {
      set_num_threads(3);
      static std::atomic<int> runs = 0;  // which the thread goes on to use while the program exits
      std::thread([] {
        while (true) {
          computes(*thread_pool());
          ++runs;
        }
      }).detach();
      while (runs < 1 + 7 * round) std::this_thread::yield();
      return 0;
    });
    REQUIRE(ended == "exit 0");
  }
}

TEST_CASE("destructors of static objects may compute") {
  CHECK(child([] {
          set_num_threads(3);
          if (!computes(*thread_pool())) return 1;
          static ComputesAtExit made_after_the_pool;
          made_after_the_pool.armed = true;
          made_before_the_pool.armed = true;
          return 0;
        }) == "exit 0");
  CHECK(child([] {  // which is where the pool is made
          made_before_the_pool.armed = true;
          return 0;
        }) == "exit 0");
}

#endif

TEST_CASE("background tasks run once each, whoever computes them") {
  const int threads = GENERATE(1, 2, 5);
  const std::int64_t count = GENERATE(as<std::int64_t>(), 0, 1, 7, 1000);
  const auto pool = std::make_shared<ThreadPool>(threads);
  std::vector<std::atomic<int>> calls(static_cast<std::size_t>(count));
  const auto task = [&](std::int64_t index, int) { ++calls[static_cast<std::size_t>(index)]; };
  BackgroundTasks background(task);
  for (int round = 1; round <= 20; ++round) {
    background.start(pool, count);
    CHECK(computes(*pool));
    background.finish();
    for (const auto& called : calls) CHECK(called == round);
  }
}

TEST_CASE("threads that wait compute background tasks by themselves") {
  const auto pool = std::make_shared<ThreadPool>(2);
  std::atomic<int> done{0};
  std::atomic<bool> other_thread{true};
  const auto caller = std::this_thread::get_id();
  const auto task = [&](std::int64_t, int) {
    if (std::this_thread::get_id() == caller) other_thread = false;
    ++done;
  };
  BackgroundTasks background(task);
  for (int round = 1; round <= 3; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // by now the other thread sleeps
    background.start(pool, 10);
    while (done < 10 * round) std::this_thread::yield();
    background.finish();
  }
  CHECK(other_thread);
}

TEST_CASE("a pool that has background tasks already leaves others to their owner") {
  const auto pool = std::make_shared<ThreadPool>(2);
  std::atomic<int> done{0};
  const auto task = [&](std::int64_t, int) { ++done; };
  BackgroundTasks first(task);
  BackgroundTasks second(task);
  first.start(pool, 5);
  second.start(pool, 5);
  second.finish();
  CHECK(done >= 5);
  first.finish();
  CHECK(done == 10);
}

TEST_CASE("of what background tasks throw the lowest index is thrown on, and nothing by those nobody waits for") {
  const int threads = GENERATE(1, 3);
  const auto pool = std::make_shared<ThreadPool>(threads);
  std::atomic<int> done{0};
  const auto task = [&](std::int64_t index, int) {
    ++done;
    if (index >= 3) throw std::runtime_error(std::to_string(index));
  };
  BackgroundTasks background(task);
  background.start(pool, 50);
  CHECK_THROWS_WITH(background.finish(), "3");
  CHECK(done == 50);
  background.start(pool, 50);
  background.abandon();
  {
    BackgroundTasks dropped(task);
    dropped.start(pool, 50);
  }
  background.start(pool, 3);
  CHECK_NOTHROW(background.finish());
  CHECK(computes(*pool));
}
