// StringLookup and TextVectorization, with the examples of Keras' documentation.

#include <nacre/data/dataset.hpp>
#include <nacre/data/string_lookup.hpp>
#include <nacre/data/text_vectorization.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace nacre;

namespace {

std::vector<double> values(const Column& column) {
  std::vector<double> found;
  for (std::int64_t sample = 0; sample < column.count(); ++sample) {
    for (std::int64_t i = 0; i < column.sample_size(); ++i) found.push_back(column.value(sample, i));
  }
  return found;
}

using Words = std::vector<std::string>;
using Samples = std::vector<Words>;
using Numbers = std::vector<double>;

}  // namespace

TEST_CASE("StringLookup gives the indices of Keras") {
  const StringLookup plain({.vocabulary = {"a", "b", "c", "d"}});
  const Column found = plain(Samples{{"a", "c", "d"}, {"d", "z", "b"}});
  CHECK(found.shape() == Shape{3});
  CHECK(found.stored_type() == "int32");
  CHECK(values(found) == Numbers{1, 3, 4, 4, 0, 2});
  CHECK(plain(Words{"b", "z"}).shape() == Shape{});
  CHECK(plain.vocabulary() == Words{"[UNK]", "a", "b", "c", "d"});
  CHECK(plain.words({1, 0, 4, 9}) == Words{"a", "[UNK]", "d", "[UNK]"});
  const StringLookup several({.num_oov_indices = 2, .vocabulary = {"a", "b", "c", "d"}});
  CHECK(values(several(Samples{{"a", "c", "d"}, {"m", "z", "b"}})) == Numbers{2, 4, 5, 0, 1, 3});
  const StringLookup masked({.mask_token = "", .vocabulary = {"a"}});
  CHECK(values(masked(Words{"", "a", "b"})) == Numbers{0, 2, 1});
}

TEST_CASE("StringLookup learns its vocabulary, the most frequent words first") {
  StringLookup lookup;
  CHECK_THROWS_AS(lookup(Words{"a"}), StateError);
  lookup.adapt(Samples{{"a", "c", "d"}, {"d", "z", "b"}});
  CHECK(lookup.vocabulary() == Words{"[UNK]", "d", "z", "c", "b", "a"});
  StringLookup small({.max_tokens = 3});
  small.adapt(Words{"x", "y", "y", "[UNK]"});
  CHECK(small.vocabulary() == Words{"[UNK]", "y", "x"});
}

TEST_CASE("StringLookup puts words out as rows") {
  const StringLookupOptions options{.vocabulary = {"a", "b", "c", "d"}};
  const auto with = [&](const std::string& mode) {
    StringLookupOptions changed = options;
    changed.output_mode = mode;
    return StringLookup(changed);
  };
  const Samples samples{{"a", "c", "d", "d"}, {"d", "z", "b", "z"}};
  CHECK(values(with("multi_hot")(samples)) == Numbers{0, 1, 0, 1, 1, 1, 0, 1, 0, 1});
  CHECK(values(with("count")(samples)) == Numbers{0, 1, 0, 1, 2, 2, 0, 1, 0, 1});
  CHECK(with("one_hot")(Words{"a", "b"}).shape() == Shape{5});
  CHECK(values(with("one_hot")(Words{"c"})) == Numbers{0, 0, 0, 1, 0});
  CHECK(with("one_hot")(samples).shape() == Shape{4, 5});
  StringLookupOptions weighed = options;
  weighed.output_mode = "tf_idf";
  weighed.idf_weights = {0.25, 0.75, 0.6, 0.4};
  const std::vector<double> found = values(StringLookup(weighed)(samples));
  const Numbers expected{0, 0.25, 0, 0.6, 0.8, 1.0, 0, 0.75, 0, 0.4};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(found[i] == Approx(expected[i]));
  CHECK(StringLookup({.max_tokens = 8, .vocabulary = {"a"}, .output_mode = "count", .pad_to_max_tokens = true})(
            Words{"a"})
            .shape() == Shape{8});
}

TEST_CASE("StringLookup refuses what does not go together") {
  CHECK_THROWS_AS(StringLookup({.vocabulary = {"a", "a"}}), ValueError);
  CHECK_THROWS_AS(StringLookup({.max_tokens = 1, .vocabulary = {"a"}}), ValueError);
  CHECK_THROWS_AS(StringLookup({.output_mode = "binary"}), ValueError);
  CHECK_THROWS_AS(StringLookup({.vocabulary = {"a"}, .idf_weights = {1}}), ValueError);
  CHECK_THROWS_WITH(StringLookup({.num_oov_indices = 0, .vocabulary = {"a"}})(Words{"b"}),
                    "StringLookup: expected a word of the vocabulary, got \"b\"; give num_oov_indices for others");
  CHECK_THROWS_AS(StringLookup({.vocabulary = {"a"}})(Samples{{"a"}, {"a", "a"}}), ShapeError);
}

TEST_CASE("TextVectorization cuts texts into words as Keras does") {
  const TextVectorization plain;
  CHECK(plain.tokens("  The quick,\tbrown FOX's \n") == Words{"the", "quick", "brown", "foxs"});
  CHECK(TextVectorization({.standardize = "none"}).tokens("A b!") == Words{"A", "b!"});
  CHECK(TextVectorization({.standardize = "lower"}).tokens("A b!") == Words{"a", "b!"});
  CHECK(TextVectorization({.standardize = "strip_punctuation"}).tokens("A-b!") == Words{"Ab"});
  CHECK(TextVectorization({.split = "character"}).tokens("aÄ b") == Words{"a", "Ä", " ", "b"});
  CHECK(TextVectorization({.split = "none"}).tokens("a b") == Words{"a b"});
  CHECK(TextVectorization({.ngrams = {2}}).tokens("a b c") == Words{"a", "b", "c", "a b", "b c"});
  CHECK(TextVectorization({.ngrams = {1, 3}}).tokens("a b c") == Words{"a", "b", "c", "a b c"});
  CHECK(plain.tokens("").empty());
}

TEST_CASE("TextVectorization gives indices, filled up with zeros or cut off") {
  TextVectorization vectorize({.max_tokens = 5000, .output_sequence_length = 4});
  CHECK_THROWS_AS(vectorize(Words{"foo"}), StateError);
  vectorize.adapt({"foo bar", "bar baz", "baz bada boom"});
  CHECK(vectorize.vocabulary() == Words{"", "[UNK]", "baz", "bar", "foo", "boom", "bada"});
  const Column found = vectorize({"foo qux bar", "qux baz"});
  CHECK(found.shape() == Shape{4});
  CHECK(values(found) == Numbers{4, 1, 3, 0, 1, 2, 0, 0});
  TextVectorization free({.vocabulary = {"a", "b"}});
  CHECK(values(free({"a b a", "b"})) == Numbers{2, 3, 2, 3, 0, 0});
  CHECK(values(TextVectorization({.output_sequence_length = 1, .vocabulary = {"a", "b"}})({"b a"})) == Numbers{3});
  CHECK(Dataset(free({"a", "b"}), std::vector<int>{0, 1}).sample(1)(0) == 3);
}

TEST_CASE("TextVectorization counts words") {
  TextVectorization counts({.output_mode = "count"});
  counts.adapt({"a b", "b c"});
  CHECK(counts.vocabulary() == Words{"[UNK]", "b", "c", "a"});
  CHECK(values(counts({"b b x", ""})) == Numbers{1, 2, 0, 0, 0, 0, 0, 0});
  TextVectorization weighed({.output_mode = "tf_idf"});
  weighed.adapt({"a b", "b c"});
  const double often = std::log(1 + 2.0 / 3);
  const double seldom = std::log(1 + 2.0 / 2);
  const std::vector<double> found = values(weighed({"b b x"}));
  CHECK(found[1] == Approx(2 * often));
  CHECK(found[0] == Approx((often + 2 * seldom) / 3));
  CHECK(values(TextVectorization({.output_mode = "multi_hot", .vocabulary = {"a"}})({"a a"})) == Numbers{0, 1});
  CHECK_THROWS_AS(TextVectorization({.standardize = "upper"}), ValueError);
  CHECK_THROWS_AS(TextVectorization({.output_mode = "count", .output_sequence_length = 3}), ValueError);
  CHECK_THROWS_AS(TextVectorization({.ngrams = {0}}), ValueError);
}
