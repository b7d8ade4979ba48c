// Tables and lines of text files.

#include <nacre/datasets/csv.hpp>
#include <nacre/datasets/text_lines.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "callbacks/comma_locale.hpp"
#include "catch.hpp"
#include "datasets/idx_files.hpp"

using namespace nacre;
using namespace nacre::testing;
using datasets::csv_from_text;
using datasets::Table;

namespace {

Bytes bytes_of(const std::string& text) { return Bytes(text.begin(), text.end()); }

}  // namespace

TEST_CASE("csv finds columns of numbers and of categories") {
  const Table table = csv_from_text(
      "length,species,width,code\n"
      "1.5,setosa, 2 ,7\n"
      "-3e2,virginica,,8\r\n"
      "\n"
      "+4,setosa,NA,7\n"
      ".25,,1,NaN");
  CHECK(table.rows() == 4);
  CHECK(table.names() == std::vector<std::string>{"length", "species", "width", "code"});
  CHECK(table.contains("width"));
  CHECK_FALSE(table.contains("height"));
  CHECK(table.numbers("length") == std::vector<double>{1.5, -300, 4, 0.25});
  CHECK(table.is_category("species"));
  CHECK(table.categories("species") == std::vector<std::string>{"setosa", "virginica"});
  CHECK(table.codes("species") == std::vector<std::int32_t>{0, 1, 0, -1});
  CHECK(table.texts("species") == std::vector<std::string>{"setosa", "virginica", "setosa", ""});
  CHECK(table.missing("species") == 1);
  CHECK(table.missing("width") == 2);
  CHECK(std::isnan(table.numbers("width")[1]));
  CHECK(table.fill_missing("width", 9).numbers("width") == std::vector<double>{2, 9, 9, 1});
  CHECK(table.drop_missing().rows() == 1);
  CHECK(table.drop_missing({"species"}).numbers("code")[1] == 8);
  CHECK(table.drop_missing({"width"}).missing("code") == 1);
}

TEST_CASE("a table's columns become features and targets") {
  const Table table = csv_from_text("a,b,c\n1,x,z\n2,y,y\n3,x,x\n");
  const Dataset data = table.dataset({"b", "a"}, "c");
  CHECK(data.size() == 3);
  CHECK(data.feature_shape() == Shape{2});
  CHECK(data.sample(1)(0) == 1);
  CHECK(data.sample(1)(1) == 2);
  CHECK(data.label(0) == 2);
  CHECK(data.one_hot(3).target(1)(1) == 1);
  CHECK(table.column("a").shape() == Shape{});
  CHECK_THROWS_WITH(csv_from_text("a,c\n1,x\n2,\n").dataset({"a"}, "c"),
                    "Table: expected a target in each row, but \"c\" lacks 1; call drop_missing({\"c\"}) before");
}

TEST_CASE("csv takes quotes, other separators, no header, some columns and forced categories") {
  const Table quoted = csv_from_text("\"a, or b\",\"say \"\"x\"\"\"\n\"two\nlines\",\"3\"\n");
  CHECK(quoted.names() == std::vector<std::string>{"a, or b", "say \"x\""});
  CHECK(quoted.texts("a, or b")[0] == "two\nlines");
  CHECK(quoted.numbers("say \"x\"")[0] == 3);
  const Table plain = csv_from_text("1;2\n3;4\n", {.separator = ';', .header = false});
  CHECK(plain.names() == std::vector<std::string>{"0", "1"});
  CHECK(plain.numbers("1") == std::vector<double>{2, 4});
  const Table some = csv_from_text("written by hand\na\tb\tc\n1\t10115\t3\n",
                                   {.separator = '\t', .columns = {"c", "b"}, .categories = {"b"}, .skip_rows = 1});
  CHECK(some.names() == std::vector<std::string>{"c", "b"});
  CHECK(some.categories("b") == std::vector<std::string>{"10115"});
  CHECK(csv_from_text("\xEF\xBB\xBF"
                      "a\n1\n")
            .names()[0] == "a");
  CHECK(csv_from_text("a\n-\n2\n", {.missing_values = {"-"}}).missing("a") == 1);
  CHECK(csv_from_text("a,b\n").rows() == 0);
  CHECK(csv_from_text("a\n0x10\n").is_category("a"));
  CHECK(csv_from_text("a\ninf\n-infinity\n").numbers("a")[1] < 0);
}

TEST_CASE("numbers have points in any locale") {
  const CommaLocale comma;
  CHECK(csv_from_text("a\n1.5\n").numbers("a")[0] == 1.5);
}

TEST_CASE("csv refuses broken tables, naming the line") {
  CHECK_THROWS_WITH(csv_from_text("a,b\n1,2\n\n3\n", {}, "t.csv"), "t.csv: line 4: expected 2 fields, found 1");
  CHECK_THROWS_WITH(csv_from_text("a,b\n1,\"2\n3,4\n"),
                    "csv: line 2: expected a quoted field that ends, found the end of the file");
  CHECK_THROWS_WITH(csv_from_text("a,b\n1,\"2\"3\n"),
                    "csv: line 2: expected a separator or the end of the line behind a quoted field, found \"3\"; a "
                    "quote within a field is written twice");
  CHECK_THROWS_WITH(csv_from_text(""), "csv: expected a header, found nothing");
  CHECK_THROWS_WITH(csv_from_text("a,b,a\n"), "csv: expected columns of different names, found \"a\" twice");
  CHECK_THROWS_WITH(csv_from_text("a,b\n", {.columns = {"c"}}), "csv: expected columns among a, b, got \"c\"");
  CHECK_THROWS_AS(csv_from_text("a\n", {.separator = '"'}), ValueError);
  const Table table = csv_from_text("a,b\n1,x\n");
  CHECK_THROWS_WITH(table.numbers("b"),
                    "Table: expected a column of numbers, got \"b\", which has 1 categories, such as \"x\"");
  CHECK_THROWS_WITH(table.categories("a"),
                    "Table: expected a column of categories, got \"a\", which has numbers; name it "
                    "in .categories where it is read");
  CHECK_THROWS_WITH(table.missing("c"), "Table: expected one of a, b, got \"c\"");
  CHECK_THROWS_AS(table.features({}), ValueError);
}

TEST_CASE("csv and text_lines read files, gzipped ones, too, and refuse large ones") {
  const TemporaryFolder folder;
  const auto path = folder.write("t.csv", bytes_of("a\n1\n2\n"));
  CHECK(datasets::csv(path).rows() == 2);
  CHECK_THROWS_AS(datasets::csv(path, {.max_bytes = 5}), FileError);
  CHECK_THROWS_AS(datasets::csv(folder.path() / "none.csv"), FileError);
  CHECK(datasets::text_lines(path) == std::vector<std::string>{"a", "1", "2"});
  const auto lines = folder.write("lines", bytes_of("\xEF\xBB\xBF"
                                                    "one\r\n\ntwo"));
  CHECK(datasets::text_lines(lines) == std::vector<std::string>{"one", "", "two"});
  CHECK(datasets::text_lines(lines, {.skip_empty = true}) == std::vector<std::string>{"one", "two"});
  CHECK(datasets::text_lines(folder.write("empty", {})).empty());
  CHECK_THROWS_AS(datasets::text_lines(lines, {.max_bytes = 3}), FileError);
#if defined(NACRE_HAVE_ZLIB)
  CHECK(datasets::csv(folder.write("t.csv.gz", gzipped(bytes_of("a\n1\n2\n")))).rows() == 2);
#endif
}
