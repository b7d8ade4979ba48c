#pragma once
// Figure: what reports are made of: a chart, a grid of pixels, or a page, as the bytes of a file.

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/core/error.hpp>
#include <nacre/core/atomic_file.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

/// The bytes of a picture or a page, ready to be saved, sent or embedded.
class Figure {
 public:
  enum class Format { svg, png, html };

  Figure(Format format, std::string bytes) : format_(format), bytes_(std::move(bytes)) {}

  Format format() const { return format_; }

  /// What the file holds: text for SVG and HTML.
  const std::string& bytes() const { return bytes_; }

  /// "image/svg+xml", "image/png" or "text/html".
  std::string_view media_type() const {
    return format_ == Format::svg ? "image/svg+xml" : format_ == Format::png ? "image/png" : "text/html";
  }

  /// Writes the file, whole or not at all. Throws ValueError where `path` does not end as the format does (".svg",
  /// ".png", ".html"), FileError where it cannot be written.
  void save(const std::filesystem::path& path) const {
    const std::string_view extension = format_ == Format::svg ? ".svg" : format_ == Format::png ? ".png" : ".html";
    require<ValueError>(path.extension() == extension, "Figure: expected a file name that ends in ", extension,
                        ", as the figure's format does, got ", path.string());
    AtomicFile file(path);
    file.write(bytes_);
    file.commit();
  }

 private:
  Format format_;
  std::string bytes_;
};

}  // namespace nacre::reports
