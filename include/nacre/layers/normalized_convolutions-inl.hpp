#pragma once
// The bodies of normalized_convolutions.hpp.

#include <algorithm>
#include <array>
#include <cmath>

#include <nacre/kernels/convolution.hpp>
#include <nacre/kernels/elementwise.hpp>
#include <nacre/kernels/normalization.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/layers/activation.hpp>
#include <nacre/layers/merging.hpp>
#include <nacre/layers/normalized_convolutions.hpp>
#include <nacre/layers/relu.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

namespace detail {

/// A stage of NormalizedConvolutions in a step.
struct ConvolutionStage {
  const NormalizedConvolution* layer = nullptr;
  Shape input{};
  kernels::Conv2DShape shape{};
  std::size_t index = 0;
  std::size_t kernel = 0;  ///< which of the weights; then come bias, gamma and beta
  std::size_t moving = 0;  ///< which of the weights that are not trained; then comes the moving variance

  std::int64_t rows() const { return shape.out_height * shape.out_width; }
  std::int64_t channels() const { return shape.filters; }
  std::int64_t input_size() const { return shape.height * shape.width * shape.channels; }
  std::int64_t output_size() const { return rows() * channels(); }
  std::int64_t kernel_size() const { return kernels::Conv3DShape{shape}.kernel_plane(); }
  Shape output() const { return layer->geometry.output({shape}); }
  /// Elements of a sample in the stage's buffer: what the convolution puts out, whose place the gradient of what it
  /// reads takes in the backward pass.
  std::int64_t stride() const { return index == 0 ? output_size() : std::max(output_size(), input_size()); }

  bool is_normalized() const { return layer->normalization.has_value(); }
  const BatchNormalizationOptions& normalization() const { return layer->normalization->options; }
  bool has_bias() const { return layer->geometry.use_bias; }
  std::size_t gamma() const { return kernel + (has_bias() ? 2 : 1); }
  std::size_t beta() const { return gamma() + (is_normalized() && normalization().scale ? 1 : 0); }
  std::size_t next() const { return beta() + (is_normalized() && normalization().center ? 1 : 0); }
};

/// All stages of a step.
struct ConvolutionStages {
  std::array<ConvolutionStage, NormalizedConvolutions::most_stages> stage;
  std::size_t count = 0;

  ConvolutionStages(const NormalizedConvolutions& layer, Shape input, std::int64_t batch) {
    std::size_t kernel = 0, moving = 0;
    for (const NormalizedConvolution& given : layer.stages) {
      stage[count] = {&given, input, given.geometry.plane(input, batch), count, kernel, moving};
      if (given.normalization) moving += 2;
      kernel = stage[count].next();
      input = stage[count++].output();
    }
  }
  const ConvolutionStage& last() const { return stage[count - 1]; }
  const ConvolutionStage* begin() const { return stage.data(); }
  const ConvolutionStage* end() const { return stage.data() + count; }

  /// The largest of what `size` gives for the stages.
  template <class Size>
  std::int64_t most(const Size& size) const {
    std::int64_t result = 0;
    for (const ConvolutionStage& one : *this) result = std::max(result, size(one));
    return result;
  }
};

/// What NormalizedConvolutions asks for, by numbers, as there are several stages.
struct NormalizedMemory {
  // Scratch: what convolutions prepare, numbers of each sample's channels, numbers of all samples' channels, then for
  // each stage partial sums, or without a backward pass its kernel and what is added behind it.
  static constexpr std::size_t forward_kernel = 0;
  static constexpr std::size_t backward_kernel = 1;
  static constexpr std::size_t of_samples = 2;
  static constexpr std::size_t of_channels = 3;
  static std::size_t partial_sums_of(std::size_t stage) { return 4 + stage; }
  static std::size_t kernel_of(std::size_t stage) { return 4 + 2 * stage; }
  static std::size_t prepared_of(std::size_t stage) { return 5 + 2 * stage; }
  // Buffers: what a stage's convolution puts out, and its channels' numbers.
  static std::size_t convolved_of(std::size_t stage) { return 2 * stage; }
  static std::size_t numbers_of(std::size_t stage) { return 2 * stage + 1; }
};

/// A pass of NormalizedConvolutions: its memories and the steps that the passes consist of.
template <class T, class Step>
struct NormalizedPass : NormalizedMemory {
  using Stage = ConvolutionStage;

  enum Numbers : std::int64_t { mean, inverse_deviation, scale, shift, channel_numbers };

  const NormalizedConvolutions& layer;
  const Step& step;
  ConvolutionStages stages;

  NormalizedPass(const NormalizedConvolutions& given, const Step& one)
      : layer(given), step(one), stages(given, one.input.extents().from(1), one.batch()) {}

  T* convolved(const Stage& stage, std::int64_t sample) const {
    return step.buffer(convolved_of(stage.index)) + sample * stage.stride();
  }
  T* numbers(const Stage& stage, std::int64_t which) const {
    return step.buffer(numbers_of(stage.index)) + which * stage.channels();
  }
  kernels::ChannelNormalization<T> normalization(const Stage& stage) const {
    return {numbers(stage, mean), numbers(stage, scale), numbers(stage, shift)};
  }
  const T* kernel(const Stage& stage) const { return step.weight(stage.kernel).elements(); }
  const T* bias(const Stage& stage) const {
    return stage.has_bias() ? step.weight(stage.kernel + 1).elements() : nullptr;
  }
  T* sample_numbers(const Stage& stage, std::int64_t sample) const {
    return step.scratch(of_samples) + sample * 2 * stage.channels();
  }
  const T* added(std::int64_t sample) const {
    return layer.adds ? step.inputs[1].elements() + sample * stages.last().output_size() : nullptr;
  }

  /// What a stage reads of a sample; that of a later stage is computed into `place`.
  const T* input(const Stage& stage, std::int64_t sample, T* place) const {
    if (stage.index == 0) return step.input.elements() + sample * stage.input_size();
    const Stage& before = stages.stage[stage.index - 1];
    kernels::normalize_rows(before.rows(), before.channels(), static_cast<const T*>(convolved(before, sample)),
                            normalization(before), nullptr, before.layer->relu, place);
    return place;
  }

  // ---- forward ------------------------------------------------------------------------------------------------------

  /// Convolves all samples and gathers their moments while they are in the cache.
  void convolve(const Stage& stage) const {
    kernels::conv2d_prepare_forward(stage.shape, kernel(stage), step.scratch(forward_kernel));
    step.parallel(step.batch(), [&](std::int64_t sample, T* scratch) {
      T* output = convolved(stage, sample);
      T* rest = stage.index == 0 ? scratch : scratch + aligned(stage.input_size());
      kernels::conv2d_forward(stage.shape, {0, 1}, input(stage, sample, scratch), kernel(stage),
                              static_cast<const T*>(step.scratch(forward_kernel)), bias(stage), linear, output, rest);
      if (!uses_batch() || !stage.is_normalized()) return;
      T* moments = sample_numbers(stage, sample);
      kernels::channel_moments(stage.rows(), stage.channels(), static_cast<const T*>(output), moments,
                               moments + stage.channels());
    });
  }

  /// What the channels are normalized with.
  void find_numbers(const Stage& stage) const {
    const std::int64_t channels = stage.channels();
    T* center = numbers(stage, mean);
    T* inverse = numbers(stage, inverse_deviation);
    if (!stage.is_normalized()) {
      std::fill_n(center, channels, T(0));
      std::fill_n(inverse, channels, T(1));
      std::fill_n(numbers(stage, scale), channels, T(1));
      std::fill_n(numbers(stage, shift), channels, T(0));
      return;
    }
    T* moving_mean = step.non_trainable_weight(stage.moving).elements();
    T* moving_variance = step.non_trainable_weight(stage.moving + 1).elements();
    if (uses_batch()) {
      kernels::merge_moments(step.batch(), stage.rows(), channels, static_cast<const T*>(step.scratch(of_samples)),
                             center, inverse);
      stage.layer->normalization->follow(moving_mean, center, {0, channels});
      stage.layer->normalization->follow(moving_variance, inverse, {0, channels});
    } else {
      std::copy_n(moving_mean, channels, center);
      std::copy_n(moving_variance, channels, inverse);
    }
    find_scale(stage, inverse, numbers(stage, scale), numbers(stage, shift));
  }

  /// `variance` becomes 1 / deviation.
  void find_scale(const Stage& stage, T* variance, T* scales, T* shifts) const {
    const T* gamma = stage.normalization().scale ? step.weight(stage.gamma()).elements() : nullptr;
    const T* beta = stage.normalization().center ? step.weight(stage.beta()).elements() : nullptr;
    for (std::int64_t c = 0; c < stage.channels(); ++c) {
      variance[c] = T(1) / std::sqrt(variance[c] + static_cast<T>(stage.normalization().epsilon));
      scales[c] = gamma != nullptr ? variance[c] * gamma[c] : variance[c];
      shifts[c] = beta != nullptr ? beta[c] : T(0);
    }
  }

  void write_output() const {
    const Stage& stage = stages.last();
    step.parallel(step.batch(), [&](std::int64_t sample, T*) {
      kernels::normalize_rows(stage.rows(), stage.channels(), static_cast<const T*>(convolved(stage, sample)),
                              normalization(stage), added(sample), stage.layer->relu,
                              step.output.elements() + sample * stage.output_size());
    });
  }

  bool uses_batch() const { return step.training && step.trainable; }

  // ---- forward, where no backward pass follows ----------------------------------------------------------------------

  // A stage's scratch: its kernel times the scale, what is added, and what the convolution makes of the kernel.
  T* folded_kernel(const Stage& stage) const { return step.scratch(kernel_of(stage.index)); }
  T* folded_bias(const Stage& stage) const { return folded_kernel(stage) + aligned(stage.kernel_size()); }
  T* folded_prepared(const Stage& stage) const { return step.scratch(prepared_of(stage.index)); }

  /// kernel * scale, and (bias - mean) * scale + shift.
  void fold(const Stage& stage) const {
    const std::int64_t channels = stage.channels();
    T* work = step.scratch(of_channels);
    T* scales = work + channels;
    T* shifts = folded_bias(stage);
    if (stage.is_normalized()) {
      std::copy_n(step.non_trainable_weight(stage.moving + 1).elements(), channels, work);
      find_scale(stage, work, scales, shifts);
    } else {
      std::fill_n(scales, channels, T(1));
      std::fill_n(shifts, channels, T(0));
    }
    const T* center = stage.is_normalized() ? step.non_trainable_weight(stage.moving).elements() : nullptr;
    for (std::int64_t c = 0; c < channels; ++c) {
      const T added = bias(stage) != nullptr ? bias(stage)[c] : T(0);
      shifts[c] += (center != nullptr ? added - center[c] : added) * scales[c];
    }
    T* folded = folded_kernel(stage);
    for (std::int64_t first = 0; first < stage.kernel_size(); first += channels) {
      for (std::int64_t c = 0; c < channels; ++c) folded[first + c] = kernel(stage)[first + c] * scales[c];
    }
    kernels::conv2d_prepare_forward(stage.shape, static_cast<const T*>(folded), folded_prepared(stage));
  }

  /// A sample through all stages.
  void convolve_folded(std::int64_t sample, T* scratch) const {
    const std::int64_t between = between_size(stages);
    const T* from = step.input.elements() + sample * stages.stage[0].input_size();
    for (const Stage& stage : stages) {
      const bool is_last = stage.index + 1 == stages.count;
      T* to = is_last ? step.output.elements() + sample * stage.output_size()
                      : scratch + static_cast<std::int64_t>(stage.index % 2) * between;
      const bool rectifies = stage.layer->relu && !(is_last && layer.adds);
      kernels::conv2d_forward(stage.shape, {0, 1}, from, static_cast<const T*>(folded_kernel(stage)),
                              static_cast<const T*>(folded_prepared(stage)), static_cast<const T*>(folded_bias(stage)),
                              rectifies ? Activation(relu) : Activation(linear), to, scratch + 2 * between);
      from = to;
    }
    if (!layer.adds) return;
    const std::int64_t size = stages.last().output_size();
    T* output = step.output.elements() + sample * size;
    kernels::accumulate(size, output, added(sample));
    if (stages.last().layer->relu) kernels::activate(relu, size, static_cast<const T*>(output), output);
  }

  /// Elements of the largest that lies between two stages.
  static std::int64_t between_size(const ConvolutionStages& stages) {
    if (stages.count == 1) return 0;
    return aligned(stages.most([](const Stage& stage) { return stage.output_size(); }));
  }

  // ---- backward -----------------------------------------------------------------------------------------------------

  static PartialGradients partial_sums(const Stage& stage) {
    return {stage.shape.batch, {stage.kernel_size(), stage.channels()}, partial_sums_of(stage.index)};
  }

  /// The gradient of what a stage puts out.
  T* output_gradient(const Stage& stage, std::int64_t sample) const {
    if (stage.index + 1 == stages.count) return step.output_gradient.elements() + sample * stage.output_size();
    const Stage& next = stages.stage[stage.index + 1];
    return convolved(next, sample);  // see ConvolutionStage::stride
  }

  /// A sample's sums that the gradients of the stage's normalization depend on.
  void sum_gradient(const Stage& stage, std::int64_t sample) const {
    if (!stage.is_normalized()) return;
    const bool is_last = stage.index + 1 == stages.count;
    kernels::normalization_gradient_sums(stage.rows(), stage.channels(),
                                         static_cast<const T*>(convolved(stage, sample)), normalization(stage),
                                         stage.layer->relu, is_last ? added(sample) : nullptr,
                                         output_gradient(stage, sample), sample_numbers(stage, sample));
  }

  // Numbers of channels in the scratch: sums, products, and what the gradient of each element has subtracted.
  enum Sums : std::int64_t { sums, products, offset, slope, sum_numbers };
  T* channel_sums(const Stage& stage, std::int64_t which) const {
    return step.scratch(of_channels) + which * stage.channels();
  }

  /// Gradients of gamma and beta, and what those of the elements need.
  void finish_sums(const Stage& stage) const {
    const std::int64_t channels = stage.channels();
    if (!stage.is_normalized()) {
      std::fill_n(channel_sums(stage, offset), channels, T(0));
      std::fill_n(channel_sums(stage, slope), channels, T(0));
      return;
    }
    kernels::column_sums(step.batch(), 2 * channels, {0, 2 * channels}, static_cast<const T*>(step.scratch(of_samples)),
                         channel_sums(stage, sums));
    const T count = static_cast<T>(step.batch() * stage.rows());
    for (std::int64_t c = 0; c < channels; ++c) {
      const T inverse = numbers(stage, inverse_deviation)[c];
      T& product = channel_sums(stage, products)[c];
      product *= inverse;
      channel_sums(stage, offset)[c] = uses_batch() ? channel_sums(stage, sums)[c] / count : T(0);
      channel_sums(stage, slope)[c] = uses_batch() ? product * inverse / count : T(0);
    }
    if (stage.normalization().scale) step.sink(stage.gamma(), 0, channel_sums(stage, products), channels);
    if (stage.normalization().center) step.sink(stage.beta(), 0, channel_sums(stage, sums), channels);
  }

  /// A sample's gradients: of the convolution's output in `scratch`, then of kernel and input.
  void differentiate(const Stage& stage, const PartialGradients& parts, std::int64_t part, std::int64_t sample,
                     T* scratch) const {
    T* gradient = scratch;
    T* place = gradient + aligned(stage.output_size());
    T* rest = stage.index == 0 ? place : place + aligned(stage.input_size());
    const bool is_last = stage.index + 1 == stages.count;
    const bool rectifies = stage.layer->relu && !(is_last && layer.adds);  // with a sum it is in the gradient already
    kernels::normalization_gradient(stage.rows(), stage.channels(), static_cast<const T*>(convolved(stage, sample)),
                                    normalization(stage), rectifies,
                                    static_cast<const T*>(output_gradient(stage, sample)),
                                    static_cast<const T*>(channel_sums(stage, offset)),
                                    static_cast<const T*>(channel_sums(stage, slope)), gradient);
    const Range samples = parts.samples(part);
    const bool is_first = stage.index == 0;
    T* input_gradient = !is_first                   ? convolved(stage, sample)
                        : step.wants_input_gradient ? step.input_gradient.elements() + sample * stage.input_size()
                                                    : nullptr;
    kernels::conv2d_backward(stage.shape, {0, 1}, input(stage, sample, place), static_cast<const T*>(gradient),
                             kernel(stage), static_cast<const T*>(step.scratch(backward_kernel)),
                             parts.of(step, part, 0), input_gradient,
                             {.first = sample == samples.first,
                              .last = sample + 1 == samples.last,
                              .add = is_first && step.adds_gradient(0)},
                             rest);
    if (stage.has_bias()) add_rows(stage, gradient, parts.of(step, part, 1));
    if (!is_first) sum_gradient(stages.stage[stage.index - 1], sample);
  }

  static void add_rows(const Stage& stage, const T* gradient, T* sum) {
    for (std::int64_t row = 0; row < stage.rows(); ++row) {
      kernels::accumulate(stage.channels(), sum, gradient + row * stage.channels());
    }
  }

  void backward(const Stage& stage) const {
    finish_sums(stage);
    if (stage.index > 0 || step.wants_input_gradient) {
      kernels::conv2d_prepare_backward(stage.shape, kernel(stage), step.scratch(backward_kernel));
    }
    const PartialGradients parts = partial_sums(stage);
    step.parallel(parts.count(), [&](std::int64_t part, T* scratch) {
      parts.clear(step, part);
      const Range samples = parts.samples(part);
      for (std::int64_t sample = samples.first; sample < samples.last; ++sample) {
        differentiate(stage, parts, part, sample, scratch);
      }
    });
    parts.hand_over(step, stage.has_bias() ? 2 : 1, stage.kernel);
  }

  static std::int64_t aligned(std::int64_t count) {
    return static_cast<std::int64_t>(aligned_count<T>(static_cast<std::size_t>(count)));
  }
};

/// The size of such a memory in elements of any type.
inline std::int64_t aligned_size(std::int64_t count) {
  return static_cast<std::int64_t>(aligned_count<float>(static_cast<std::size_t>(count)));
}

}  // namespace detail

NACRE_SETUP Shape NormalizedConvolutions::build(const Shapes& inputs, LayerBuilder& builder) const {
  using Stage = detail::ConvolutionStage;
  using Memory = detail::NormalizedMemory;
  const detail::ConvolutionStages all(*this, inputs[0], builder.batch());
  for (const Stage& stage : all) {
    LayerBuilder members[2];
    if (stage.layer->convolution) stage.layer->convolution->build(stage.input, members[0]);
    if (stage.layer->normalization) stage.layer->normalization->build(stage.output(), members[1]);
    for (const LayerBuilder& member : members) {
      for (const WeightSpec& weight : member.weights()) {  // whose penalties are the members'
        builder.weight(weight.name, weight.shape, weight.initializer, weight.trainable);
      }
    }
  }
  const auto output_size = [](const Stage& stage) { return detail::aligned_size(stage.output_size()); };
  const auto input_size = [](const Stage& stage) {
    return stage.index == 0 ? std::int64_t{0} : detail::aligned_size(stage.input_size());
  };
  const auto channels = [](const Stage& stage) { return stage.channels(); };
  const std::int64_t convolution = all.most([](const Stage& stage) { return kernels::conv2d_scratch(stage.shape); });
  builder.backward_reads({.inputs = true, .output = false});
  builder.scratch(Memory::forward_kernel,
                  all.most([](const Stage& stage) { return kernels::conv2d_forward_prepared_size(stage.shape); }));
  builder.scratch(
      Memory::backward_kernel,
      builder.training() ? all.most([](const Stage& stage) { return kernels::conv2d_prepared_size(stage.shape); }) : 0);
  builder.scratch(Memory::of_samples, builder.batch() * 2 * all.most(channels));
  builder.scratch(Memory::of_channels, 4 * all.most(channels));
  if (builder.training()) {
    for (const Stage& stage : all) {
      builder.buffer(Memory::convolved_of(stage.index), builder.batch() * stage.stride());
      builder.buffer(Memory::numbers_of(stage.index), 4 * stage.channels());
      PartialGradients::request(builder, {stage.kernel_size(), stage.channels()}, Memory::partial_sums_of(stage.index));
    }
    builder.task_scratch(all.most(output_size) + all.most(input_size) + convolution);
    if (adds) builder.leave_gradient(1);
    if (kernels::conv2d_adds_input_gradient(all.stage[0].shape)) builder.add_input_gradient();
  } else {
    for (const Stage& stage : all) {
      builder.scratch(Memory::kernel_of(stage.index),
                      detail::aligned_size(stage.kernel_size()) + detail::aligned_size(stage.channels()));
      builder.scratch(Memory::prepared_of(stage.index), kernels::conv2d_forward_prepared_size(stage.shape));
    }
    builder.task_scratch(2 * all.most(output_size) + convolution);
  }
  return all.last().output();
}

template <class T>
void NormalizedConvolutions::forward(const Forward<T>& step) const {
  if (!step.has_buffer(0)) return predict(step);
  const detail::NormalizedPass<T, Forward<T>> pass(*this, step);
  for (const auto& stage : pass.stages) {
    pass.convolve(stage);
    pass.find_numbers(stage);
  }
  pass.write_output();
}

template <class T>
void NormalizedConvolutions::predict(const Forward<T>& step) const {
  const detail::NormalizedPass<T, Forward<T>> pass(*this, step);
  for (const auto& stage : pass.stages) pass.fold(stage);
  step.parallel(step.batch(), [&](std::int64_t sample, T* scratch) { pass.convolve_folded(sample, scratch); });
}

template <class T>
void NormalizedConvolutions::backward(const Backward<T>& step) const {
  const detail::NormalizedPass<T, Backward<T>> pass(*this, step);
  step.parallel(step.batch(), [&](std::int64_t sample, T*) { pass.sum_gradient(pass.stages.last(), sample); });
  for (std::size_t index = pass.stages.count; index-- > 0;) pass.backward(pass.stages.stage[index]);
}

NACRE_SETUP std::optional<NormalizedConvolutions> NormalizedConvolutions::join(const Layer& next, const Shape&) const {
  NormalizedConvolutions joined = *this;
  NormalizedConvolution& last = joined.stages.back();
  const auto* activation = next.get_if<ActivationLayer>();
  const auto* rectifier = next.get_if<ReLU>();
  if ((activation != nullptr && activation->activation == relu) || (rectifier != nullptr && rectifier->is_plain())) {
    if (last.relu) return std::nullopt;
    last.relu = true;
    return joined;
  }
  if (next.get_if<Add>() != nullptr) {
    if (last.relu || adds) return std::nullopt;
    joined.adds = true;
    return joined;
  }
  const auto* behind = next.get_if<NormalizedConvolutions>();
  if (behind == nullptr || adds || stages.size() + behind->stages.size() > most_stages) return std::nullopt;
  joined.stages.insert(joined.stages.end(), behind->stages.begin(), behind->stages.end());
  joined.adds = behind->adds;
  return joined;
}

NACRE_SETUP std::optional<NormalizedConvolutions> BatchNormalization::join_previous(const Layer& previous,
                                                                                    const Shape&) const {
  const auto is_channels = [this](const detail::ConvolutionGeometry& of) {
    return options.axis == -1 || options.axis == static_cast<std::int64_t>(of.axes) + 1;
  };
  if (const auto geometry = detail::image_convolution(previous)) {
    if (!is_channels(*geometry) || !(geometry->activation == linear)) return std::nullopt;
    return NormalizedConvolutions{{{previous, *geometry, *this}}};
  }
  if (const auto separable = detail::separable_convolution(previous)) {
    if (!is_channels(separable->depthwise) || !(separable->activation == linear)) return std::nullopt;
    return NormalizedConvolutions{
        {{previous, separable->depthwise, std::nullopt}, {std::nullopt, separable->pointwise(), *this}}};
  }
  return std::nullopt;
}

}  // namespace nacre
