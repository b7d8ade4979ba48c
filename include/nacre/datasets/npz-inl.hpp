#pragma once
// The bodies of npz.hpp.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nacre/core/error.hpp>
#include <nacre/datasets/npy-inl.hpp>
#include <nacre/datasets/npz.hpp>
#include <nacre/datasets/zip.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets {

namespace detail {

/// The name of an array: that of its file without ".npy".
NACRE_SETUP std::string_view array_name(const ZipEntry& entry) {
  std::string_view name = entry.name;
  if (name.size() > 4 && name.substr(name.size() - 4) == ".npy") name.remove_suffix(4);
  return name;
}

}  // namespace detail

NACRE_SETUP Npz::Npz(const std::filesystem::path& path, const NpzOptions& options)
    : archive_(std::make_shared<const detail::ZipArchive>(path)), options_(options) {}

NACRE_SETUP std::vector<std::string> Npz::names() const {
  std::vector<std::string> found;
  for (const detail::ZipEntry& entry : archive_->entries()) found.emplace_back(detail::array_name(entry));
  return found;
}

NACRE_SETUP bool Npz::contains(std::string_view name) const {
  for (const detail::ZipEntry& entry : archive_->entries()) {
    if (detail::array_name(entry) == name) return true;
  }
  return false;
}

NACRE_SETUP Column Npz::operator[](std::string_view name) const {
  std::string known;
  for (const detail::ZipEntry& entry : archive_->entries()) {
    if (detail::array_name(entry) != name) {
      known.append(known.empty() ? "" : ", ").append(detail::array_name(entry));
      continue;
    }
    detail::ZipBytes bytes(*archive_, entry);
    return detail::read_npy(bytes, options_.max_bytes);
  }
  throw ValueError(
      text(archive_->name(), ": expected one of ", known.empty() ? "(no arrays)" : known, ", got \"", name, "\""));
}

}  // namespace nacre::datasets
