#pragma once
// What a program sees of a version of nacre that it links.

#include <string>
#include <typeindex>

struct Version {
  std::string number;        // nacre::version
  std::type_index model;     // of nacre::Sequential
  float prediction;          // of 3 x + 1 at 2, by a model
  void (*set_threads)(int);  // nacre::set_num_threads
  int (*threads)();          // nacre::num_threads
};

Version this_version();
Version other_version();
