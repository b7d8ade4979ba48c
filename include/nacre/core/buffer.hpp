#pragma once
// Aligned memory for a model's blocks.

#include <nacre/core/version.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Every tensor in a block starts on such a boundary: a cache line, and the widest vector register.
inline constexpr std::size_t alignment = 64;

/// `count` rounded up to a whole number of cache lines of `T`.
template <class T>
constexpr std::size_t aligned_count(std::size_t count) {
  constexpr std::size_t line = alignment / sizeof(T);
  return (count + line - 1) / line * line;
}

/// A block of numbers, zero at first, aligned to 64 bytes and copied by value.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t size) : size_(size), data_(allocate(size)) { std::fill_n(data(), size, T{}); }
  Buffer(const Buffer& other) : size_(other.size_), data_(allocate(other.size_)) {
    std::copy_n(other.data(), size_, data());
  }
  Buffer(Buffer&& other) noexcept : size_(std::exchange(other.size_, 0)), data_(std::move(other.data_)) {}
  Buffer& operator=(Buffer other) noexcept {
    std::swap(size_, other.size_);
    std::swap(data_, other.data_);
    return *this;
  }

  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  T& operator[](std::size_t index) { return data()[index]; }
  const T& operator[](std::size_t index) const { return data()[index]; }

 private:
  struct Release {
    void operator()(T* memory) const { ::operator delete (memory, std::align_val_t{alignment}); }
  };
  using Memory = std::unique_ptr<T[], Release>;

  static Memory allocate(std::size_t size) {
    if (size == 0) return nullptr;
    return Memory(static_cast<T*>(::operator new (size * sizeof(T), std::align_val_t{alignment})));
  }

  std::size_t size_ = 0;
  Memory data_;
};

}  // namespace nacre
