#pragma once
// Dropout: forgets a random part of its input while it trains.

#include <algorithm>
#include <string>

#include <nacre/kernels/dropout.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Dropout.
struct DropoutOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// In training each element becomes 0 with probability `rate` and is divided by 1 - rate otherwise; else the input
/// passes through. A rate of 1 gives zeros. Srivastava et al., "Dropout: a simple way to prevent neural networks from
/// overfitting", JMLR 2014, in its inverted form.
struct Dropout : Callable<Dropout> {
  static constexpr std::string_view type_name = "Dropout";

  /// Throws ValueError for a rate outside [0, 1].
  explicit Dropout(double rate, DropoutOptions options = {});

  double rate = 0;
  DropoutOptions options;
  void fields(Fields& list) {
    list("rate", rate);
    options.fields(list);
  }

  void validate() const {
    require<ValueError>(rate >= 0 && rate <= 1, "Dropout: expected a rate from 0 to 1, got ", rate);
  }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    if (!builder.training() || rate == 0) builder.share_input();
    builder.pass_mask();
    return input;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    apply<true>(step, step.input.elements(), step.output.elements());
  }
  template <class T>
  void predict(const Forward<T>& step) const {
    apply<false>(step, step.input.elements(), step.output.elements());
  }

  /// The mask is drawn again rather than kept: the same numbers come out.
  template <class T>
  void backward(const Backward<T>& step) const {
    if (step.wants_input_gradient) {
      apply<true>(step, static_cast<const T*>(step.output_gradient.elements()), step.input_gradient.elements());
    }
  }

 private:
  friend struct ConfigAccess;
  Dropout() = default;

  template <bool may_train, class T>
  void apply(const LayerStep<T>& step, const T* from, T* to) const {
    const std::int64_t count = step.batch() * step.input.sample_size();
    const std::int64_t pieces = piece_count(count, 4096);
    step.parallel(pieces, [&](std::int64_t index, T*) {
      const Range range = piece(count, pieces, index);
      if constexpr (may_train) {
        if (step.training) {
          kernels::dropout(step.random, rate, range.first, range.size(), from + range.first, to + range.first);
          return;
        }
      }
      std::copy(from + range.first, from + range.last, to + range.first);
    });
  }
};

inline Dropout::Dropout(double drop_rate, DropoutOptions chosen) : rate(drop_rate), options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
