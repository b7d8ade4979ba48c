#pragma once
// TimeDistributed: a layer on each step of a sequence.

#include <string>

#include <nacre/layers/identity.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/layers/layer_field.hpp>
#include <nacre/layers/symbolic_node.hpp>
#include <nacre/layers/with_mask_of.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// Input (batch, steps, ...), output (batch * steps, ...): each step becomes a sample. Costs nothing.
struct FoldSteps : Callable<FoldSteps> {
  static constexpr std::string_view type_name = "FoldSteps";

  /// Throws ShapeError for samples without steps.
  Shape build(const Shape& input, LayerBuilder& builder) const {
    require<ShapeError>(input.rank() >= 2, "expected an input (batch, steps, ...) of three axes or more, got ",
                        input.to_string_with_batch());
    builder.share_input();
    builder.fold(input[0]);
    if (const Shape* mask = builder.input_mask()) {
      require<ShapeError>(mask->rank() >= 1, "expected a mask (batch, steps, ...), got one of whole samples");
      builder.pass_mask(0, mask->from(1));
    }
    return input.from(1);
  }
  template <class T>
  void forward(const Forward<T>&) const {}
  template <class T>
  void backward(const Backward<T>&) const {}
};

/// What undoes it: input (batch * steps, ...), output (batch, steps, ...).
struct UnfoldSteps : Callable<UnfoldSteps> {
  static constexpr std::string_view type_name = "UnfoldSteps";
  explicit UnfoldSteps(std::int64_t count) : steps(count) {}
  UnfoldSteps() = default;

  std::int64_t steps = 1;
  void fields(Fields& list) { list("steps", steps); }

  UnfoldSteps each_step() const { return UnfoldSteps(1); }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.share_input();
    builder.fold(1, steps);
    return input.with_batch(steps);
  }
  template <class T>
  void forward(const Forward<T>&) const {}
  template <class T>
  void backward(const Backward<T>&) const {}
};

}  // namespace detail

/// Options of TimeDistributed.
struct TimeDistributedOptions {
  std::string name{};
  void fields(Fields& list) { list("name", name); }
};

/// A layer applied to each step of a sequence, with the same weights: input (batch, steps, ...), output (batch, steps,
/// what the layer makes of a step...): `TimeDistributed(Conv2D(8, 3))`. The output has the input's mask; the layer sees
/// what is left of it for a step.
struct TimeDistributed : Callable<TimeDistributed> {
  static constexpr std::string_view type_name = "TimeDistributed";
  explicit TimeDistributed(Layer layer, TimeDistributedOptions options = {});

  Layer layer;
  TimeDistributedOptions options;
  void fields(Fields& list) {
    list("layer", layer);
    options.fields(list);
  }

  /// Throws ShapeError for an input of fewer than three axes, the batch counted, and what the layer throws.
  SymbolicTensor call(const SymbolicTensor& input) const {
    const std::int64_t steps = input.shape().empty() ? 1 : input.shape()[0];
    const SymbolicTensor output = detail::UnfoldSteps(steps)(layer(detail::FoldSteps()(input)));
    return detail::spec_of(input).mask ? detail::WithMaskOf()({output, input}) : output;
  }

 private:
  friend struct ConfigAccess;
  TimeDistributed() : layer(Identity()) {}
};

inline TimeDistributed::TimeDistributed(Layer inner, TimeDistributedOptions chosen)
    : layer(std::move(inner)), options(std::move(chosen)) {}

}  // namespace nacre
