#pragma once
// How large a picture may be.

#include <cstdint>
#include <string>

#include <nacre/core/error.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

/// Throws ValueError, in the name of the file, for a picture of more than `max_pixels`, FormatError for one without
/// any.
inline void require_size(std::int64_t width, std::int64_t height, const std::string& name, std::int64_t max_pixels) {
  require<FormatError>(width > 0 && height > 0, name, ": expected a picture, found one of ", width, " x ", height,
                       " pixels");
  require<ValueError>(width <= max_pixels / height, name, ": expected at most ", max_pixels, " pixels, found ", width,
                      " x ", height, "; make the picture smaller, or raise max_pixels");
}

}  // namespace nacre::datasets::detail
