#pragma once
// Child processes, for what ends a process or changes it for good.

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_THREAD__)
#define NACRE_TEST_UNDER_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define NACRE_TEST_UNDER_THREAD_SANITIZER 1
#endif
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(NACRE_TEST_UNDER_THREAD_SANITIZER)
#define NACRE_TEST_UNDER_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NACRE_TEST_UNDER_SANITIZER 1
#endif
#endif

/// Starts a child process that calls `act` and exits with what it returns; with 99 where it throws.
template <class Act>
::pid_t start_child(Act act) {
  std::cout.flush();
  std::fflush(nullptr);
  const ::pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::alarm(120);  // a child that hangs is killed, and its test fails
  int result = 99;
  try {
    result = act();
  } catch (...) {
  }
  std::exit(result);
}

/// Waits for the child: "exit <what it returned>" or "signal <what killed it>".
inline std::string wait_for_child(::pid_t pid) {
  int status = 0;
  if (pid < 0 || ::waitpid(pid, &status, 0) != pid) return "no child";
  return WIFEXITED(status) ? "exit " + std::to_string(WEXITSTATUS(status))
                           : "signal " + std::to_string(WTERMSIG(status));
}

/// Both.
template <class Act>
std::string child(Act act) {
  return wait_for_child(start_child(act));
}
