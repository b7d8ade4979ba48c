// Arrays of NumPy: files made by hand, as numpy.save and numpy.savez write them.

#include <nacre/data/dataset.hpp>
#include <nacre/datasets/npy.hpp>
#include <nacre/datasets/npz.hpp>
#include <nacre/datasets/zip.hpp>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "datasets/idx_files.hpp"

using namespace nacre;
using namespace nacre::testing;

namespace {

template <class S>
Bytes bytes_of(const std::vector<S>& numbers) {
  Bytes bytes(numbers.size() * sizeof(S));
  if (!bytes.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

/// A file of numpy.save.
Bytes npy_bytes(const std::string& type, const std::string& shape, const Bytes& numbers, bool fortran = false,
                std::uint8_t version = 1) {
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': (" + shape + "), }";
  const std::size_t before = version == 1 ? 10 : 12;
  header.resize((before + header.size() + 64) / 64 * 64 - before, ' ');
  header.back() = '\n';
  Bytes bytes{0x93, 'N', 'U', 'M', 'P', 'Y', version, 0};
  for (std::size_t i = 0; i < before - 8; ++i) bytes.push_back(static_cast<std::uint8_t>(header.size() >> 8 * i));
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.insert(bytes.end(), numbers.begin(), numbers.end());
  return bytes;
}

void append(Bytes& bytes, std::uint64_t number, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(number >> 8 * i));
}

/// A zip archive: names and contents, stored or deflated, with sizes of 64 bits where asked for.
Bytes zip_bytes(const std::vector<std::pair<std::string, Bytes>>& files, bool deflated = false, bool large = false) {
  Bytes archive;
  Bytes directory;
  for (const auto& [name, content] : files) {
    Bytes packed = content;
#if defined(NACRE_HAVE_ZLIB)
    if (deflated) {
      packed.resize(content.size() + 100);
      z_stream stream{};
      deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
      stream.next_in = const_cast<Bytef*>(content.data());
      stream.avail_in = static_cast<uInt>(content.size());
      stream.next_out = packed.data();
      stream.avail_out = static_cast<uInt>(packed.size());
      deflate(&stream, Z_FINISH);
      packed.resize(stream.total_out);
      deflateEnd(&stream);
    }
#endif
    const std::uint32_t crc = datasets::detail::crc32_of(content.data(), content.size(), 0);
    const std::size_t offset = archive.size();
    for (const bool local : {true, false}) {
      Bytes& out = local ? archive : directory;
      append(out, local ? 0x04034B50 : 0x02014B50, 4);
      if (!local) append(out, 45, 2);
      append(out, 45, 2);
      append(out, 0, 2);
      append(out, deflated ? 8 : 0, 2);
      append(out, 0, 4);
      append(out, crc, 4);
      append(out, large ? 0xFFFFFFFF : packed.size(), 4);
      append(out, large ? 0xFFFFFFFF : content.size(), 4);
      append(out, name.size(), 2);
      append(out, large ? 20 : 0, 2);
      if (!local) {
        append(out, 0, 10);
        append(out, offset, 4);
      }
      out.insert(out.end(), name.begin(), name.end());
      if (!large) continue;
      append(out, 1, 2);
      append(out, 16, 2);
      append(out, content.size(), 8);
      append(out, packed.size(), 8);
    }
    archive.insert(archive.end(), packed.begin(), packed.end());
  }
  const std::size_t offset = archive.size();
  archive.insert(archive.end(), directory.begin(), directory.end());
  if (large) {
    append(archive, 0x06064B50, 4);
    append(archive, 44, 8);
    append(archive, 45, 4);
    append(archive, 0, 8);
    append(archive, files.size(), 8);
    append(archive, files.size(), 8);
    append(archive, directory.size(), 8);
    append(archive, offset, 8);
    append(archive, 0x07064B50, 4);
    append(archive, 0, 4);
    append(archive, offset + directory.size(), 8);
    append(archive, 1, 4);
  }
  append(archive, 0x06054B50, 4);
  append(archive, 0, 4);
  append(archive, large ? 0xFFFF : files.size(), 2);
  append(archive, large ? 0xFFFF : files.size(), 2);
  append(archive, large ? 0xFFFFFFFF : directory.size(), 4);
  append(archive, large ? 0xFFFFFFFF : offset, 4);
  append(archive, 0, 2);
  return archive;
}

std::vector<double> values(const Column& column) {
  std::vector<double> found;
  for (std::int64_t sample = 0; sample < column.count(); ++sample) {
    for (std::int64_t i = 0; i < column.sample_size(); ++i) found.push_back(column.value(sample, i));
  }
  return found;
}

template <class S>
void check_type(const std::string& type, const std::vector<S>& numbers, const std::string& stored_as) {
  INFO(type);
  const TemporaryFolder folder;
  const Column found =
      datasets::npy(folder.write("x.npy", npy_bytes(type, std::to_string(numbers.size()) + ",", bytes_of(numbers))));
  CHECK(found.stored_type() == stored_as);
  CHECK(values(found) == std::vector<double>(numbers.begin(), numbers.end()));
}

}  // namespace

TEST_CASE("npy reads all types of numbers") {
  check_type<std::int8_t>("|i1", {-128, 0, 127}, "int32");
  check_type<std::uint8_t>("|u1", {0, 255}, "uint8");
  check_type<std::int16_t>("<i2", {-32768, 32767}, "int32");
  check_type<std::uint16_t>("<u2", {0, 65535}, "int32");
  check_type<std::int32_t>("<i4", {-2147483647 - 1, 7}, "int32");
  check_type<std::uint32_t>("<u4", {1, 2147483647}, "int32");
  check_type<std::uint32_t>("<u4", {1, 4294967295u}, "float64");
  check_type<std::int64_t>("<i8", {-5, 5}, "int32");
  check_type<std::int64_t>("<i8", {-5, 5'000'000'000}, "float64");
  check_type<std::uint64_t>("<u8", {3, std::uint64_t{1} << 60}, "float64");
  check_type<float>("<f4", {-1.5f, 3.25f}, "float32");
  check_type<double>("<f8", {0.1, 1e300}, "float64");
  const TemporaryFolder folder;
  CHECK(values(datasets::npy(folder.write("b.npy", npy_bytes("|b1", "3,", {0, 1, 1})))) ==
        std::vector<double>{0, 1, 1});
  const std::vector<std::uint16_t> halves{0x3C00, 0xC000, 0x0001, 0x7BFF, 0x7C00, 0x8000, 0x3555};
  const Column half = datasets::npy(folder.write("h.npy", npy_bytes("<f2", "7,", bytes_of(halves))));
  CHECK(half.stored_type() == "float32");
  CHECK(values(half) ==
        std::vector<double>{1, -2, 0x1p-24, 65504, std::numeric_limits<double>::infinity(), 0, 0.333251953125});
}

TEST_CASE("npy reads versions 1 to 3, shapes, Fortran's order and gzipped files") {
  const TemporaryFolder folder;
  std::vector<float> numbers(24);
  for (std::size_t i = 0; i < 24; ++i) numbers[i] = static_cast<float>(i);
  for (const int version : {1, 2, 3}) {
    const Column found = datasets::npy(folder.write(
        "x.npy", npy_bytes("<f4", "2, 3, 4", bytes_of(numbers), false, static_cast<std::uint8_t>(version))));
    CHECK(found.count() == 2);
    CHECK(found.shape() == Shape{3, 4});
    CHECK(values(found) == std::vector<double>(numbers.begin(), numbers.end()));
  }
  const Column turned = datasets::npy(folder.write("f.npy", npy_bytes("<f4", "2, 3, 4", bytes_of(numbers), true)));
  const std::vector<std::int16_t> small(numbers.begin(), numbers.end());
  const Column converted = datasets::npy(folder.write("g.npy", npy_bytes("<i2", "2, 3, 4", bytes_of(small), true)));
  for (std::int64_t a = 0; a < 2; ++a)
    for (std::int64_t b = 0; b < 3; ++b)
      for (std::int64_t c = 0; c < 4; ++c) {
        CHECK(turned.value(a, 4 * b + c) == static_cast<double>(a + 2 * b + 6 * c));
        CHECK(converted.value(a, 4 * b + c) == static_cast<double>(a + 2 * b + 6 * c));
      }
#if defined(NACRE_HAVE_ZLIB)
  const Column unpacked = datasets::npy(folder.write("x.npy.gz", gzipped(npy_bytes("<f4", "24,", bytes_of(numbers)))));
  CHECK(values(unpacked).size() == 24);
#endif
}

TEST_CASE("a mapped array stays in its file") {
  const TemporaryFolder folder;
  const std::vector<double> numbers{1, 2, 3, 4, 5, 6};
  const auto path = folder.write("x.npy", npy_bytes("<f8", "3, 2", bytes_of(numbers)));
  const Column found = datasets::npy(path, {.mapped = true, .max_bytes = 1});
  CHECK(found.shape() == Shape{2});
  CHECK(values(found) == numbers);
  const Dataset data(found);
  CHECK(data.shuffled(1).sample(0).size() == 2);
  CHECK_THROWS_AS(
      datasets::npy(folder.write("f.npy", npy_bytes("<f8", "3, 2", bytes_of(numbers), true)), {.mapped = true}),
      ValueError);
  CHECK_THROWS_AS(datasets::npy(folder.write("i.npy", npy_bytes("<i8", "6,", bytes_of(numbers))), {.mapped = true}),
                  ValueError);
  CHECK_THROWS_AS(datasets::npy(folder.write("none.npy", {}), {.mapped = true}), FormatError);
  CHECK_THROWS_AS(datasets::npy(folder.path() / "missing.npy", {.mapped = true}), FileError);
  CHECK_THROWS_AS(datasets::npy(folder.path(), {.mapped = true}), FileError);
}

TEST_CASE("npy refuses files that are no arrays, or others than they say") {
  const TemporaryFolder folder;
  const Bytes numbers(16);
  const auto refused = [&](const Bytes& bytes, const std::string& why) {
    const auto path = folder.write("x.npy", bytes);
    CHECK_THROWS_AS(datasets::npy(path), FormatError);
    CHECK_THROWS_WITH(datasets::npy(path), path.string() + ": " + why);
    if (bytes.size() > 1) CHECK_THROWS_AS(datasets::npy(path, {.mapped = true}), Error);
  };
  refused({}, "expected an array as numpy.save writes it, found only 0 bytes");
  refused(Bytes(100), "expected an array as numpy.save writes it, found something else");
  refused(npy_bytes("<f4", "4,", numbers, false, 4), "expected version 1, 2 or 3 of the format, found 4");
  refused(npy_bytes(">f4", "4,", numbers),
          "expected numbers in little-endian order, found \">f4\"; save x.astype(x.dtype.newbyteorder('<'))");
  refused(npy_bytes("<c8", "2,", numbers),
          "expected bool, int8 to int64, uint8 to uint64, float16, float32 or float64, "
          "found \"<c8\"; convert it by astype before it is saved");
  refused(npy_bytes("<f4", "", numbers), "expected samples along the first axis, found a single number");
  refused(npy_bytes("<f4", "0, 4", numbers), "expected extents of 1 or more, found (0, 4)");
  refused(npy_bytes("<f4", "5,", numbers), "expected 20 bytes for (5,) of float32, found 16");
  refused(npy_bytes("<f4", "3,", numbers), "expected 12 bytes for (3,) of float32, found 16");
  refused(npy_bytes("<f4", "999999999999, 999999999999", numbers),
          "expected too many bytes for (999999999999, 999999999999) of float32, found 16");
  refused(npy_bytes("<f4", "1, 1, 1, 1, 1, 1, 1, 1, 4", numbers), "expected at most 8 dimensions, found more");
  Bytes cut = npy_bytes("<f4", "4,", numbers);
  cut.resize(40);
  refused(cut, "expected a header of 118 bytes, found the end of the file");
  CHECK_THROWS_AS(datasets::npy(folder.write("x.npy", npy_bytes("<f4", "4,", numbers)), {.max_bytes = 15}),
                  FormatError);
#if defined(NACRE_HAVE_ZLIB)
  const auto packed = folder.write("x.npy.gz", gzipped(npy_bytes("<f4", "400000000,", numbers)));
  CHECK_THROWS_AS(datasets::npy(packed), FormatError);
  CHECK_THROWS_AS(datasets::npy(packed, {.mapped = true}), FormatError);
#endif
}

TEST_CASE("npz reads the arrays of an archive, stored, deflated and with sizes of 64 bits") {
  const TemporaryFolder folder;
  std::vector<float> x(1000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 10);
  const std::vector<std::pair<std::string, Bytes>> files{{"x_train.npy", npy_bytes("<f4", "100, 10", bytes_of(x))},
                                                         {"y_train.npy", npy_bytes("|u1", "100,", Bytes(100, 3))},
                                                         {"name.npy", npy_bytes("<U5", "", Bytes(20))}};
  for (const bool deflated : {false, true}) {
#if !defined(NACRE_HAVE_ZLIB)
    if (deflated) continue;
#endif
    for (const bool large : {false, true}) {
      const datasets::Npz found(folder.write("all.npz", zip_bytes(files, deflated, large)));
      CHECK(found.names() == std::vector<std::string>{"x_train", "y_train", "name"});
      CHECK(found.contains("x_train"));
      CHECK_FALSE(found.contains("x_train.npy"));
      const Dataset data(found["x_train"], found["y_train"]);
      CHECK(data.feature_shape() == Shape{10});
      CHECK(data.sample(7)(4) == 4);
      CHECK(data.label(99) == 3);
      CHECK_THROWS_AS(found["name"], FormatError);
      CHECK_THROWS_WITH(found["z"],
                        folder.path().string() + "/all.npz: expected one of x_train, y_train, name, got \"z\"");
    }
  }
}

TEST_CASE("npz refuses archives that are damaged, at any byte of their structure") {
  const TemporaryFolder folder;
  const Bytes good = zip_bytes({{"x.npy", npy_bytes("<f4", "4,", Bytes(16))}});
  CHECK(datasets::Npz(folder.write("x.npz", good))["x"].count() == 4);
  Bytes damaged = good;
  damaged[good.size() - 22 - 51 - 1] = 1;  // the last number's last byte
  CHECK_THROWS_WITH(
      datasets::Npz(folder.write("x.npz", damaged))["x"],
      folder.path().string() + "/x.npz: \"x.npy\": expected data of another checksum; the file is damaged");
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK_THROWS_AS(
        datasets::Npz(folder.write("x.npz", Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)))),
        Error);
  }
  int refused = 0;
  for (std::size_t place = 0; place < good.size(); ++place) {
    for (const int change : {0x01, 0x80, 0xFF}) {
      Bytes changed = good;
      changed[place] = static_cast<std::uint8_t>(changed[place] ^ change);
      try {
        const datasets::Npz found(folder.write("x.npz", changed));
        if (found.contains("x")) static_cast<void>(found["x"]);
      } catch (const Error&) {
        ++refused;
      }
    }
  }
  CHECK(refused > 500);
  CHECK_THROWS_AS(datasets::Npz(folder.path() / "none.npz"), FileError);
}
