#pragma once
// OneHot: class numbers as rows of zeros with a one.

#include <algorithm>
#include <string>

#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Input (batch, ...) of class numbers, output (batch, ..., num_classes): 1 at the number, 0 elsewhere, and nothing but
/// 0 for numbers that are no class. It has no gradient. `ops::one_hot` calls it.
struct OneHot : Callable<OneHot> {
  static constexpr std::string_view type_name = "OneHot";

  /// Throws ValueError for less than one class.
  explicit OneHot(std::int64_t num_classes, std::string name = {});

  std::int64_t num_classes = 1;
  std::string name;
  void fields(Fields& list) {
    list("num_classes", num_classes);
    list("name", name);
  }
  void validate() const {
    require<ValueError>(num_classes >= 1, "OneHot: expected one class or more, got ", num_classes);
  }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.backward_reads({.inputs = false, .output = false});
    require<ValueError>(builder.take_integers() || num_classes <= std::int64_t{1} << 24,
                        "expected at most 2^24 "
                        "classes of floating numbers, which are not exact beyond, got ",
                        num_classes, "; begin with Input(shape, {.dtype = \"int32\"})");
    Shape output = input;
    output.push_back(num_classes);
    return output;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    detail::each_piece(step, step.batch() * step.input.sample_size(), [&](std::int64_t first, std::int64_t count) {
      T* to = step.output.elements() + first * num_classes;
      std::fill_n(to, count * num_classes, T(0));
      if (const std::int32_t* numbers = step.integers()) {
        for (std::int64_t i = 0; i < count; ++i) {
          const std::int32_t number = numbers[first + i];
          if (number >= 0 && number < num_classes) to[i * num_classes + number] = T(1);
        }
        return;
      }
      for (std::int64_t i = 0; i < count; ++i) {
        const T number = step.input.elements()[first + i];
        if (number >= T(0) && number < static_cast<T>(num_classes)) {
          to[i * num_classes + static_cast<std::int64_t>(number)] = T(1);
        }
      }
    });
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    detail::each_piece(step, step.batch() * step.input.sample_size(), [&](std::int64_t first, std::int64_t count) {
      std::fill_n(step.input_gradient.elements() + first, count, T(0));
    });
  }

 private:
  friend struct ConfigAccess;
  OneHot() = default;
};

inline OneHot::OneHot(std::int64_t classes, std::string layer_name)
    : num_classes(classes), name(std::move(layer_name)) {
  validate();
}

}  // namespace nacre
