#pragma once
// RandomFlip: pictures mirrored at random.

#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/words.hpp>
#include <nacre/layers/random_image.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of RandomFlip.
struct RandomFlipOptions {
  std::string mode = "horizontal_and_vertical";  ///< or "horizontal", "vertical"
  std::string name{};
  void fields(Fields& list) {
    list("mode", mode);
    list("name", name);
  }
};

/// In training each picture is mirrored, with a probability of a half for each direction that `mode` names; else it
/// passes through. Input and output (batch, height, width, channels). What is drawn follows the model's seed.
struct RandomFlip : detail::RandomImageLayer<RandomFlip> {
  static constexpr std::string_view type_name = "RandomFlip";

  /// Throws ValueError for options outside their range.
  RandomFlip(RandomFlipOptions options = {});

  RandomFlipOptions options;
  void fields(Fields& list) { options.fields(list); }
  void validate() const {
    require_one_of(type_name, "mode", options.mode, {"horizontal", "vertical", "horizontal_and_vertical"});
  }

  kernels::ImageChange draw(const detail::ImageDraw& draw) const {
    kernels::ImageChange change;
    const bool across = options.mode != "vertical" && draw.uniform(0) < 0.5;
    const bool down = options.mode != "horizontal" && draw.uniform(1) < 0.5;
    if (!across && !down) return change;
    change.kind = kernels::ImageChange::Kind::transform;
    change.nearest = true;
    if (across) {
      change.matrix[0] = -1;
      change.matrix[2] = static_cast<double>(draw.size.width - 1);
    }
    if (down) {
      change.matrix[4] = -1;
      change.matrix[5] = static_cast<double>(draw.size.height - 1);
    }
    return change;
  }
};

inline RandomFlip::RandomFlip(RandomFlipOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
