#pragma once
// What an RNN of any cell has between the cell's steps: the states before the first one, and states that masked steps
// keep.

#include <algorithm>

#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// A state of a cell. Called on the sequence it gives the state before the first step, zeros or, where it is `kept`
/// over batches, the last one of the batch before. Called on (output, state) it keeps the state and passes the output
/// on.
struct CellState : Callable<CellState> {
  static constexpr std::string_view type_name = "CellState";
  CellState(Shape of_state, bool is_kept) : shape(of_state), kept(is_kept) {}
  CellState() = default;

  Shape shape;
  bool kept = false;
  void fields(Fields& list) {
    list("shape", shape);
    list("kept", kept);
  }

  Shape build(const Shapes& inputs, LayerBuilder& builder) const {
    if (kept) builder.state(shape.size());
    builder.backward_reads({.inputs = false, .output = false});
    if (inputs.size() > 1) {
      require<ShapeError>(inputs[1] == shape, "expected a cell whose new state has the shape ", shape, ", got ",
                          inputs[1]);
      builder.pass_mask();
      return inputs[0];
    }
    builder.ignore_values(0);
    return shape;
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const std::int64_t count = step.batch() * shape.size();
    if (step.inputs.size() > 1) {
      std::copy_n(step.inputs[1].elements(), count, step.state(0));
      std::copy_n(step.input.elements(), step.batch() * step.input.sample_size(), step.output.elements());
    } else if (kept) {
      std::copy_n(step.state(0), count, step.output.elements());
    } else {
      std::fill_n(step.output.elements(), count, T(0));
    }
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    if (step.inputs.size() < 2) return;
    if (step.wants_gradient(0)) {
      std::copy_n(step.output_gradient.elements(), step.batch() * step.input.sample_size(),
                  step.input_gradients[0].elements());
    }
    if (step.wants_gradient(1)) std::fill_n(step.input_gradients[1].elements(), step.batch() * shape.size(), T(0));
  }
};

/// Inputs (new values, values before, sequence), or without values before, which are zeros then; the sequence has a
/// mask of steps. Output: the new values where step `place` counts, those before elsewhere.
struct KeepMasked : Callable<KeepMasked> {
  static constexpr std::string_view type_name = "KeepMasked";
  explicit KeepMasked(std::int64_t step) : place(step) {}
  KeepMasked() = default;

  std::int64_t place = 0;
  void fields(Fields& list) { list("place", place); }

  Shape build(const Shapes& inputs, LayerBuilder& builder) const {
    const std::size_t sequence = inputs.size() - 1;
    const Shape* mask = builder.input_mask(sequence);
    require<ShapeError>(mask != nullptr && mask->rank() == 1, "expected a mask of steps");
    for (std::size_t k = 1; k < sequence; ++k) {
      require<ShapeError>(inputs[k] == inputs[0], "expected a cell whose new state has the shape ", inputs[k], ", got ",
                          inputs[0]);
    }
    builder.read_mask(sequence);
    builder.ignore_values(sequence);
    builder.backward_reads({.inputs = false, .output = false});
    return inputs[0];
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    each(step, [&](std::int64_t at, std::int64_t count, bool counts) {
      T* to = step.output.elements() + at;
      if (!counts && step.inputs.size() < 3) {
        std::fill_n(to, count, T(0));
      } else {
        std::copy_n(step.inputs[counts ? 0 : 1].elements() + at, count, to);
      }
    });
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    each(step, [&](std::int64_t at, std::int64_t count, bool counts) {
      for (std::size_t k = 0; k + 1 < step.inputs.size(); ++k) {
        if (!step.wants_gradient(k)) continue;
        T* to = step.input_gradients[k].elements() + at;
        if (counts == (k == 0)) {
          std::copy_n(step.output_gradient.elements() + at, count, to);
        } else {
          std::fill_n(to, count, T(0));
        }
      }
    });
  }

 private:
  template <class T, class Work>
  void each(const LayerStep<T>& step, Work work) const {
    const std::size_t sequence = step.inputs.size() - 1;
    const std::int64_t steps = step.inputs[sequence].extents()[1];
    const std::int64_t size = step.output.sample_size();
    const std::uint8_t* mask = step.mask(sequence).values;
    each_sample(step, size,
                [&](std::int64_t sample, T*) { work(sample * size, size, mask[sample * steps + place] != 0); });
  }
};

}  // namespace nacre::detail
