// Uses the version of nacre that the include path leads to. Compiled for each of two versions; NACRE_TEST_VERSION is
// the function's name.

#include "versions.hpp"

#include <typeinfo>

#include <nacre/core/thread_pool.hpp>
#include <nacre/core/version.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/models/sequential.hpp>

Version NACRE_TEST_VERSION() {
  nacre::Sequential model{nacre::Input({1}), nacre::Dense(1)};
  model.weight("dense/kernel").fill(3);
  model.weight("dense/bias").fill(1);
  const xt::xarray<float> x = 2 * xt::ones<float>({1, 1});
  return {std::string(nacre::version), typeid(nacre::Sequential), model.predict(x)(0, 0), &nacre::set_num_threads,
          &nacre::num_threads};
}
