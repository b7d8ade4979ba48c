#pragma once
// Folders of pictures as data sets: Keras' image_dataset_from_directory.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/layers/spatial.hpp>
#include <nacre/pictures/image_file.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

/// How `image_folder` reads.
struct ImageFolderOptions {
  std::string label_mode = "int";          ///< "int": class numbers, "categorical": one-hot rows, "none": no targets
  std::vector<std::string> class_names{};  ///< folders to read, in this order; empty: all, sorted
  std::string color_mode = "rgb";          ///< "rgb", "grayscale" or "rgba"
  Size2D image_size{256, 256};             ///< of all pictures, after they were resized
  std::string interpolation = "bilinear";  ///< or "nearest"
  bool crop_to_aspect_ratio = false;       ///< cuts off what is too high or too wide, in place of distorting pictures
  bool pad_to_aspect_ratio = false;        ///< puts black around them instead
  double scale = 1;                        ///< a pixel's value, 0 to 255, is multiplied by it as a batch is gathered
  ReadImageOptions read{};                 ///< the largest files and pictures
  std::int64_t max_bytes = std::int64_t{1} << 32;  ///< that all pictures may take in memory
};

/// A folder's pictures with the names of their classes.
struct ImageFolder {
  Dataset data;
  std::vector<std::string> class_names;      ///< by class number
  std::vector<std::filesystem::path> files;  ///< of the samples, in their order
};

/// Reads a folder with a folder for each class, in which lie its pictures, PNG and JPEG files, also in folders of their
/// own. Samples are sorted by class and path; what is hidden (its name begins with a point) and other files are left
/// out. Pictures stay bytes in memory, (height, width, channels); transparent ones are laid on black where alpha is not
/// asked for. They are read on all cores.
///
///     const auto [data, names, files] = datasets::image_folder("flowers", {.image_size = {64, 64}});
///     auto [train, validation] = data.shuffled(1).split(0.8);
///
/// Throws FileError for a folder that is not there or has no pictures, or too many for `max_bytes`; ValueError for
/// options and for class names that are no folders; and what `read_image` throws.
ImageFolder image_folder(const std::filesystem::path& folder, const ImageFolderOptions& options = {});

}  // namespace nacre::datasets

#if NACRE_HEADER_ONLY
#include <nacre/pictures/image_folder-inl.hpp>
#endif
