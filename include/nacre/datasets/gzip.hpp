#pragma once
// Gzip streams (RFC 1952), unpacked as they are read. Needs zlib: without NACRE_HAVE_ZLIB they are refused in words.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <new>
#include <string>
#include <utility>
#include <vector>

#if defined(NACRE_HAVE_ZLIB)
#include <zlib.h>
#endif

#include <nacre/core/error.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::datasets::detail {

/// How many bytes a byte of a gzip stream unpacks to at most: a run of 258 in two bits (RFC 1951, 3.2.5).
inline constexpr std::uint64_t gzip_largest_ratio = 1032;

#if defined(NACRE_HAVE_ZLIB)

/// Unpacks the gzip members of a file, one after the other, with a buffer of fixed size. Their checksums are verified.
class GzipReader {
 public:
  /// `file` stands at the first byte of the first member and outlives the reader; `name` is what errors call it.
  GzipReader(std::FILE* file, std::string name) : file_(file), name_(std::move(name)), input_(input_size) {
    // 16 more than the largest window: a gzip header is expected, and its checksum is verified.
    if (inflateInit2(&stream_, MAX_WBITS + 16) != Z_OK) throw std::bad_alloc();
  }
  ~GzipReader() { inflateEnd(&stream_); }
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  /// Unpacks up to `size` bytes to `out` and returns how many there were: fewer only at the end of the file. Throws
  /// FormatError for a stream that is broken, cut off, or followed by something else.
  std::size_t read(std::uint8_t* out, std::size_t size) {
    std::size_t done = 0;
    while (done < size) {
      if (stream_.avail_in == 0) fill();
      if (member_ended_) {
        if (stream_.avail_in == 0) break;
        inflateReset(&stream_);
        member_ended_ = false;
        first_member_ = false;
      }
      const std::size_t part = std::min(size - done, largest_part);
      stream_.next_out = out + done;
      stream_.avail_out = static_cast<uInt>(part);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      done += part - stream_.avail_out;
      if (result == Z_STREAM_END) {
        member_ended_ = true;
      } else if (result != Z_OK) {
        fail(result);
      }
    }
    return done;
  }

 private:
  static constexpr std::size_t input_size = std::size_t{1} << 16;
  static constexpr std::size_t largest_part = std::size_t{1} << 30;  // zlib counts in 32 bits

  void fill() {
    const std::size_t found = std::fread(input_.data(), 1, input_.size(), file_);
    require<FileError>(std::ferror(file_) == 0, name_, ": could not be read");
    stream_.next_in = input_.data();
    stream_.avail_in = static_cast<uInt>(found);
  }

  [[noreturn]] void fail(int result) const {
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    require<FormatError>(first_member_ || stream_.total_out > 0, name_,
                         ": expected nothing after the gzip stream, found data that is no whole gzip stream");
    // zlib made no progress although there was room for output: the input is at its end.
    require<FormatError>(result != Z_BUF_ERROR, name_, ": expected a whole gzip stream, found one that is cut off");
    throw FormatError(text(name_, ": expected a valid gzip stream, found a broken one: ",
                           stream_.msg ? stream_.msg : "unknown compression"));
  }

  std::FILE* file_;
  std::string name_;
  std::vector<Bytef> input_;
  z_stream stream_{};
  bool member_ended_ = false;
  bool first_member_ = true;
};

#else

class GzipReader {
 public:
  GzipReader(std::FILE*, const std::string& name) {
    throw FormatError(name +
                      ": expected an uncompressed file, found a gzipped one, and this program was built without zlib; "
                      "build with -DNACRE_WITH_ZLIB=ON (without CMake: define NACRE_HAVE_ZLIB and link zlib), or "
                      "unpack the file with gunzip");
  }
  std::size_t read(std::uint8_t*, std::size_t) { return 0; }
};

#endif

}  // namespace nacre::datasets::detail
