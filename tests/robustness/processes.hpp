#pragma once
// Child processes for tests of what would end the test program itself.

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "saving/saving_testing.hpp"

/// A text that a child process leaves for its parent, whatever becomes of the child.
class SharedText {
 public:
  SharedText()
      : text_(static_cast<char*>(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
    if (text_ == MAP_FAILED) throw std::bad_alloc();
  }
  SharedText(const SharedText&) = delete;
  SharedText& operator=(const SharedText&) = delete;
  ~SharedText() { ::munmap(text_, size); }

  void write(const std::string& text) { std::snprintf(text_, size, "%s", text.c_str()); }
  std::string read() const { return text_; }

 private:
  static constexpr std::size_t size = 1024;
  char* text_;
};

/// How a child process ended.
struct ChildEnd {
  int status = 0;

  bool is_success() const { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }
  std::string to_string() const {
    if (WIFSIGNALED(status)) return std::string("ended by ") + ::strsignal(WTERMSIG(status));
    return "ended with " + std::to_string(WEXITSTATUS(status));
  }
};

inline ChildEnd wait_for(::pid_t child) {
  ChildEnd end;
  while (::waitpid(child, &end.status, 0) < 0 && errno == EINTR) {
  }
  return end;
}

/// Runs `work`, which returns whether it succeeded, in a child process, for at most so many seconds. The parent has no
/// threads of its own at that time.
template <class Work>
ChildEnd run_in_child(unsigned seconds, Work&& work) {
  std::fflush(nullptr);
  const ::pid_t child = ::fork();
  if (child < 0) throw std::bad_alloc();
  if (child == 0) {
    // Catch2's handlers would report the child's end as the parent's.
    for (const int signal : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTERM}) std::signal(signal, SIG_DFL);
    ::alarm(seconds);
    bool succeeded = false;
    try {
      succeeded = work();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
    std::_Exit(succeeded ? 0 : 1);
  }
  return wait_for(child);
}
