#pragma once
// Config values as JSON text, and back.

#include <cstddef>
#include <string>
#include <string_view>

#include <nacre/core/compiled.hpp>
#include <nacre/core/config.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// How deep arrays and objects may be nested, and how many values a text may have: far more than any model
/// needs, and little enough for a bad file to cost neither the stack nor the memory (a value takes some 150 bytes).
inline constexpr std::size_t json_max_depth = 64;
inline constexpr std::size_t json_max_values = std::size_t{1} << 18;

/// What `from_json_text` refuses.
struct JsonLimits {
  std::size_t depth = json_max_depth;
  std::size_t values = json_max_values;
};

/// A value as JSON text in one line. A class becomes `{"class_name": "Dense", "config": {...}}`, as Keras has it, and a
/// Config without a class name a plain object. Doubles keep all their bits; those that JSON cannot say become
/// `{"float": "nan"}`, "inf" or "-inf". Throws ValueError for a text that is not UTF-8.
std::string to_json_text(const ConfigValue& value);

/// The value of a JSON text that `to_json_text` or another program wrote; `source` is named in errors. Throws
/// FormatError for what is not JSON, names a member twice, nests deeper or has more values than the limits say. A
/// template, as all that leads to it: the JSON library is expensive to compile, and only those who load pay for it.
template <class = void>
ConfigValue from_json_text(std::string_view json, std::string_view source, const JsonLimits& limits = {});

namespace detail {

/// Takes the members of an object one by one.
class JsonMembers {
 public:
  virtual void member(std::string name, ConfigValue value) = 0;

 protected:
  ~JsonMembers() = default;
};

/// Hands the members of the outermost object, which the text has to be, over as they are read, so that never more than
/// one of them is in memory. `limits.values` are those of one member. Members of one name are the taker's affair.
template <class = void>
void read_json_members(std::string_view json, std::string_view source, JsonMembers& taker,
                       const JsonLimits& limits = {});

/// The beginning of what was found, for messages.
std::string brief(std::string found);

/// The same for a value, put into words only if the message is needed.
struct BriefValue {
  const ConfigValue& found;
  std::string to_string() const { return brief(found.to_string()); }
};
inline BriefValue brief(const ConfigValue& found) { return {found}; }

}  // namespace detail
}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/saving/json-inl.hpp>
#endif
