#pragma once
// ImageAugmentation: layers that change pictures at random, as what `fit` does to training samples.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/data/augmentation.hpp>
#include <nacre/kernels/image_change.hpp>
#include <nacre/layers/random_image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Layers such as RandomFlip and RandomRotation in the place of `augment`: they change the pictures of the next batch
/// on threads that wait while a step is computed, and the model is without them:
///
///     model.fit(data, {.augment = ImageAugmentation(RandomFlip({.mode = "horizontal"}), RandomRotation(0.1))});
///
/// They change the first column of features, which holds pictures (height, width, channels); others throw ShapeError.
/// What is drawn for a sample is a function of the seed, the epoch and the sample. (RandomCrop and Resizing make
/// pictures of another size, and are layers of a model alone.)
class ImageAugmentation {
 public:
  template <class... L>
  requires((std::is_base_of_v<detail::RandomImageLayer<L>, L>)&&...) explicit ImageAugmentation(L... layers) {
    (changes_.push_back({std::make_shared<const L>(std::move(layers)), &L::draw_of}), ...);
  }

  template <class T>
  void operator()(Sample<T>& sample) const {
    TensorView<T>& picture = sample.features[0];
    const Shape& shape = picture.extents();
    if (shape.rank() != 3) fail(shape);
    const kernels::ImageSize size{shape[0], shape[1], shape[2]};
    const auto elements = static_cast<std::size_t>(size.elements());
    thread_local std::vector<T> memory;  // of the largest pictures so far
    const std::size_t needed = elements + static_cast<std::size_t>(kernels::image_change_scratch(size));
    if (memory.size() < needed) memory.resize(needed);
    std::uint64_t first = 0;
    for (const Change& change : changes_) {
      const kernels::ImageChange drawn = change.draw(change.layer.get(), {size, sample.random, first});
      first += std::uint64_t{1} << 48;
      if (drawn.kind == kernels::ImageChange::Kind::none && !drawn.clips) continue;
      kernels::change_image(drawn, size, static_cast<const T*>(picture.elements()), memory.data(),
                            memory.data() + elements);
      std::copy_n(memory.data(), elements, picture.elements());
    }
  }

 private:
  struct Change {
    std::shared_ptr<const void> layer;
    detail::DrawChange draw;
  };

  [[noreturn, gnu::cold]] static void fail(const Shape& shape) {
    throw ShapeError(text("augment: expected pictures (height, width, channels), got ", shape));
  }

  List<Change> changes_;
};

}  // namespace nacre
