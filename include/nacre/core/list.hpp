#pragma once
// List: a sequence that is cheap to compile. nacre has lists of some sixty classes in each program; each std::vector of
// another class compiles about a hundred functions, a List four.

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// What a list does to an element. nullptr stands for the copy of bytes, or for nothing.
struct ElementClass {
  std::size_t size;
  void (*copy)(void* to, const void* from);     ///< constructs
  void (*move)(void* to, void* from) noexcept;  ///< constructs, and destroys what was moved
  void (*destroy)(void* element) noexcept;
};

/// The elements of any list, without their class.
class ListMemory {
 public:
  ListMemory() = default;
  ListMemory(ListMemory&& other) noexcept { swap(other); }
  ListMemory& operator=(ListMemory&&) = delete;

  void swap(ListMemory& other) noexcept {
    std::swap(elements_, other.elements_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 protected:
  ~ListMemory() = default;

  /// Makes place for `count` elements in all.
  void reserve(const ElementClass& of, std::size_t count);
  /// Makes place for one more, and returns it.
  void* next(const ElementClass& of);
  /// Appends copies of `count` elements, which may not be its own.
  void append(const ElementClass& of, const void* first, std::size_t count);
  /// Moves the last `count` elements to the place `at`.
  void rotate(const ElementClass& of, std::size_t at, std::size_t count);
  /// Destroys the elements from `first` to `last`, and closes the gap.
  void erase(const ElementClass& of, std::size_t first, std::size_t last) noexcept;
  /// Destroys all elements and frees the memory.
  void release(const ElementClass& of) noexcept;

  /// The index, if there is such an element. Throws std::out_of_range.
  std::size_t require(std::size_t index) const;
  /// The same where the standard library's containers are checked, too; the index elsewhere.
  std::size_t checked(std::size_t index) const {
#if defined(_GLIBCXX_ASSERTIONS)
    return require(index);
#else
    return index;
#endif
  }

  void* elements_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;

 private:
  static void move_all(const ElementClass& of, void* to, void* from, std::size_t count) noexcept;
};

}  // namespace detail

/// A sequence of elements in one piece of memory, with the functions of std::vector, whose names and meanings they
/// have. A std::vector converts to it. Elements are moved without exceptions.
template <class V>
class List : private detail::ListMemory {
 public:
  using value_type = V;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using reference = V&;
  using const_reference = const V&;
  using iterator = V*;
  using const_iterator = const V*;

  List() = default;
  List(std::initializer_list<V> values) : List() { append_copies(values.begin(), values.size()); }
  List(const std::vector<V>& values) : List() { append_copies(values.data(), values.size()); }
  /// `count` elements with their defaults.
  explicit List(std::size_t count) : List() { resize(count); }
  List(std::size_t count, const V& value) : List() { resize(count, value); }
  template <std::input_iterator Iterator>
  List(Iterator first, Iterator last) : List() {
    for (; first != last; ++first) emplace_back(*first);
  }

  List(const List& other) : List() { append_copies(other.data(), other.size()); }
  List(List&& other) noexcept : ListMemory(std::move(other)) {}
  List& operator=(const List& other) {
    if (this != &other) *this = List(other);
    return *this;
  }
  List& operator=(List&& other) noexcept {
    swap(other);
    return *this;
  }
  List& operator=(std::initializer_list<V> values) { return *this = List(values); }
  ~List() { release(own()); }

  void swap(List& other) noexcept { ListMemory::swap(other); }

  operator std::vector<V>() const { return std::vector<V>(begin(), end()); }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  V* data() { return static_cast<V*>(elements_); }
  const V* data() const { return static_cast<const V*>(elements_); }
  V* begin() { return data(); }
  const V* begin() const { return data(); }
  V* end() { return data() + size_; }
  const V* end() const { return data() + size_; }
  auto rbegin() { return std::reverse_iterator(end()); }
  auto rend() { return std::reverse_iterator(begin()); }
  auto rbegin() const { return std::reverse_iterator(end()); }
  auto rend() const { return std::reverse_iterator(begin()); }
  V& operator[](std::size_t index) { return data()[checked(index)]; }
  const V& operator[](std::size_t index) const { return data()[checked(index)]; }
  /// Throws std::out_of_range.
  V& at(std::size_t index) { return data()[require(index)]; }
  const V& at(std::size_t index) const { return data()[require(index)]; }
  V& front() { return *data(); }
  const V& front() const { return *data(); }
  V& back() { return data()[size_ - 1]; }
  const V& back() const { return data()[size_ - 1]; }

  void reserve(std::size_t count) { ListMemory::reserve(own(), count); }
  void clear() { ListMemory::erase(own(), 0, size_); }
  void resize(std::size_t count) {
    if (count < size_) return ListMemory::erase(own(), count, size_);
    reserve(count);
    while (size_ < count) emplace_back();
  }
  void resize(std::size_t count, const V& value) {
    if (count < size_) return ListMemory::erase(own(), count, size_);
    reserve(count);
    while (size_ < count) emplace_back(value);
  }
  void assign(std::size_t count, const V& value) { *this = List(count, value); }
  template <std::input_iterator Iterator>
  void assign(Iterator first, Iterator last) {
    *this = List(first, last);
  }

  /// By value, so that an element of the list itself may be given.
  void push_back(V value) {
    new (next(own())) V(std::move(value));
    ++size_;
  }
  template <class... Arguments>
  V& emplace_back(Arguments&&... arguments) {
    push_back(V(std::forward<Arguments>(arguments)...));
    return back();
  }
  void pop_back() { ListMemory::erase(own(), size_ - 1, size_); }

  V* insert(const V* at, V value) {
    const std::size_t place = static_cast<std::size_t>(at - data());
    push_back(std::move(value));
    rotate(own(), place, 1);
    return data() + place;
  }
  template <std::input_iterator Iterator>
  V* insert(const V* at, Iterator first, Iterator last) {
    return insert_all(at, List(first, last));
  }
  V* insert(const V* at, std::size_t count, const V& value) { return insert_all(at, List(count, value)); }
  V* erase(const V* element) { return erase(element, element + 1); }
  V* erase(const V* first, const V* last) {
    const std::size_t place = static_cast<std::size_t>(first - data());
    ListMemory::erase(own(), place, static_cast<std::size_t>(last - data()));
    return data() + place;
  }

  friend bool operator==(const List& a, const List& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!(a[i] == b[i])) return false;
    }
    return true;
  }

 private:
  static constexpr bool is_bytes = std::is_trivially_copyable_v<V>;

  static void copy_one(void* to, const void* from) { new (to) V(*static_cast<const V*>(from)); }
  static void move_one(void* to, void* from) noexcept {
    V& moved = *static_cast<V*>(from);
    new (to) V(std::move(moved));
    moved.~V();
  }
  static void destroy_one(void* element) noexcept { static_cast<V*>(element)->~V(); }

  // Two tables, as not every class can be copied.
  static const detail::ElementClass& own() {
    static_assert(alignof(V) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    static constexpr detail::ElementClass table{sizeof(V), nullptr, is_bytes ? nullptr : move_one,
                                                is_bytes ? nullptr : destroy_one};
    return table;
  }
  static const detail::ElementClass& copied() {
    static constexpr detail::ElementClass table{sizeof(V), is_bytes ? nullptr : copy_one, is_bytes ? nullptr : move_one,
                                                is_bytes ? nullptr : destroy_one};
    return table;
  }
  void append_copies(const V* first, std::size_t count) { append(copied(), first, count); }

  V* insert_all(const V* at, List added) {
    const std::size_t place = static_cast<std::size_t>(at - data());
    reserve(size_ + added.size());
    for (V& value : added) push_back(std::move(value));
    rotate(own(), place, added.size());
    return data() + place;
  }
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/core/list-inl.hpp>
#endif
