// The core of nacre::compiled: threads, files, fields and registries.

#include <nacre/core/any-inl.hpp>
#include <nacre/core/atomic_file-inl.hpp>
#include <nacre/core/available_cores-inl.hpp>
#include <nacre/core/config-inl.hpp>
#include <nacre/core/fields-inl.hpp>
#include <nacre/core/list-inl.hpp>
#include <nacre/core/log_file-inl.hpp>
#include <nacre/core/registry-inl.hpp>
#include <nacre/core/thread_pool-inl.hpp>
