#include <nacre/saving/safetensors.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "catch.hpp"
#include "saving_testing.hpp"

using namespace nacre;

namespace {

/// A file with that header and that data, without any sense being made of them.
std::string file_of(const std::string& header, const std::string& data = "") {
  std::string length(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<char>(header.size() >> (8 * i) & 0xFF);
  return length + header + data;
}

/// What the reader says about a file of that content.
std::string complaint(const std::string& content) {
  const TemporaryFolder folder;
  const auto path = folder / "file";
  write_file(path, content);
  try {
    SafetensorsReader reader(path);
  } catch (const FormatError& error) {
    const std::string message = error.what();
    REQUIRE_THAT(message, StartsWith(path.string() + ": "));
    return message.substr(path.string().size() + 2);
  }
  return "";
}

}  // namespace

TEST_CASE("a safetensors file has the layout of the format") {
  const TemporaryFolder folder;
  const std::array<float, 2> a{1.0f, -2.0f};
  const double b = 0.5;
  write_safetensors(folder / "file", {{"format", "test"}}, {{"a", {2, 1}, a.data()}, {"b", {}, &b}});
  const std::string header =
      R"({"__metadata__":{"format":"test"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
      R"("b":{"dtype":"F64","shape":[],"data_offsets":[8,16]}})";
  const std::size_t padded = (header.size() + 7) / 8 * 8;
  const std::string data("\0\0\x80\x3f\0\0\0\xc0\0\0\0\0\0\0\xe0\x3f", 16);
  REQUIRE(read_file(folder / "file") == file_of(header + std::string(padded - header.size(), ' '), data));
}

TEST_CASE("tensors and texts come back from a safetensors file") {
  const TemporaryFolder folder;
  const auto a = random_numbers<float>({3, 5});
  const auto b = random_numbers<double>({7000});
  const std::map<std::string, std::string> metadata{{"one", "{\"json\": true}"}, {"two", ""}};
  write_safetensors(folder / "file", metadata,
                    {{"a/kernel", {3, 5}, a.data()}, {"nothing", {0, 4}, a.data()}, {"b", {7000}, b.data()}});

  SafetensorsReader reader(folder / "file");
  REQUIRE(reader.metadata() == metadata);
  REQUIRE(reader.tensors().size() == 3);
  REQUIRE(reader.tensors().at("a/kernel").shape == Shape{3, 5});
  REQUIRE(reader.tensors().at("nothing").shape == Shape{0, 4});
  xt::xarray<float> a_again = xt::zeros<float>({3, 5});
  reader.read("a/kernel", a_again.data());
  REQUIRE(same_bits(a_again, a));
  xt::xarray<double> b_again = xt::zeros<double>({7000});
  reader.read("b", b_again.data());
  REQUIRE(same_bits(b_again, b));

  SECTION("F32 and F64 are converted into each other") {
    xt::xarray<float> b_as_float = xt::zeros<float>({7000});
    reader.read("b", b_as_float.data());
    REQUIRE(same_bits(b_as_float, xt::xarray<float>(xt::cast<float>(b))));
    xt::xarray<double> a_as_double = xt::zeros<double>({3, 5});
    reader.read("a/kernel", a_as_double.data());
    REQUIRE(same_bits(a_as_double, xt::xarray<double>(xt::cast<double>(a))));
  }
  SECTION("a name that is not there is a ValueError") {
    REQUIRE_THROWS_AS(reader.read("c", a_again.data()), ValueError);
  }
}

TEST_CASE("two tensors of one name cannot be written") {
  const TemporaryFolder folder;
  const float value = 1;
  REQUIRE_THROWS_WITH(write_safetensors(folder / "file", {}, {{"a", {}, &value}, {"a", {}, &value}}),
                      EndsWith("expected tensors of different names, got \"a\" twice"));
  REQUIRE_THROWS_AS(write_safetensors(folder / "file", {}, {{"__metadata__", {}, &value}}), ValueError);
  REQUIRE_THROWS_AS(write_safetensors(folder / "file", {}, {{"\xff", {}, &value}}), ValueError);
  REQUIRE(folder.size() == 0);
}

TEST_CASE("other elements than F32 and F64 are known but not read") {
  const TemporaryFolder folder;
  write_file(folder / "file", file_of(R"({"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}})", "12345678"));
  SafetensorsReader reader(folder / "file");
  float value = 0;
  REQUIRE_THROWS_AS(reader.read("a", &value), FormatError);
  REQUIRE_THROWS_WITH(reader.read("a", &value), EndsWith("tensor \"a\": expected dtype F32 or F64, found I64"));
}

TEST_CASE("a file that is not there is a FileError") {
  const TemporaryFolder folder;
  REQUIRE_THROWS_AS(SafetensorsReader(folder / "file"), FileError);
  REQUIRE_THROWS_WITH(SafetensorsReader(folder / "file"), EndsWith("cannot be opened: No such file or directory"));
  REQUIRE_THROWS_AS(SafetensorsReader(folder.path()), FileError);
}

TEST_CASE("a wrong safetensors file is a FormatError that says what was expected and found") {
  const auto tensor = [](const std::string& members) { return file_of(R"({"a":{)" + members + "}}", "12345678"); };
  const std::string shape = R"("shape":[2],)";
  const std::string places = R"("data_offsets":[0,8])";

  REQUIRE(complaint(tensor(R"("dtype":"F32",)" + shape + places)).empty());
  REQUIRE(complaint("") == "expected a safetensors file of at least 8 bytes, found 0");
  REQUIRE_THAT(complaint("PK\x03\x04 some other file"), StartsWith("expected a header of at most 100000000 bytes"));
  REQUIRE_THAT(complaint(file_of("{}    ").substr(0, 12)), StartsWith("expected a header of 6 bytes, found 4"));
  REQUIRE_THAT(complaint(file_of("[]")), StartsWith("expected a header that begins with {"));
  REQUIRE_THAT(complaint(file_of("")), StartsWith("expected a header that begins with {"));
  REQUIRE_THAT(complaint(file_of("{\"a\"")), StartsWith("header: expected JSON"));
  REQUIRE_THAT(complaint(file_of(R"({"a":1})")), Equals("tensor \"a\": expected an object, found 1"));
  REQUIRE_THAT(complaint(file_of(R"({"a":{"b":1,"b":2}})")), ContainsSubstring("found \"b\" twice"));
  REQUIRE_THAT(complaint(file_of(R"({"__metadata__":[]})")), StartsWith("__metadata__: expected an object"));
  REQUIRE_THAT(complaint(file_of(R"({"__metadata__":{"a":1}})")),
               StartsWith("__metadata__ \"a\": expected a text, found 1"));
  REQUIRE_THAT(complaint(tensor(shape + places)), Equals("tensor \"a\": expected \"dtype\", found none"));
  REQUIRE_THAT(complaint(tensor(R"("dtype":"F33",)" + shape + places)), ContainsSubstring("found \"F33\""));
  REQUIRE_THAT(complaint(tensor(R"("dtype":32,)" + shape + places)), EndsWith("expected a text, found 32"));
  REQUIRE_THAT(complaint(tensor(R"("dtype":"F32","shape":2,)" + places)), EndsWith("expected a list, found 2"));
  REQUIRE_THAT(complaint(tensor(R"("dtype":"F32","shape":[2.0],)" + places)), EndsWith("of 0 or more, found 2"));
  REQUIRE_THAT(complaint(tensor(R"("dtype":"F32","shape":[-2],)" + places)), EndsWith("of 0 or more, found -2"));
  REQUIRE_THAT(complaint(tensor(R"("dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],)" + places)),
               ContainsSubstring("at most 8"));
  REQUIRE_THAT(complaint(tensor(R"("dtype":"F32","shape":[4611686018427387904,4],)" + places)),
               ContainsSubstring("expected fewer elements"));
  REQUIRE_THAT(complaint(tensor(R"("dtype":"F32","shape":[3],)" + places)),
               Equals("tensor \"a\": expected 12 bytes for F32 of shape (3,), found 8"));
  REQUIRE_THAT(complaint(tensor(R"("dtype":"F32",)" + shape + R"("data_offsets":[0])")),
               ContainsSubstring("a begin and an end"));
  REQUIRE_THAT(complaint(tensor(R"("dtype":"F32",)" + shape + R"("data_offsets":[8,0])")),
               ContainsSubstring("a begin and an end"));
  REQUIRE_THAT(complaint(tensor(R"("dtype":"F32",)" + shape + R"("data_offsets":[4,12])")),
               ContainsSubstring("must neither overlap nor leave gaps"));
  REQUIRE_THAT(complaint(tensor(R"("dtype":"F32",)" + shape + places) + "9"),
               EndsWith("there is something behind them"));
  REQUIRE_THAT(complaint(file_of(R"({"a":{"dtype":"F32",)" + shape + places + "}}", "1234567")),
               Equals("expected 8 bytes of tensors, found 7; the file was cut off"));
  const std::string two =
      R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":)";
  REQUIRE_THAT(complaint(file_of(two + "[1,3]}}", "123")),
               ContainsSubstring("tensor \"b\": expected data from byte 2 on"));
  REQUIRE(complaint(file_of(two + "[2,4]}}", "1234")).empty());
}

TEST_CASE("a caller may set how much of a safetensors header is read") {
  const TemporaryFolder folder;
  write_file(folder / "file", file_of(R"({"__metadata__":{"a":"","b":"","c":""}})"));
  REQUIRE(SafetensorsReader(folder / "file").metadata().size() == 3);
  REQUIRE_NOTHROW(SafetensorsReader(folder / "file", {.texts = 3}));
  REQUIRE_THROWS_AS(SafetensorsReader(folder / "file", {.texts = 2}), FormatError);
  REQUIRE_THROWS_WITH(SafetensorsReader(folder / "file", {.header_bytes = 10}),
                      ContainsSubstring("expected a header of at most 10 bytes, found "));

  // Texts of seven bytes each cost far more memory than they take in the file.
  std::string header = R"({"__metadata__":{"0":"")";
  for (int i = 1; i < 70000; ++i) header += ",\"" + std::to_string(i) + R"(":"")";
  REQUIRE_THAT(complaint(file_of(header + "}}")), ContainsSubstring("values, found more"));
}

TEST_CASE("names from a file do not reach the terminal as they are") {
  REQUIRE_THAT(complaint(file_of("{\"a\\u001b[2J\\u0000b\":1}")),
               Equals("tensor \"a\\x1b[2J\\x00b\": expected an object, found 1"));
}

TEST_CASE("a header names each tensor once and the metadata once") {
  REQUIRE_THAT(complaint(file_of(R"({"__metadata__":{},"__metadata__":{}})")),
               ContainsSubstring("\"__metadata__\" twice"));
  const std::string entry = R"({"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  REQUIRE_THAT(complaint(file_of("{\"a\":" + entry + ",\"a\":" + entry + "}")), ContainsSubstring("found \"a\" twice"));
}
