#pragma once
// Replaces operator new and delete for a whole program. What includes it first defines, in an unnamed namespace,
//
//     void* allocate(std::size_t size, std::size_t alignment);
//
// which returns memory that free takes, or nullptr where there is none; `size` is a multiple of `alignment` and not 0.

#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

void* allocate_some(std::size_t size, std::size_t alignment = alignof(std::max_align_t)) {
  return allocate(size > 0 ? (size + alignment - 1) / alignment * alignment : alignment, alignment);
}

void* allocate_some(std::size_t size, std::align_val_t alignment) {
  return allocate_some(size, static_cast<std::size_t>(alignment));
}

void* or_throw(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// g++ sees free through operator delete, but not aligned_alloc through operator new.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

void* operator new(std::size_t size) { return or_throw(allocate_some(size)); }
void* operator new[](std::size_t size) { return or_throw(allocate_some(size)); }
void* operator new(std::size_t size, std::align_val_t alignment) { return or_throw(allocate_some(size, alignment)); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return or_throw(allocate_some(size, alignment)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate_some(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate_some(size); }
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate_some(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate_some(size, alignment);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept { std::free(memory); }
