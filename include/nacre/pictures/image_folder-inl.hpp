#pragma once
// The bodies of image_folder.hpp.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/thread_pool.hpp>
#include <nacre/core/words.hpp>
#include <nacre/kernels/resize.hpp>
#include <nacre/pictures/image_folder.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

namespace detail {

/// A picture's pixels with so many channels, in float: 1 grey, 3 coloured, 4 with alpha.
NACRE_SETUP std::vector<float> pixels_of(const Image& image, std::int64_t channels) {
  std::vector<float> pixels(static_cast<std::size_t>(image.height * image.width * channels));
  const bool has_alpha = image.channels == 2 || image.channels == 4;
  const bool is_grey = image.channels <= 2;
  for (std::int64_t i = 0; i < image.height * image.width; ++i) {
    const std::uint8_t* from = image.pixels.data() + i * image.channels;
    float* to = pixels.data() + i * channels;
    const float alpha = has_alpha ? static_cast<float>(from[image.channels - 1]) : 255.0f;
    const float share = channels == 4 ? 1.0f : alpha / 255.0f;  // laid on black, where alpha is not kept
    const float red = share * static_cast<float>(from[0]);
    const float green = is_grey ? red : share * static_cast<float>(from[1]);
    const float blue = is_grey ? red : share * static_cast<float>(from[2]);
    if (channels == 1) {
      to[0] = is_grey ? red : 0.299f * red + 0.587f * green + 0.114f * blue;  // luma of ITU-R BT.601
      continue;
    }
    to[0] = red;
    to[1] = green;
    to[2] = blue;
    if (channels == 4) to[3] = alpha;
  }
  return pixels;
}

/// The folders in a folder, or the pictures in it and its folders, sorted.
NACRE_SETUP std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder, bool pictures,
                                                           int depth = 0) {
  constexpr int deepest = 32;
  std::vector<std::filesystem::path> found;
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  require<FileError>(!error, folder.string(), ": could not be read: ", error ? error.message() : "");
  for (const auto& entry : entries) {
    const std::string name = entry.path().filename().string();
    if (name.empty() || name.front() == '.') continue;
    if (entry.is_directory(error)) {
      if (!pictures) {
        found.push_back(entry.path());
      } else if (depth < deepest) {
        for (auto& path : list_folder(entry.path(), true, depth + 1)) found.push_back(std::move(path));
      }
      continue;
    }
    std::string ending = entry.path().extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (pictures && (ending == ".png" || ending == ".jpg" || ending == ".jpeg")) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace detail

NACRE_SETUP ImageFolder image_folder(const std::filesystem::path& folder, const ImageFolderOptions& options) {
  require_one_of("image_folder", "label_mode", options.label_mode, {"int", "categorical", "none"});
  require_one_of("image_folder", "color_mode", options.color_mode, {"rgb", "grayscale", "rgba"});
  require_one_of("image_folder", "interpolation", options.interpolation, {"bilinear", "nearest"});
  options.image_size.validate("image_folder", "image_size");
  require<ValueError>(!options.crop_to_aspect_ratio || !options.pad_to_aspect_ratio,
                      "image_folder: expected crop_to_aspect_ratio or pad_to_aspect_ratio, got both");
  std::error_code error;
  require<FileError>(std::filesystem::is_directory(folder, error), folder.string(), ": expected a folder, found none");
  ImageFolder result;
  std::vector<std::filesystem::path> classes;
  if (options.class_names.empty()) {
    classes = detail::list_folder(folder, false);
    for (const auto& path : classes) result.class_names.push_back(path.filename().string());
  } else {
    result.class_names = options.class_names;
    for (const std::string& name : options.class_names) {
      classes.push_back(folder / name);
      require<ValueError>(std::filesystem::is_directory(classes.back(), error),
                          "image_folder: expected a folder for each class, found no ", classes.back().string());
    }
  }
  std::vector<std::int32_t> labels;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    for (auto& path : detail::list_folder(classes[c], true)) {
      result.files.push_back(std::move(path));
      labels.push_back(static_cast<std::int32_t>(c));
    }
  }
  require<FileError>(!result.files.empty(), folder.string(),
                     ": expected PNG or JPEG files in a folder for each class, found none");
  const auto count = static_cast<std::int64_t>(result.files.size());
  const std::int64_t channels = options.color_mode == "rgb" ? 3 : options.color_mode == "rgba" ? 4 : 1;
  const auto [height, width] = options.image_size;
  const Shape shape{height, width, channels};
  require_addressable(shape.with_batch(count));
  const std::int64_t size = shape.size();
  require<FileError>(size <= options.max_bytes / count, folder.string(), ": expected pictures of at most ",
                     options.max_bytes, " bytes in memory, found ", count, " of ", size,
                     "; make image_size smaller, or raise max_bytes");
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count * size));
  thread_pool()->run(count, [&](std::int64_t index, int) {
    const Image image = read_image(result.files[static_cast<std::size_t>(index)], options.read);
    const std::vector<float> from = detail::pixels_of(image, channels);
    kernels::Resize how = kernels::resize_frame(image.height, image.width, channels, height, width,
                                                options.crop_to_aspect_ratio, options.pad_to_aspect_ratio);
    how.nearest = options.interpolation == "nearest";
    std::vector<float> resized(static_cast<std::size_t>(size));
    kernels::resize(how, from.data(), resized.data());
    std::transform(resized.begin(), resized.end(), pixels.begin() + index * size,
                   [](float value) { return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L)); });
  });
  const Column features = Column(std::move(pixels), count, shape).with_scale(options.scale);
  if (options.label_mode == "none") {
    result.data = Dataset(features);
  } else {
    result.data = Dataset(features, Column(std::move(labels), count, Shape{}));
    if (options.label_mode == "categorical") {
      result.data = result.data.one_hot(static_cast<std::int64_t>(classes.size()));
    }
  }
  return result;
}

}  // namespace nacre::datasets
