#pragma once
// RepeatVector: the same vector several times.

#include <algorithm>
#include <string>
#include <utility>

#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RepeatVector.
struct RepeatVectorOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// Each of the output's n rows is the input. Input (batch, features), output (batch, n, features).
struct RepeatVector : Callable<RepeatVector> {
  static constexpr std::string_view type_name = "RepeatVector";

  /// Throws ValueError for fewer rows than 1.
  explicit RepeatVector(std::int64_t n, RepeatVectorOptions options = {});

  std::int64_t n;
  RepeatVectorOptions options;
  void fields(Fields& list) {
    list("n", n);
    options.fields(list);
  }

  void validate() const { require<ValueError>(n >= 1, "RepeatVector: expected n of 1 or more, got ", n); }

  /// Throws ShapeError for an input of another rank than 1.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    require<ShapeError>(input.rank() == 1, "expected rank 1 (features), got ", input,
                        input.rank() > 1 ? "; add Flatten() before it" : "");
    require_addressable({n, input[0]});
    builder.backward_reads({.inputs = false, .output = false});
    return {n, input[0]};
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const std::int64_t features = step.input.sample_size();
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      const T* vector = step.input.elements() + sample * features;
      T* rows = step.output.elements() + sample * n * features;
      for (std::int64_t row = 0; row < n; ++row) std::copy_n(vector, features, rows + row * features);
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    if (!step.wants_input_gradient) return;
    const std::int64_t features = step.input.sample_size();
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      kernels::column_sums(n, features, {0, features},
                           static_cast<const T*>(step.output_gradient.elements()) + sample * n * features,
                           step.input_gradient.elements() + sample * features);
    });
  }

 private:
  friend struct ConfigAccess;
  RepeatVector() : n(1) {}
};

inline RepeatVector::RepeatVector(std::int64_t times, RepeatVectorOptions chosen)
    : n(times), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
