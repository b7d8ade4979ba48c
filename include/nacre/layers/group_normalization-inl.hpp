#pragma once
// Bodies of layers/group_normalization.hpp.

#include <algorithm>
#include <cmath>

#include <nacre/kernels/normalization.hpp>
#include <nacre/layers/group_normalization.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// Numbers of each channel of a sample, in which those of a group are the same.
template <class T>
struct ChannelGroups {
  std::int64_t rows;
  std::int64_t channels;
  std::int64_t groups;

  std::int64_t of_group() const { return channels / groups; }

  /// The means and variances of groups in the place of the moments of their channels.
  void merge(T* means, T* squares) const {
    for (std::int64_t first = 0; first < channels; first += of_group()) {
      double mean = 0, total = 0;
      for (std::int64_t c = first; c < first + of_group(); ++c) mean += static_cast<double>(means[c]);
      mean /= static_cast<double>(of_group());
      for (std::int64_t c = first; c < first + of_group(); ++c) {
        const double apart = static_cast<double>(means[c]) - mean;
        total += static_cast<double>(squares[c]) + static_cast<double>(rows) * apart * apart;
      }
      std::fill_n(means + first, of_group(), static_cast<T>(mean));
      std::fill_n(squares + first, of_group(), static_cast<T>(total / static_cast<double>(rows * of_group())));
    }
  }

  /// The mean over a group's elements of what `sums` are over each channel's, times `factors` (nullptr: ones).
  void average(T* sums, const T* factors) const {
    for (std::int64_t first = 0; first < channels; first += of_group()) {
      double total = 0;
      for (std::int64_t c = first; c < first + of_group(); ++c) {
        total += static_cast<double>(sums[c]) * (factors != nullptr ? static_cast<double>(factors[c]) : 1.0);
      }
      std::fill_n(sums + first, of_group(), static_cast<T>(total / static_cast<double>(rows * of_group())));
    }
  }
};

}  // namespace detail

NACRE_SETUP void GroupNormalization::validate() const {
  require<ValueError>(options.groups >= 1 || options.groups == -1,
                      "GroupNormalization: expected groups of 1 or more, or -1 for one a channel, got ",
                      options.groups);
  detail::require_epsilon(type_name, options.epsilon);
}

NACRE_SETUP Shape GroupNormalization::build(const Shape& input, LayerBuilder& builder) const {
  const detail::AxesLast view = channels_of(input);
  const std::int64_t channels = view.length();
  require<ShapeError>(channels % groups_of(channels) == 0, "expected channels that ", options.groups,
                      " groups divide, got ", input, " with ", channels, " channels");
  if (options.scale) {
    builder.weight(Weights::gamma, "gamma", {channels}, options.gamma_initializer, options.gamma_regularizer,
                   options.gamma_constraint);
  }
  if (options.center) {
    builder.weight(Weights::beta, "beta", {channels}, options.beta_initializer, options.beta_regularizer,
                   options.beta_constraint);
  }
  builder.pass_mask();
  builder.backward_reads({.inputs = true, .output = false});
  builder.task_scratch(6 * channels + (view.is_plain() ? 0 : 3 * view.size()));
  if (builder.training()) {
    builder.buffer(Buffers::means, builder.batch() * channels);
    builder.buffer(Buffers::inverse_deviations, builder.batch() * channels);
    PartialGradients::request(builder, {channels, channels}, Scratch::partial_gradients);
  }
  return input;
}

template <class T>
void GroupNormalization::forward(const Forward<T>& step) const {
  const detail::AxesLast view = channels_of(step.input.extents().from(1));
  const std::int64_t channels = view.length(), rows = view.rows();
  const detail::ChannelGroups<T> groups{rows, channels, groups_of(channels)};
  const T* gamma = options.scale ? step.weight(Weights::gamma).elements() : nullptr;
  const T* beta = options.center ? step.weight(Weights::beta).elements() : nullptr;
  const bool keeps = step.has_buffer(Buffers::means);
  step.parallel(step.batch(), [&](std::int64_t sample, T* scratch) {
    T* means = keeps ? step.buffer(Buffers::means) + sample * channels : scratch;
    T* inverse = keeps ? step.buffer(Buffers::inverse_deviations) + sample * channels : scratch + channels;
    T* scale = scratch + 2 * channels;
    T* shift = scale + channels;
    T* turned = scratch + 6 * channels;
    const T* x = step.input.elements() + sample * view.size();
    T* y = step.output.elements() + sample * view.size();
    if (!view.is_plain()) view.gather(x, turned);
    const T* from = view.is_plain() ? x : turned;
    kernels::channel_moments(rows, channels, from, means, inverse);
    groups.merge(means, inverse);
    for (std::int64_t c = 0; c < channels; ++c) {
      inverse[c] = T(1) / std::sqrt(inverse[c] + static_cast<T>(options.epsilon));
      scale[c] = gamma != nullptr ? inverse[c] * gamma[c] : inverse[c];
      shift[c] = beta != nullptr ? beta[c] : T(0);
    }
    kernels::normalize_rows(rows, channels, from, kernels::ChannelNormalization<T>{means, scale, shift}, nullptr, false,
                            view.is_plain() ? y : turned);
    if (!view.is_plain()) view.scatter(static_cast<const T*>(turned), y);
  });
}

/// With g = dy gamma, x_hat = (x - mean) inverse and means over a group: dx = inverse (g - mean(g) - x_hat mean(g
/// x_hat)).
template <class T>
void GroupNormalization::backward(const Backward<T>& step) const {
  const detail::AxesLast view = channels_of(step.input.extents().from(1));
  const std::int64_t channels = view.length(), rows = view.rows();
  const detail::ChannelGroups<T> groups{rows, channels, groups_of(channels)};
  const T* gamma = options.scale ? step.weight(Weights::gamma).elements() : nullptr;
  const PartialGradients parts(step.batch(), {channels, channels}, Scratch::partial_gradients);
  step.parallel(parts.count(), [&](std::int64_t part, T* scratch) {
    parts.clear(step, part);
    T* dgamma = options.scale ? parts.of(step, part, 0) : nullptr;
    T* dbeta = options.center ? parts.of(step, part, options.scale ? 1 : 0) : nullptr;
    T* sums = scratch;
    T* products = sums + channels;
    T* zeros = sums + 2 * channels;
    T* turned = scratch + 6 * channels;
    std::fill_n(zeros, channels, T(0));
    const Range samples = parts.samples(part);
    for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
      const T* x = step.input.elements() + sample * view.size();
      T* dy = step.output_gradient.elements() + sample * view.size();
      T* dx = step.wants_input_gradient ? step.input_gradient.elements() + sample * view.size() : nullptr;
      if (!view.is_plain()) {
        view.gather(x, turned);
        view.gather(static_cast<const T*>(dy), turned + view.size());
        x = turned;
        dy = turned + view.size();
      }
      const T* means = step.buffer(Buffers::means) + sample * channels;
      const T* inverse = step.buffer(Buffers::inverse_deviations) + sample * channels;
      const kernels::ChannelNormalization<T> normalization{means, inverse, zeros};
      kernels::normalization_gradient_sums(rows, channels, x, normalization, false, nullptr, dy, sums);
      for (std::int64_t c = 0; c < channels; ++c) {
        if (dgamma != nullptr) dgamma[c] += products[c] * inverse[c];
        if (dbeta != nullptr) dbeta[c] += sums[c];
      }
      if (dx == nullptr) continue;
      groups.average(sums, gamma);
      groups.average(products, gamma);
      for (std::int64_t c = 0; c < channels; ++c) products[c] *= inverse[c] * inverse[c];
      if (gamma != nullptr) {
        kernels::normalize_rows(rows, channels, static_cast<const T*>(dy),
                                kernels::ChannelNormalization<T>{zeros, gamma, zeros}, nullptr, false, dy);
      }
      T* to = view.is_plain() ? dx : turned + 2 * view.size();
      kernels::normalization_gradient(rows, channels, x, normalization, false, static_cast<const T*>(dy),
                                      static_cast<const T*>(sums), static_cast<const T*>(products), to);
      if (!view.is_plain()) view.scatter(static_cast<const T*>(to), dx);
    }
  });
  parts.hand_over(step, std::size_t{options.scale} + std::size_t{options.center}, options.scale ? 0 : 1);
}

}  // namespace nacre
