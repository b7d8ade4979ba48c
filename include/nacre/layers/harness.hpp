#pragma once
// LayerHarness: one layer with memory of its own, to be run outside of a model.

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nacre/core/buffer.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/layers/layer.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// The mask of an input of a layer that is run in a harness.
struct HarnessMask {
  Shape axes;                        ///< the input's first ones, without the batch
  std::vector<std::uint8_t> values;  ///< (batch, axes...), 1 where a step counts; none at all: no mask
};

/// Runs one layer as a model would, step by step: for tests of layers and for looking at what one does.
///
/// What a layer must write is filled with NaN before it is called, or with what `fill_forward` and `fill_backward` say,
/// so that whatever it forgets shows. Weights are set by their initializers at first.
///
/// ```cpp
/// LayerHarness<double> harness(Dense(3), {5}, 4);
/// const auto& y = harness.forward(x, true);
/// const auto& dx = harness.backward(dy);
/// const auto& dkernel = harness.gradient(0);
/// ```
template <class T>
class LayerHarness {
 public:
  /// @param layer       the layer.
  /// @param input_shape shape of a sample, without the batch.
  /// @param batch       samples in every batch.
  /// @param seed        of the initializers and of the layer's random numbers.
  /// @param masks       of the inputs, one for each, or none at all.
  /// @param integers    whether the (first) input is one of int32 numbers; it is given as `T` all the same.
  /// Throws ValueError for a batch below 1, and whatever the layer's `build` throws.
  LayerHarness(Layer layer, const Shape& input_shape, std::int64_t batch, std::uint64_t seed = 0,
               List<HarnessMask> masks = {}, bool integers = false)
      : LayerHarness(std::move(layer), Shapes{input_shape}, batch, seed, std::move(masks), integers) {}

  /// The same for a layer of several inputs, of Shapes. (A template, so that `{4, 3}` is one shape.)
  template <std::same_as<Shapes> S>
  LayerHarness(Layer layer, const S& input_shapes, std::int64_t batch, std::uint64_t seed = 0,
               List<HarnessMask> masks = {}, bool integers = false)
      : layer_(std::move(layer)),
        builder_(check(batch), true),
        seed_(seed),
        pool_(thread_pool()),
        masks_(std::move(masks)) {
    List<std::optional<Shape>> axes;
    for (const HarnessMask& mask : masks_)
      axes.push_back(mask.values.empty() ? std::nullopt : std::optional(mask.axes));
    builder_.set_input_masks(std::move(axes));
    if (integers) builder_.set_integer_inputs({1});
    require<ValueError>(!layer_.is_composite(), layer_.class_name(),
                        ": expected a layer that computes itself, got one that is made of others; run it in a model");
    layer_.template require_compiled<T>(true);
    output_shape_ = layer_.build(input_shapes, builder_);
    inputs_.resize(input_shapes.size());
    input_gradients_.resize(input_shapes.size());
    for (std::size_t k = 0; k < input_shapes.size(); ++k) {
      inputs_[k].resize(input_shapes[k].with_batch(batch));
      input_gradients_[k].resize(inputs_[k].shape);
    }
    output_.resize(output_shape_.with_batch(batch));
    output_gradient_.resize(output_.shape);
    require<ShapeError>(!builder_.shares_input() || inputs_[0].shape.size() == output_.shape.size(),
                        layer_.class_name(),
                        ": expected an output of as many elements as the input that it shares, got ", input_shapes[0],
                        " and ", output_shape_);
    further_.resize(builder_.further_outputs().size());
    further_gradients_.resize(further_.size());
    given_gradients_.resize(further_.size());
    for (std::size_t k = 0; k < further_.size(); ++k) {
      further_[k].resize(builder_.further_outputs()[k].with_batch(batch));
      further_gradients_[k].resize(further_[k].shape);
      given_gradients_[k].resize(further_[k].shape);
    }
    require<ValueError>(!integers || builder_.takes_integers(0), layer_.class_name(),
                        ": expected a layer that takes int32 numbers");
    lay_out();
    initialize();
  }

  LayerHarness(const LayerHarness&) = delete;
  LayerHarness& operator=(const LayerHarness&) = delete;

  const Layer& layer() const { return layer_; }

  /// The mask that the layer made of the output in the last `forward`; none where it makes none.
  const std::vector<std::uint8_t>& output_mask() const { return output_mask_; }

  /// Shape of the output of one sample.
  const Shape& output_shape() const { return output_shape_; }

  /// Outputs behind the first one.
  std::size_t further_outputs() const { return further_.size(); }
  /// Further output `k`, counted from 0, as the last `forward` gave it.
  const TensorView<T>& further_output(std::size_t k) const { return further_[k].view; }
  /// Its gradient for each `backward` from now on; zeros at first.
  TensorView<T>& further_gradient(std::size_t k) { return given_gradients_[k].view; }

  /// What the layer asked for, in its order, trainable or not.
  const List<WeightSpec>& weight_specs() const { return builder_.weights(); }

  /// Values of weight `i` in the order of `weight_specs()`, to be read and written.
  TensorView<T>& weight(std::size_t i) { return weights_[i].view; }
  const TensorView<T>& weight(std::size_t i) const { return weights_[i].view; }

  /// Gradient of weight `i` in the order of `weight_specs()`, as the last `backward` gave it. Throws ValueError for a
  /// weight that is not trainable.
  const TensorView<T>& gradient(std::size_t i) const {
    require<ValueError>(weight_specs()[i].trainable, layer_.class_name(), ": weight ", i, " is not trainable");
    return gradients_[i].view;
  }

  /// What the layer keeps over batches, zeros at first: `states()[i]` is (batch, elements).
  List<Buffer<T>>& states() { return states_; }

  /// Which random numbers the layer draws from now on: those of this training step.
  void set_step(std::int64_t step) { step_ = step; }

  /// What the output, buffers and scratch memory hold before each forward from now on.
  void fill_forward(T value) { before_forward_ = value; }

  /// What the gradients and scratch memory hold before each backward from now on.
  void fill_backward(T value) { before_backward_ = value; }

  /// The output for `input`, row-major with the batch in front. Throws ShapeError for an input of another size.
  const TensorView<T>& forward(const TensorView<const T>& input, bool training = false) {
    return forward(List<TensorView<const T>>{input}, training);
  }

  /// The same for a layer of several inputs.
  const TensorView<T>& forward(const List<TensorView<const T>>& inputs, bool training = false) {
    require<ShapeError>(inputs.size() == inputs_.size(), layer_.class_name(), ": expected ", inputs_.size(),
                        " inputs, got ", inputs.size());
    for (std::size_t k = 0; k < inputs.size(); ++k) copy("input", inputs[k], inputs_[k]);
    if (builder_.takes_integers(0)) {
      auto* const integers = reinterpret_cast<std::int32_t*>(inputs_[0].values.data());
      for (std::size_t i = 0; i < inputs_[0].values.size(); ++i) {
        integers[i] = static_cast<std::int32_t>(inputs[0].elements()[i]);
      }
    }
    training_ = training;
    if (builder_.shares_input()) {
      std::copy(inputs_[0].values.begin(), inputs_[0].values.end(), output_.values.begin());
      return output_.view;
    }
    fill(output_.values, before_forward_);
    for (Tensor& output : further_) fill(output.values, before_forward_);
    for (Buffer<T>& buffer : buffers_) fill(buffer, before_forward_);
    fill_scratch(before_forward_);
    layer_.forward(Forward<T>(memory_, *pool_, random(), training));
    return output_.view;
  }

  /// The gradient of the (first) input from that of the output, after a `forward`, whose values of `training` and step
  /// still hold; the gradients of the weights are `gradient(i)` then. Throws ShapeError for a gradient of another size,
  /// and Error where the layer did not hand over each gradient of its weights exactly once.
  const TensorView<T>& backward(const TensorView<const T>& output_gradient, bool wants_input_gradient = true) {
    wants_input_gradient &= !builder_.takes_integers(0);
    copy("output gradient", output_gradient, output_gradient_);
    for (std::size_t k = 0; k < further_.size(); ++k) {
      std::copy(given_gradients_[k].values.begin(), given_gradients_[k].values.end(),
                further_gradients_[k].values.begin());
    }
    if (builder_.shares_input() || builder_.shares_gradient()) {
      for (Tensor& gradient : input_gradients_) {
        std::copy(output_gradient_.values.begin(), output_gradient_.values.end(), gradient.values.begin());
      }
      return input_gradient();
    }
    for (Tensor& gradient : input_gradients_) fill(gradient.values, before_backward_);
    fill_scratch(before_backward_);
    for (Tensor& gradient : gradients_) fill(gradient.values, before_backward_);
    for (Tensor& gradient : whole_) fill(gradient.values, before_backward_);
    std::fill(memory_.whole_gradient.begin(), memory_.whole_gradient.end(), char{0});
    std::fill(memory_.wanted.begin(), memory_.wanted.end(), static_cast<char>(wants_input_gradient));
    sink_.begin();
    layer_.backward(Backward<T>(memory_, *pool_, random(), training_, sink_));
    collect();
    return input_gradient();
  }

  /// The gradient of an input, as the last `backward` gave it.
  const TensorView<T>& input_gradient(std::size_t input = 0) const { return input_gradients_[input].view; }

 private:
  struct Tensor {
    Shape shape;
    Buffer<T> values;
    TensorView<T> view;

    void resize(const Shape& extents) {
      shape = extents;
      values = Buffer<T>(static_cast<std::size_t>(extents.size()));
      view.bind(values.data(), shape);
    }
  };

  // Keeps the gradients and counts how often each was handed over.
  struct Sink final : GradientSink<T> {
    Buffer<T> values;
    std::vector<unsigned char> times;

    void resize(std::int64_t size) {
      values = Buffer<T>(static_cast<std::size_t>(size));
      times.assign(static_cast<std::size_t>(size), 0);
    }
    void begin() { std::fill(times.begin(), times.end(), static_cast<unsigned char>(0)); }
    void take(std::int64_t offset, T* gradient, std::int64_t count) override {
      require<Error>(offset >= 0 && count >= 0 && offset + count <= static_cast<std::int64_t>(times.size()),
                     "LayerHarness: expected gradients within the ", times.size(), " weights, got ", count, " from ",
                     offset, " on");
      for (std::int64_t i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(offset + i);
        values[at] = gradient[i];
        gradient[i] = std::numeric_limits<T>::quiet_NaN();  // the one who takes them may overwrite them
        if (times[at] < 2) ++times[at];
      }
    }
  };

  static std::int64_t check(std::int64_t batch) {
    require<ValueError>(batch >= 1, "LayerHarness: expected a batch of 1 or more, got ", batch);
    return batch;
  }

  static void fill(Buffer<T>& values, T value) { std::fill(values.begin(), values.end(), value); }
  void fill_scratch(T value) {
    for (Buffer<T>& scratch : scratch_) fill(scratch, value);
    fill(task_scratch_, value);
  }

  void copy(std::string_view what, const TensorView<const T>& from, Tensor& to) {
    require<ShapeError>(from.extents().size() == to.shape.size(), layer_.class_name(), ": expected an ", what,
                        " of shape ", to.shape, ", got ", from.extents());
    std::copy_n(from.elements(), to.values.size(), to.values.data());
  }

  RandomStream random() const { return RandomStream(seed_, Purpose::layer, 0, static_cast<std::uint64_t>(step_)); }

  void lay_out() {
    const List<WeightSpec>& specs = builder_.weights();
    weights_.resize(specs.size());
    gradients_.resize(specs.size());
    whole_.resize(specs.size());
    std::size_t trainable = 0;
    for (const WeightSpec& spec : specs) trainable += spec.trainable;
    memory_.resize(trainable, specs.size() - trainable);
    std::int64_t offset = 0;
    std::size_t next[2] = {0, 0};
    for (std::size_t i = 0; i < specs.size(); ++i) {
      weights_[i].resize(specs[i].shape);
      const std::size_t at = next[specs[i].trainable]++;
      if (!specs[i].trainable) {
        memory_.non_trainable_weights[at].bind(weights_[i].values.data(), specs[i].shape);
        continue;
      }
      gradients_[i].resize(specs[i].shape);
      whole_[i].resize(specs[i].shape);
      memory_.weights[at].bind(weights_[i].values.data(), specs[i].shape);
      memory_.gradients[at].bind(whole_[i].values.data(), specs[i].shape);
      memory_.weight_offsets[at] = offset;
      offset += specs[i].shape.size();
    }
    sink_.resize(offset);

    auto allocate = [](const List<std::int64_t>& sizes, List<Buffer<T>>& blocks, std::vector<T*>& pointers) {
      for (std::int64_t size : sizes) {
        blocks.emplace_back(static_cast<std::size_t>(size));
        pointers.push_back(blocks.back().data());
      }
    };
    allocate(builder_.buffers(), buffers_, memory_.buffers);
    allocate(builder_.scratch(), scratch_, memory_.scratch);
    List<std::int64_t> states = builder_.states();
    for (std::int64_t& size : states) size *= builder_.batch();
    allocate(states, states_, memory_.states);
    const std::size_t stride = aligned_count<T>(static_cast<std::size_t>(builder_.task_scratch()));
    task_scratch_ = Buffer<T>(stride * static_cast<std::size_t>(pool_->threads()));
    memory_.task_scratch = task_scratch_.data();
    memory_.task_scratch_stride = static_cast<std::int64_t>(stride);

    memory_.names = &builder_.names();
    memory_.resize_tensors(inputs_.size(), 1 + further_.size());
    for (std::size_t k = 0; k < further_.size(); ++k) {
      memory_.outputs[k + 1].bind(further_[k].view.elements(), further_[k].view.extents());
      memory_.output_gradients[k + 1].bind(further_gradients_[k].view.elements(), further_gradients_[k].view.extents());
    }
    for (std::size_t k = 0; k < inputs_.size(); ++k) {
      memory_.inputs[k].bind(inputs_[k].view.elements(), inputs_[k].view.extents());
      memory_.input_gradients[k].bind(input_gradients_[k].view.elements(), input_gradients_[k].view.extents());
    }
    bind_masks();
    if (builder_.takes_integers(0)) memory_.integers = {1};
    memory_.outputs[0].bind(output_.view.elements(), output_.view.extents());
    memory_.output_gradients[0].bind(output_gradient_.view.elements(), output_gradient_.view.extents());
  }

  void bind_masks() {
    for (std::size_t k = 0; k < masks_.size() && builder_.reads_masks(); ++k) {
      if (masks_[k].values.empty()) {
        memory_.masks.emplace_back();
      } else {
        const auto places = static_cast<std::int64_t>(masks_[k].values.size());
        memory_.masks.push_back({masks_[k].values.data(), inputs_[k].shape.size() / places});
      }
    }
    if (!builder_.output_mask() || builder_.passed_mask()) return;
    const std::int64_t places = builder_.batch() * builder_.output_mask()->size();
    output_mask_.resize(static_cast<std::size_t>(places));
    memory_.output_mask = {output_mask_.data(), output_.shape.size() / places};
  }

  void initialize() {
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      const WeightSpec& spec = weight_specs()[i];
      spec.initializer.fill(weights_[i].values.data(), spec.shape, RandomStream(seed_, Purpose::initialization, i));
    }
  }

  // Gradients written whole go the way of all others; then each must have come once.
  void collect() {
    std::size_t trainable = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      if (!weight_specs()[i].trainable) continue;
      const std::int64_t offset = memory_.weight_offsets[trainable];
      Tensor& gradient = gradients_[i];
      const auto count = static_cast<std::int64_t>(gradient.values.size());
      if (memory_.whole_gradient[trainable] != 0) sink_.take(offset, whole_[i].values.data(), count);
      for (std::int64_t element = 0; element < count; ++element) {
        const auto at = static_cast<std::size_t>(offset + element);
        require<Error>(sink_.times[at] == 1, layer_.class_name(), ": expected backward to hand over each gradient of ",
                       weight_specs()[i].name, " once, got element ", element,
                       sink_.times[at] == 0 ? " never" : " more than once");
        gradient.values[static_cast<std::size_t>(element)] = sink_.values[at];
      }
      ++trainable;
    }
  }

  Layer layer_;
  LayerBuilder builder_;
  std::uint64_t seed_;
  std::int64_t step_ = 1;
  bool training_ = false;
  T before_forward_ = std::numeric_limits<T>::quiet_NaN();
  T before_backward_ = std::numeric_limits<T>::quiet_NaN();
  std::shared_ptr<ThreadPool> pool_;
  List<HarnessMask> masks_;
  std::vector<std::uint8_t> output_mask_;
  Shape output_shape_;
  List<Tensor> inputs_;
  List<Tensor> input_gradients_;
  Tensor output_;
  Tensor output_gradient_;
  List<Tensor> further_;            ///< outputs
  List<Tensor> further_gradients_;  ///< as the layer sees them: it may overwrite them
  List<Tensor> given_gradients_;
  List<Tensor> weights_;
  List<Tensor> gradients_;
  List<Tensor> whole_;
  List<Buffer<T>> buffers_;
  List<Buffer<T>> scratch_;
  List<Buffer<T>> states_;
  Buffer<T> task_scratch_;
  LayerMemory<T> memory_;
  Sink sink_;
};

}  // namespace nacre
