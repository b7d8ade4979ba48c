#pragma once
// Zip archives, read only: PKWARE's APPNOTE.TXT 6.3.10, stored and deflated entries, zip64.

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/types.h>
#include <unistd.h>

#if defined(NACRE_HAVE_ZLIB)
#include <zlib.h>
#endif

#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/datasets/byte_reader.hpp>
#include <nacre/datasets/gzip.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

/// The checksum of zip and gzip (polynomial 0xEDB88320), going on from that of the bytes before.
inline std::uint32_t crc32_of(const std::uint8_t* bytes, std::size_t size, std::uint32_t before) {
  static constexpr auto table = [] {
    std::array<std::uint32_t, 256> made{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? value >> 1 ^ 0xEDB88320u : value >> 1;
      made[i] = value;
    }
    return made;
  }();
  std::uint32_t crc = ~before;
  for (std::size_t i = 0; i < size; ++i) crc = table[(crc ^ bytes[i]) & 0xFF] ^ crc >> 8;
  return ~crc;
}

/// What an archive says of one of its files.
struct ZipEntry {
  std::string name;
  std::uint16_t method = 0;  ///< 0 stored, 8 deflated
  std::uint32_t crc = 0;
  std::uint64_t packed = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;  ///< of its local header
};

/// A zip file and the list of its entries.
class ZipArchive {
 public:
  /// Throws FileError where the file cannot be read, FormatError where it is no archive.
  [[gnu::cold]] explicit ZipArchive(const std::filesystem::path& path) : name_(path.string()) {
    std::error_code error;
    require<FileError>(std::filesystem::exists(path, error), name_, ": no such file");
    require<FileError>(std::filesystem::is_regular_file(path, error), name_,
                       ": expected a file, found a folder or device");
    errno = 0;
    file_.reset(std::fopen(path.c_str(), "rbe"));
    require<FileError>(file_ != nullptr, name_, ": could not be opened: ", std::generic_category().message(errno));
    size_ = std::filesystem::file_size(path, error);
    require<FileError>(!error, name_, ": could not be read");
    read_directory();
  }

  const std::string& name() const { return name_; }
  const List<ZipEntry>& entries() const { return entries_; }

  /// Reads bytes from a place in the file. Throws FormatError where they are not there.
  void read_at(std::uint64_t offset, std::uint8_t* out, std::size_t size) const {
    require<FormatError>(offset <= size_ && size <= size_ - offset, name_, ": expected ", size, " bytes at ", offset,
                         ", found a file of ", size_, "; is it cut off?");
    for (std::size_t done = 0; done < size;) {  // without a position, so that threads may read at once
      const ::ssize_t found = ::pread(::fileno(file_.get()), out + done, std::min(size - done, std::size_t{1} << 30),
                                      static_cast<::off_t>(offset + done));
      if (found < 0 && errno == EINTR) continue;
      require<FileError>(found > 0, name_, ": could not be read");
      done += static_cast<std::size_t>(found);
    }
  }

  /// Where the bytes of an entry begin. Throws FormatError where they do not lie within the file.
  std::uint64_t begin_of(const ZipEntry& entry) const {
    std::uint8_t header[30];
    read_at(entry.offset, header, sizeof header);
    require<FormatError>(number(header, 4) == 0x04034B50, name_, ": expected the header of \"", entry.name, "\" at ",
                         entry.offset, ", found something else");
    const std::uint64_t begin = entry.offset + 30 + number(header + 26, 2) + number(header + 28, 2);
    require<FormatError>(begin <= size_ && entry.packed <= size_ - begin, name_, ": expected ", entry.packed,
                         " bytes of \"", entry.name, "\", found the end of the file");
    return begin;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  static std::uint64_t number(const std::uint8_t* bytes, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value |= std::uint64_t{bytes[i]} << (8 * i);
    return value;
  }

  /// Finds the end of the directory, which only a comment may follow, and reads the directory.
  [[gnu::cold]] void read_directory() {
    constexpr std::uint64_t record = 22;
    const std::uint64_t tail = std::min<std::uint64_t>(size_, record + 65535);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(tail));
    if (tail > 0) read_at(size_ - tail, bytes.data(), bytes.size());
    std::size_t end = bytes.size();
    for (std::size_t place = bytes.size() < record ? 0 : bytes.size() - record + 1; place-- > 0;) {
      if (number(&bytes[place], 4) != 0x06054B50 || place + record + number(&bytes[place + 20], 2) != tail) continue;
      end = place;
      break;
    }
    require<FormatError>(end < bytes.size(), name_,
                         ": expected a zip archive, as numpy.savez writes it, found something else");
    std::uint64_t count = number(&bytes[end + 10], 2);
    std::uint64_t size = number(&bytes[end + 12], 4);
    std::uint64_t offset = number(&bytes[end + 16], 4);
    const std::uint64_t end_offset = size_ - tail + end;
    if ((count == 0xFFFF || size == 0xFFFFFFFF || offset == 0xFFFFFFFF) && end_offset >= 20) {
      std::uint8_t locator[20];
      read_at(end_offset - 20, locator, sizeof locator);
      if (number(locator, 4) == 0x07064B50) {
        std::uint8_t large[56];
        read_at(number(locator + 8, 8), large, sizeof large);
        require<FormatError>(number(large, 4) == 0x06064B50, name_,
                             ": expected a zip64 directory, found something else");
        count = number(large + 32, 8);
        size = number(large + 40, 8);
        offset = number(large + 48, 8);
      }
    }
    require<FormatError>(offset <= size_ && size <= size_ - offset && count <= size / 46, name_,
                         ": expected a directory of ", count, " entries, found ", size, " bytes at ", offset,
                         " in a file of ", size_);
    std::vector<std::uint8_t> directory(static_cast<std::size_t>(size));
    if (size > 0) read_at(offset, directory.data(), directory.size());
    read_entries(directory, count);
  }

  [[gnu::cold]] void read_entries(const std::vector<std::uint8_t>& directory, std::uint64_t count) {
    std::size_t place = 0;
    const auto require_bytes = [&](std::size_t bytes) {
      require<FormatError>(bytes <= directory.size() - place, name_, ": expected ", count,
                           " entries in its directory, found its end after ", entries_.size());
    };
    for (std::uint64_t i = 0; i < count; ++i) {
      require_bytes(46);
      const std::uint8_t* header = &directory[place];
      require<FormatError>(number(header, 4) == 0x02014B50, name_, ": expected entry ", i,
                           " of its directory, found something else");
      const auto name_size = static_cast<std::size_t>(number(header + 28, 2));
      const auto extra_size = static_cast<std::size_t>(number(header + 30, 2));
      const auto comment_size = static_cast<std::size_t>(number(header + 32, 2));
      require_bytes(46 + name_size + extra_size + comment_size);
      ZipEntry entry;
      entry.name.assign(reinterpret_cast<const char*>(header + 46), name_size);
      require<FormatError>((number(header + 8, 2) & 1) == 0, name_, ": \"", entry.name,
                           "\": expected an entry that is not encrypted");
      entry.method = static_cast<std::uint16_t>(number(header + 10, 2));
      entry.crc = static_cast<std::uint32_t>(number(header + 16, 4));
      entry.packed = number(header + 20, 4);
      entry.size = number(header + 24, 4);
      entry.offset = number(header + 42, 4);
      read_large(entry, header + 46 + name_size, extra_size);
      place += 46 + name_size + extra_size + comment_size;
      entries_.push_back(std::move(entry));
    }
  }

  /// Sizes beyond 32 bits stand in an extra field, those that do not fit in this order.
  [[gnu::cold]] void read_large(ZipEntry& entry, const std::uint8_t* extra, std::size_t size) {
    for (std::size_t place = 0; place + 4 <= size;) {
      const std::size_t field = static_cast<std::size_t>(number(extra + place + 2, 2));
      if (field > size - place - 4) return;
      if (number(extra + place, 2) == 1) {
        std::size_t next = place + 4;
        for (std::uint64_t* value : {&entry.size, &entry.packed, &entry.offset}) {
          if (*value != 0xFFFFFFFF) continue;
          require<FormatError>(next + 8 <= place + 4 + field, name_, ": \"", entry.name,
                               "\": expected sizes of 64 bits, found none");
          *value = number(extra + next, 8);
          next += 8;
        }
      }
      place += 4 + field;
    }
  }

  std::string name_;
  std::unique_ptr<std::FILE, Close> file_;
  std::uint64_t size_ = 0;
  List<ZipEntry> entries_;
};

/// Reads the bytes of an entry, unpacked.
class ZipBytes final : public ByteReader {
 public:
  /// Throws FormatError for an entry that cannot be read.
  [[gnu::cold]] ZipBytes(const ZipArchive& archive, const ZipEntry& entry)
      : archive_(archive),
        entry_(entry),
        name_(text(archive.name(), ": \"", entry.name, "\"")),
        place_(archive.begin_of(entry)),
        packed_left_(entry.packed) {
    require<FormatError>(entry.method == 0 || entry.method == 8, name_,
                         ": expected a stored or deflated entry, found method ", entry.method);
    require<FormatError>(
        entry.method == 8 ? entry.size <= entry.packed * gzip_largest_ratio : entry.size == entry.packed, name_,
        ": expected ", entry.size, " bytes, found ", entry.packed, ", which cannot hold as many");
#if defined(NACRE_HAVE_ZLIB)
    if (entry.method == 8 && inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
#else
    require<FormatError>(entry.method == 0, name_,
                         ": expected a stored entry, found a deflated one, and this program was built without zlib; "
                         "build with -DNACRE_WITH_ZLIB=ON, or write the file with numpy.savez");
#endif
  }
  ZipBytes(const ZipBytes&) = delete;
  ZipBytes& operator=(const ZipBytes&) = delete;
  ~ZipBytes() override {
#if defined(NACRE_HAVE_ZLIB)
    if (entry_.method == 8) inflateEnd(&stream_);
#endif
  }

  const std::string& name() const override { return name_; }
  std::uint64_t most() const override { return entry_.size; }
  bool exact() const override { return true; }

  /// Throws FormatError for broken data; at the end, for a checksum that differs.
  std::size_t read(std::uint8_t* out, std::size_t size) override {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size, entry_.size - given_));
    if (wanted > 0) {
      if (entry_.method == 0) {
        archive_.read_at(place_, out, wanted);
        place_ += wanted;
      } else {
        inflate_to(out, wanted);
      }
      given_ += wanted;
      crc_ = crc32_of(out, wanted, crc_);
    }
    require<FormatError>(given_ < entry_.size || crc_ == entry_.crc, name_,
                         ": expected data of another checksum; the file is damaged");
    return wanted;
  }

 private:
#if defined(NACRE_HAVE_ZLIB)
  void inflate_to(std::uint8_t* out, std::size_t size) {
    constexpr std::size_t largest_part = std::size_t{1} << 30;
    for (std::size_t done = 0; done < size;) {
      if (stream_.avail_in == 0 && packed_left_ > 0) {
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(packed_left_, std::uint64_t{1} << 16));
        input_.resize(part);
        archive_.read_at(place_, input_.data(), part);
        place_ += part;
        packed_left_ -= part;
        stream_.next_in = input_.data();
        stream_.avail_in = static_cast<uInt>(part);
      }
      const std::size_t part = std::min(size - done, largest_part);
      stream_.next_out = out + done;
      stream_.avail_out = static_cast<uInt>(part);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      done += part - stream_.avail_out;
      if (result == Z_MEM_ERROR) throw std::bad_alloc();
      require<FormatError>(result == Z_OK || (result == Z_STREAM_END && done == size), name_, ": expected ",
                           entry_.size, " bytes, found a deflate stream that is ",
                           result == Z_STREAM_END || result == Z_BUF_ERROR ? "too short" : "broken");
    }
  }

  z_stream stream_{};
  std::vector<std::uint8_t> input_;
#else
  void inflate_to(std::uint8_t*, std::size_t) {}
#endif

  const ZipArchive& archive_;
  const ZipEntry& entry_;
  std::string name_;
  std::uint64_t place_;
  std::uint64_t packed_left_;
  std::uint64_t given_ = 0;
  std::uint32_t crc_ = 0;
};

}  // namespace nacre::datasets::detail
