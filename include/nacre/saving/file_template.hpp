#pragma once
// A file name with places for numbers: "model-{epoch:02d}-{val_loss:.2f}.safetensors".

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <nacre/callbacks/logs.hpp>
#include <nacre/core/error.hpp>
#include <nacre/core/list.hpp>
#include <nacre/core/number_text.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// A text with places for numbers in braces, as Python's str.format takes it: {name}, or
/// {name:[0][width][.digits][d|e|f|g]}; "{{" and "}}" stand for the braces themselves.
class FileTemplate {
 public:
  /// Throws ValueError for braces that do not match or a format that is not of that form.
  explicit FileTemplate(std::string pattern) : pattern_(std::move(pattern)) { parse(); }

  const std::string& pattern() const { return pattern_; }

  /// The text with a number in each place. Throws ValueError for a place whose name is not among `numbers`, and for the
  /// format d where the number is not whole.
  std::string fill(const Logs& numbers) const {
    std::string out;
    for (const Part& part : parts_) {
      if (!part.is_place) {
        out += part.content;
      } else if (const double* value = numbers.find(part.content)) {
        out += format(part, *value);
      } else {
        throw ValueError(
            text("\"", pattern_, "\": no number \"", part.content, "\" is known here; there are ", numbers.names()));
      }
    }
    return out;
  }

 private:
  struct Part {
    std::string content;  // a text, or a place's name
    bool is_place = false;
    bool zeros = false;  // fill up with zeros rather than spaces
    int width = 0;
    int digits = -1;
    char kind = 0;
  };

  void parse() {
    Part literal;
    for (std::size_t i = 0; i < pattern_.size(); ++i) {
      const char letter = pattern_[i];
      const bool doubled = i + 1 < pattern_.size() && pattern_[i + 1] == letter;
      if ((letter == '{' || letter == '}') && doubled) {
        literal.content += letter;
        ++i;
      } else if (letter == '{') {
        const std::size_t end = pattern_.find('}', i);
        require<ValueError>(end != std::string::npos, "\"", pattern_,
                            "\": expected } for each {; \"{{\" stands for a brace");
        parts_.push_back(std::exchange(literal, Part()));
        parts_.push_back(parse_place(std::string_view(pattern_).substr(i + 1, end - i - 1)));
        i = end;
      } else {
        require<ValueError>(letter != '}', "\"", pattern_, "\": expected { before each }; \"}}\" stands for a brace");
        literal.content += letter;
      }
    }
    parts_.push_back(std::move(literal));
  }

  Part parse_place(std::string_view place) const {
    Part part;
    part.is_place = true;
    const std::size_t colon = std::min(place.find(':'), place.size());
    part.content = place.substr(0, colon);
    std::string_view rest = place.substr(std::min(colon + 1, place.size()));
    const auto next_is = [&](std::string_view letters) {
      return !rest.empty() && letters.find(rest.front()) != std::string_view::npos;
    };
    const auto whole = [&] {
      int value = 0;
      // Three places are more than any name needs and keep the number small.
      for (int place_count = 0; place_count < 3 && next_is("0123456789"); ++place_count, rest.remove_prefix(1)) {
        value = value * 10 + (rest.front() - '0');
      }
      return value;
    };
    if (next_is("0")) part.zeros = true;
    part.width = whole();
    if (next_is(".")) {
      rest.remove_prefix(1);
      part.digits = next_is("0123456789") ? whole() : -2;
    }
    if (next_is("defg")) {
      part.kind = rest.front();
      rest.remove_prefix(1);
    }
    require<ValueError>(!part.content.empty() && rest.empty() && part.width <= 99 && part.digits >= -1 &&
                            part.digits <= 99 && !(part.kind == 'd' && part.digits >= 0),
                        "\"", pattern_, "\": expected {name} or {name:[0][width][.digits][d|e|f|g]}, got {", place,
                        "}");
    return part;
  }

  std::string format(const Part& part, double value) const {
    const bool is_whole = value == std::floor(value) && std::abs(value) < 1e15;
    require<ValueError>(part.kind != 'd' || is_whole, "\"", pattern_, "\": expected a whole number for ", part.content,
                        " in the format d, got ", value, "; use f");
    std::string result;
    if (part.kind == 'd' || (part.kind == 0 && part.digits < 0 && is_whole)) {
      result = std::to_string(static_cast<long long>(value));
    } else if (part.kind == 0 && part.digits < 0) {
      char digits[32];
      result.assign(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    } else {
      detail::append_number(result, value, part.kind == 0 ? 'g' : part.kind, part.digits < 0 ? 6 : part.digits);
    }
    const auto width = static_cast<std::size_t>(part.width);
    if (result.size() < width) {
      const std::size_t at = part.zeros && result.front() == '-' ? 1 : 0;
      result.insert(at, width - result.size(), part.zeros ? '0' : ' ');
    }
    return result;
  }

  std::string pattern_;
  List<Part> parts_;
};

}  // namespace nacre
