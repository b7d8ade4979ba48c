#pragma once
// Where: one of two tensors or numbers, element by element.

#include <optional>
#include <string>

#include <nacre/core/function_reference.hpp>
#include <nacre/kernels/functions.hpp>
#include <nacre/layers/broadcasting.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Where.
struct WhereOptions {
  std::optional<double> x1{};  ///< a number in place of the second input
  std::optional<double> x2{};  ///< a number in place of the last input
  std::string name{};
  void fields(Fields& list) {
    list("x1", x1);
    list("x2", x2);
    list("name", name);
  }
};

/// Of the inputs {condition, a, b} the element of a where the condition is not 0, otherwise that of b; they broadcast
/// as those of Add do. The condition has no gradient. `ops::where` calls it.
struct Where : Callable<Where> {
  static constexpr std::string_view type_name = "Where";
  Where(WhereOptions options = {});

  WhereOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ShapeError for another number of inputs, and for shapes that do not broadcast.
  Shape build(const Shapes& inputs, LayerBuilder& builder) const {
    const std::size_t expected = 1u + (options.x1 ? 0u : 1u) + (options.x2 ? 0u : 1u);
    require<ShapeError>(inputs.size() == expected, "expected ", expected, " inputs, the condition first, got ",
                        inputs.size());
    builder.backward_reads({.inputs = true, .output = false});
    return detail::broadcast_shape(inputs);
  }

  template <class T>
  void forward(const Forward<T>& step) const {
    const std::int64_t size = step.output.sample_size();
    each_run(step, [&](const Run<T>& run, std::int64_t at) {
      T memory[3][detail::tile_elements];
      detail::each_tile(run.rows.length(), [&](std::int64_t first, std::int64_t count) {
        kernels::choose(count, run.condition(step).tile(first, count, memory[0]),
                        run.operand(step, options.x1, 1).tile(first, count, memory[1]),
                        run.operand(step, options.x2, step.inputs.size() - 1).tile(first, count, memory[2]),
                        step.output.elements() + run.sample * size + at + first);
      });
    });
  }

  template <class T>
  void backward(const Backward<T>& step) const {
    const std::int64_t size = step.output.sample_size();
    for (std::size_t input = 0; input < step.inputs.size(); ++input) {
      if (!step.wants_gradient(input)) continue;
      TensorView<T>& gradient = step.input_gradients[input];
      detail::each_piece(step, step.batch() * gradient.sample_size(), [&](std::int64_t first, std::int64_t count) {
        std::fill_n(gradient.elements() + first, count, T(0));
      });
      if (input == 0) continue;
      const bool takes_first = input == 1 && !options.x1;
      const Shape shape = gradient.extents().from(1);
      each_run(step, [&](const Run<T>& run, std::int64_t at) {
        const bool along = run.rows.runs_along(shape);
        T* place = gradient.elements() + run.sample * shape.size() + run.rows.offset(shape, run.index);
        T memory[2][detail::tile_elements];
        const T zeros[1] = {T(0)};
        detail::each_tile(run.rows.length(), [&](std::int64_t first, std::int64_t count) {
          const T* dy = step.output_gradient.elements() + run.sample * size + at + first;
          const T* condition = run.condition(step).tile(first, count, memory[0]);
          const T* nothing = detail::Operand<T>{zeros, false}.tile(first, count, memory[1]);
          T* chosen = memory[1];
          kernels::choose(count, condition, takes_first ? dy : nothing, takes_first ? nothing : dy, chosen);
          detail::add_tile(count, static_cast<const T*>(chosen), along, along ? place + first : place);
        });
      });
    }
  }

 private:
  template <class T>
  struct Run {
    const detail::BroadcastRows& rows;
    std::int64_t sample;
    const detail::BroadcastRows::Places& index;

    detail::Operand<T> of(const TensorView<const T>& input) const {
      const Shape shape = input.extents().from(1);
      return {input.elements() + sample * shape.size() + rows.offset(shape, index), rows.runs_along(shape)};
    }
    detail::Operand<T> condition(const LayerStep<T>& step) const { return of(step.inputs[0]); }
    detail::Operand<T> operand(const LayerStep<T>& step, const std::optional<double>& number, std::size_t input) const {
      if (!number) return of(step.inputs[input]);
      constant = static_cast<T>(*number);
      return {&constant, false};
    }
    mutable T constant{};
  };

  /// Calls `work(run, at)` for each run, where `at` is its place in the sample.
  template <class T>
  void each_run(const LayerStep<T>& step,
                FunctionReference<void(const Run<std::type_identity_t<T>>& run, std::int64_t at)> work) const {
    detail::BroadcastRows rows(step.output.extents().from(1));
    for (const auto& input : step.inputs) rows.cut(input.extents().from(1));
    detail::each_sample(step, step.output.sample_size(), [&](std::int64_t sample, T*) {
      std::int64_t at = 0;
      rows.each([&](const auto& index) {
        work(Run<T>{rows, sample, index}, at);
        at += rows.length();
      });
    });
  }
};

inline Where::Where(WhereOptions chosen) : options(std::move(chosen)) {}

}  // namespace nacre
