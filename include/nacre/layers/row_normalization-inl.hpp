#pragma once
// Bodies of layers/row_normalization.hpp.

#include <nacre/layers/row_normalization.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

NACRE_SETUP void require_axes(std::string_view layer, const Axes& axes) {
  require<ValueError>(!axes.values.empty(), layer, ": expected one axis or more, got none");
}

NACRE_SETUP void require_epsilon(std::string_view layer, double epsilon) {
  require<ValueError>(epsilon >= 1e-37, layer,
                      ": expected an epsilon of 1e-37 or more, as smaller numbers are 0 in float, got ", epsilon);
}

NACRE_SETUP AxesLast build_row_normalization(const RowNormalization& normalization, const Shape& input,
                                             LayerBuilder& builder) {
  using Memory = RowNormalizationMemory;
  const AxesLast rows = normalization.rows_of(input);
  builder.pass_mask();
  builder.backward_reads({.inputs = true, .output = false});
  if (builder.training()) {
    builder.buffer(Memory::Buffers::statistics, builder.batch() * rows.rows() * 2);
    PartialGradients::request(builder, {rows.length(), rows.length()}, Memory::Scratch::partial_gradients);
  }
  if (!rows.is_plain()) builder.task_scratch(3 * rows.size());
  return rows;
}

template <class T>
void row_normalization_forward(const RowNormalization& normalization, const Forward<T>& step) {
  using Memory = RowNormalizationMemory;
  const AxesLast rows = normalization.rows_of(step.input.extents().from(1));
  const T* gamma = normalization.scale ? step.weight(Memory::Weights::gamma).elements() : nullptr;
  const T* beta = normalization.center ? step.weight(Memory::Weights::beta).elements() : nullptr;
  T* statistics = step.has_buffer(Memory::Buffers::statistics) ? step.buffer(Memory::Buffers::statistics) : nullptr;
  const auto normalize = [&](Range range, const T* x, T* y) {
    kernels::normalize_each_row(normalization.norm, range.size(), rows.length(), static_cast<T>(normalization.epsilon),
                                x, gamma, beta, y, statistics == nullptr ? nullptr : statistics + 2 * range.first);
  };
  // A task is a run of rows, or of samples where their axes must be turned.
  const std::int64_t in_unit = rows.is_plain() ? 1 : rows.rows();
  const std::int64_t units = step.batch() * rows.rows() / in_unit;
  const std::int64_t tasks = piece_count(units, std::max<std::int64_t>(4096 / (in_unit * rows.length()), 1));
  step.parallel(tasks, [&](std::int64_t task, T* scratch) {
    const Range range = piece(units, tasks, task);
    if (rows.is_plain()) {
      const std::int64_t at = range.first * rows.length();
      normalize(range, step.input.elements() + at, step.output.elements() + at);
      return;
    }
    for (std::int64_t sample = range.first; sample < range.last; ++sample) {
      rows.gather(step.input.elements() + sample * rows.size(), scratch);
      normalize({sample * in_unit, (sample + 1) * in_unit}, scratch, scratch);
      rows.scatter(static_cast<const T*>(scratch), step.output.elements() + sample * rows.size());
    }
  });
}

template <class T>
void row_normalization_backward(const RowNormalization& normalization, const Backward<T>& step) {
  using Memory = RowNormalizationMemory;
  const AxesLast rows = normalization.rows_of(step.input.extents().from(1));
  const T* gamma = normalization.scale ? step.weight(Memory::Weights::gamma).elements() : nullptr;
  const T* statistics = step.buffer(Memory::Buffers::statistics);
  const PartialGradients parts(step.batch(), {rows.length(), rows.length()}, Memory::Scratch::partial_gradients);
  step.parallel(parts.count(), [&](std::int64_t part, T* scratch) {
    parts.clear(step, part);
    // Partial sums of gamma and beta, in the order of the weights that there are.
    T* dgamma = normalization.scale ? parts.of(step, part, 0) : nullptr;
    T* dbeta = normalization.center ? parts.of(step, part, normalization.scale ? 1 : 0) : nullptr;
    const auto differentiate = [&](Range samples, const T* x, const T* dy, T* dx) {
      kernels::normalize_each_row_gradient(normalization.norm, samples.size() * rows.rows(), rows.length(),
                                           static_cast<T>(normalization.epsilon), x,
                                           statistics + 2 * samples.first * rows.rows(), gamma, dy, dgamma, dbeta, dx);
    };
    const Range samples = parts.samples(part);
    const T* input = step.input.elements();
    const T* gradient = step.output_gradient.elements();
    if (rows.is_plain()) {
      const std::int64_t at = samples.first * rows.size();
      differentiate(samples, input + at, gradient + at,
                    step.wants_input_gradient ? step.input_gradient.elements() + at : nullptr);
      return;
    }
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
      T* x = scratch;
      T* dy = x + rows.size();
      T* dx = dy + rows.size();
      rows.gather(input + sample * rows.size(), x);
      rows.gather(gradient + sample * rows.size(), dy);
      differentiate({sample, sample + 1}, x, dy, step.wants_input_gradient ? dx : nullptr);
      if (!step.wants_input_gradient) continue;
      rows.scatter(static_cast<const T*>(dx), step.input_gradient.elements() + sample * rows.size());
    }
  });
  parts.hand_over(step, std::size_t{normalization.scale} + std::size_t{normalization.center},
                  normalization.scale ? 0 : 1);
}

}  // namespace nacre::detail
