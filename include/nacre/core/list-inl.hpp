#pragma once
// Bodies of core/list.hpp.

#include <cstdint>
#include <cstring>
#include <new>
#include <stdexcept>

#include <nacre/core/list.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

NACRE_SETUP void ListMemory::move_all(const ElementClass& of, void* to, void* from, std::size_t count) noexcept {
  if (of.move == nullptr) {
    if (count > 0) std::memmove(to, from, count * of.size);
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    of.move(static_cast<char*>(to) + i * of.size, static_cast<char*>(from) + i * of.size);
  }
}

NACRE_SETUP void ListMemory::reserve(const ElementClass& of, std::size_t count) {
  if (count <= capacity_) return;
  if (count > PTRDIFF_MAX / of.size) throw std::bad_array_new_length();
  void* const wider = ::operator new(count* of.size);
  move_all(of, wider, elements_, size_);
  ::operator delete(elements_);
  elements_ = wider;
  capacity_ = count;
}

NACRE_SETUP std::size_t ListMemory::require(std::size_t index) const {
  if (index >= size_) throw std::out_of_range("List: expected an index below its size");
  return index;
}

NACRE_SETUP void* ListMemory::next(const ElementClass& of) {
  if (size_ == capacity_) reserve(of, capacity_ == 0 ? 1 : 2 * capacity_);
  return static_cast<char*>(elements_) + size_ * of.size;
}

NACRE_SETUP void ListMemory::append(const ElementClass& of, const void* first, std::size_t count) {
  reserve(of, size_ + count);
  for (std::size_t i = 0; i < count; ++i, ++size_) {
    void* const to = static_cast<char*>(elements_) + size_ * of.size;
    const void* const from = static_cast<const char*>(first) + i * of.size;
    of.copy == nullptr ? static_cast<void>(std::memcpy(to, from, of.size)) : of.copy(to, from);
  }
}

NACRE_SETUP void ListMemory::rotate(const ElementClass& of, std::size_t at, std::size_t count) {
  if (count == 0 || at + count == size_) return;
  void* const moved = ::operator new(count* of.size);
  char* const elements = static_cast<char*>(elements_);
  move_all(of, moved, elements + (size_ - count) * of.size, count);
  for (std::size_t i = size_ - count; i-- > at;) {
    move_all(of, elements + (i + count) * of.size, elements + i * of.size, 1);
  }
  move_all(of, elements + at * of.size, moved, count);
  ::operator delete(moved);
}

NACRE_SETUP void ListMemory::erase(const ElementClass& of, std::size_t first, std::size_t last) noexcept {
  if (first == last) return;
  char* const elements = static_cast<char*>(elements_);
  for (std::size_t i = first; of.destroy != nullptr && i < last; ++i) of.destroy(elements + i * of.size);
  move_all(of, elements + first * of.size, elements + last * of.size, size_ - last);
  size_ -= last - first;
}

NACRE_SETUP void ListMemory::release(const ElementClass& of) noexcept {
  if (elements_ != nullptr) erase(of, 0, size_);
  ::operator delete(elements_);
  elements_ = nullptr;
  capacity_ = 0;
}

}  // namespace nacre::detail
