// docs/reference.md says what every class is and takes. It is written from the classes' defaults and the comments above
// their declarations: `build/test/tests/test_docs "[write]"` writes it again.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nacre/nacre.hpp>
#include <nacre/saving/registry.hpp>

#include "catch.hpp"

namespace {

using namespace nacre;

namespace fs = std::filesystem;

const fs::path root = fs::path(NACRE_TESTS_FOLDER).parent_path();
const fs::path page = root / "docs" / "reference.md";

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// ---- declarations in headers
// -----------------------------------------------------------------------------------------

/// An option and its default.
struct Option {
  std::string name;
  std::string value;
};

/// What a header says of a class.
struct Declaration {
  std::string name;
  std::string comment;                ///< the first paragraph above it
  std::vector<std::string> required;  ///< what its constructor needs
  std::vector<Option> members;        ///< of a struct of options
  std::string alias;                  ///< the class that it is another name of
  bool is_callback = false;
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string_view first_word(std::string_view text) {
  return text.substr(0, static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_word) - text.begin()));
}

/// The name that a line declares at the beginning of a line, or nothing.
std::string_view declared_name(std::string_view line) {
  for (const std::string_view keyword : {"struct ", "class ", "using "}) {
    if (!line.starts_with(keyword)) continue;
    const std::string_view name = first_word(line.substr(keyword.size()));
    const std::string_view rest = line.substr(keyword.size() + name.size());
    if (rest.starts_with(" {") || rest.starts_with(" : ") || rest.starts_with(" final") || rest.starts_with(" =")) {
      return name;
    }
  }
  return {};
}

/// The names of the parameters without a default value in "std::int64_t units, DenseOptions options = {}".
std::vector<std::string> required_parameters(std::string_view parameters) {
  std::vector<std::string> names;
  int depth = 0;
  std::string parameter;
  const auto take = [&] {
    if (!parameter.empty() && parameter.find('=') == std::string::npos) {
      const auto end = std::find_if(parameter.rbegin(), parameter.rend(), is_word);
      const auto begin = std::find_if_not(end, parameter.rend(), is_word);
      names.emplace_back(begin.base(), end.base());
    }
    parameter.clear();
  };
  for (const char c : parameters) {
    depth += (c == '<' || c == '(' || c == '{') - (c == '>' || c == ')' || c == '}');
    if (c == ',' && depth == 0) {
      take();
    } else {
      parameter += c;
    }
  }
  take();
  return names;
}

/// The parameters of the constructor in `body` that has options, or else of the first, which needs least.
std::vector<std::string> constructor_of(std::string_view name, const std::string& body) {
  std::optional<std::vector<std::string>> found;
  for (const std::string& start : {"\n  explicit " + std::string(name) + "(", "\n  " + std::string(name) + "("}) {
    for (std::size_t at = body.find(start); at != std::string::npos; at = body.find(start, at + 1)) {
      const std::size_t begin = at + start.size();
      const std::size_t end = std::min(body.find(");", begin), body.find(") :", begin));
      if (end == std::string::npos || body.compare(begin, 6, "const ") == 0) continue;
      auto parameters = required_parameters(std::string_view(body).substr(begin, end - begin));
      if (!found || parameters.size() < found->size()) found = std::move(parameters);
    }
  }
  return found.value_or(std::vector<std::string>{});
}

/// The members as they stand in the body of a struct of options.
std::vector<Option> members_of(const std::string& body) {
  std::istringstream lines(body);
  std::vector<Option> members;
  for (std::string line; std::getline(lines, line);) {
    line.erase(std::min(line.find("///"), line.size()));
    const std::size_t end = line.rfind(';');
    const std::size_t value = line.find_first_of("={");
    if (end == std::string::npos || line.starts_with("    ") || line.starts_with("  using ")) continue;
    const std::string declared = line.substr(0, std::min(value, end));
    if (declared.find('(') != std::string::npos || declared.find(' ', 2) == std::string::npos) continue;
    const std::vector<std::string> name = required_parameters(declared);
    if (name.size() != 1) continue;
    const bool has_value = value < end && line[value] == '=';
    members.push_back({name.front(), has_value ? line.substr(value + 2, end - value - 2) : "none"});
  }
  return members;
}

/// The classes that a header declares outside namespace detail.
void add_declarations(const fs::path& header, std::vector<Declaration>& found) {
  std::istringstream lines(text_of(header));
  std::string line;
  std::string comment;
  bool in_first_paragraph = true;
  bool is_detail = false;
  while (std::getline(lines, line)) {
    if (line == "namespace detail {") is_detail = true;
    if (line == "}  // namespace detail") is_detail = false;
    if (line.starts_with("///")) {
      in_first_paragraph = in_first_paragraph && line != "///";
      if (in_first_paragraph)
        comment += (comment.empty() ? "" : " ") + line.substr(std::min<std::size_t>(4, line.size()));
      continue;
    }
    const std::string name(declared_name(line));
    if (!name.empty() && !is_detail && !comment.empty()) {
      if (comment.ends_with(":")) comment.back() = '.';  // an example follows
      Declaration declaration{name, comment, {}, {}, {}, false};
      if (const std::size_t is = line.find(" = "); line.starts_with("using ") && is != std::string::npos) {
        declaration.alias = first_word(std::string_view(line).substr(is + 3));
      }
      std::string body = "\n";
      if (line.ends_with("{")) {
        while (std::getline(lines, line) && line != "};") body += line + "\n";
      }
      declaration.members = members_of(body);
      body.erase(std::min(body.find("\n private:"), body.size()));
      declaration.required = constructor_of(name, body);
      declaration.is_callback = body.find(" on_") != std::string::npos;
      found.push_back(std::move(declaration));
    }
    if (line.starts_with("template <")) continue;  // the comment is that of what follows
    comment.clear();
    in_first_paragraph = true;
  }
}

std::vector<Declaration> declarations_in(std::string_view folder) {
  std::vector<fs::path> headers;
  for (const auto& entry : fs::directory_iterator(root / "include" / "nacre" / folder)) {
    if (entry.path().extension() == ".hpp") headers.push_back(entry.path());
  }
  std::sort(headers.begin(), headers.end());
  std::vector<Declaration> found;
  for (const fs::path& header : headers) add_declarations(header, found);
  return found;
}

// ---- the page
// --------------------------------------------------------------------------------------------------------

std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  return escaped;
}

/// "`Conv2D(filters, kernel_size)`"
std::string signature_of(const Declaration& declaration) {
  std::string text = "`" + declaration.name;
  if (!declaration.required.empty()) {
    text += "(";
    for (const std::string& name : declaration.required) {
      text += (&name == declaration.required.data() ? "" : ", ") + name;
    }
    text += ")";
  }
  return text + "`";
}

/// What is said of all classes of a kind at once, rather than of each.
const std::vector<std::string> said_above{"name",
                                          "reduction",
                                          "clipnorm",
                                          "clipvalue",
                                          "use_ema",
                                          "ema_momentum",
                                          "global_clipnorm",
                                          "ema_overwrite_frequency",
                                          "gradient_accumulation_steps",
                                          "exclude_from_weight_decay"};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// "`strides=[1, 1]`, `padding="valid"`": what need not be given, of `options` those that are not said above.
std::string options_of(const Declaration& declaration, const std::vector<Option>& options) {
  std::string text;
  for (const Option& option : options) {
    if (contains(said_above, option.name) || contains(declaration.required, option.name)) continue;
    text += (text.empty() ? "`" : ", `") + option.name + "=" + option.value + "`";
  }
  return text;
}

/// A class's options as a config has them, and behind them those of its struct that a config only has where they are
/// given.
std::vector<Option> all_options(const Config& defaults, const std::vector<Option>& members) {
  std::vector<Option> options;
  for (const ConfigEntry& entry : defaults.entries) options.push_back({entry.name, entry.value.to_string()});
  for (const Option& member : members) {
    if (defaults.find(member.name) == nullptr) options.push_back(member);
  }
  return options;
}

const Declaration* find(const std::vector<Declaration>& declarations, std::string_view name) {
  const auto found = std::find_if(declarations.begin(), declarations.end(),
                                  [&](const Declaration& each) { return each.name == name; });
  return found == declarations.end() ? nullptr : &*found;
}

/// The members of the struct of options of a class.
std::vector<Option> members_for(const std::vector<Declaration>& declarations, const std::string& name) {
  const Declaration* options = find(declarations, name + "Options");
  if (options != nullptr && !options->alias.empty()) options = find(declarations, options->alias);
  return options == nullptr ? std::vector<Option>{} : options->members;
}

void add_row(std::string& text, const Declaration& declaration, const std::string& options) {
  text += "| " + signature_of(declaration) + " | " + cell(options) + " | " + cell(declaration.comment) + " |\n";
}

void add_heading(std::string& text, std::string_view title) {
  text += "\n## " + std::string(title) + "\n\n| class | options and their defaults | what it is |\n|---|---|---|\n";
}

/// Whether a metric is one of the losses, which are there already.
template <class Anything>
bool is_loss_as_metric(std::string_view name) {
  return std::is_same_v<Anything, AnyMetric<float>> && Registry<AnyLoss<float>>::contains(name);
}

/// The options of a value of that class with its defaults; none where it needs something that has none, as RNN a cell.
Config defaults_of(const ClassTable& table, std::string_view name) {
  try {
    return table.make_by_name("class", name, {}).config();
  } catch (const Error&) {
    return {};
  }
}

/// The classes that are registered as `Anything`, in alphabetical order.
template <class Anything>
void add_kind(std::string& text, std::string_view title, std::string_view folder) {
  add_heading(text, title);
  const ClassTable& table = Registry<Anything>::table();
  std::vector<std::string_view> names;
  for (const std::string_view name : table.class_names()) {
    if (name == "Functional") continue;  // a model within a model, which users write as a model
    if (!is_loss_as_metric<Anything>(name)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  const std::vector<Declaration> declarations = declarations_in(folder);
  for (const std::string_view name : names) {
    // Classes that are called after what they are, too, since their names are taken.
    const std::string_view declared = name == "Activation"                       ? "ActivationLayer"
                                      : name == "Identity" && folder != "layers" ? "IdentityInitializer"
                                                                                 : name;
    const Declaration* found = find(declarations, declared);
    INFO("include/nacre/" << folder << ": " << declared << " has no comment above its declaration");
    REQUIRE(found != nullptr);
    Declaration declaration = *found;
    declaration.name = name;
    const Config defaults = defaults_of(table, name);
    const std::vector<Option> options = all_options(defaults, members_for(declarations, declaration.name));
    add_row(text, declaration, options_of(declaration, options));
  }
}

void add_callbacks(std::string& text) {
  add_heading(text, "Callbacks");
  std::vector<Declaration> declarations = declarations_in("callbacks");
  for (Declaration& declaration : declarations_in("saving")) declarations.push_back(std::move(declaration));
  std::sort(declarations.begin(), declarations.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (const Declaration& declaration : declarations) {
    if (!declaration.is_callback || declaration.name.ends_with("Options")) continue;
    if (declaration.name == "AnyCallback" || declaration.name == "TrainingRun") continue;  // what all of them use
    add_row(text, declaration, options_of(declaration, members_for(declarations, declaration.name)));
  }
}

std::string reference() {
  register_built_in_classes<float>();
  std::string text =
      "# Reference\n\nEvery class with its options. A test holds this page to the code; the headers say more: each "
      "option, shapes, errors.\nActivations have [a page of their own](activations.md). Layers, losses and metrics "
      "have a `name`, losses a `reduction`,\n\"sum_over_batch_size\" by default; every loss "
      "whose values are those of rows is a metric, too. All optimizers have\n`clipnorm`, `clipvalue`, "
      "`global_clipnorm`, `use_ema`, `ema_momentum` 0.99, `ema_overwrite_frequency`,\n"
      "`gradient_accumulation_steps` and `exclude_from_weight_decay`.\n";
  add_kind<Layer>(text, "Layers", "layers");
  add_kind<AnyLoss<float>>(text, "Losses", "losses");
  add_kind<AnyMetric<float>>(text, "Metrics", "metrics");
  add_kind<AnyOptimizer<float>>(text, "Optimizers", "optimizers");
  add_kind<LearningRateSchedule>(text, "Schedules of the learning rate", "schedules");
  add_kind<AnyInitializer>(text, "Initializers", "initializers");
  add_kind<AnyRegularizer>(text, "Regularizers", "regularizers");
  add_kind<AnyConstraint>(text, "Constraints", "constraints");
  add_callbacks(text);
  return text;
}

}  // namespace

TEST_CASE("Names of constructor parameters without a default") {
  CHECK(required_parameters("std::int64_t units, DenseOptions options = {}") == std::vector<std::string>{"units"});
  CHECK(required_parameters("std::map<int, int> a, b c") == std::vector<std::string>{"a", "c"});
  CHECK(required_parameters("").empty());
}

TEST_CASE("The reference has every class as it is") {
  INFO("write it again: build/test/tests/test_docs \"[write]\"");
  CHECK(text_of(page) == reference());
}

TEST_CASE("Writes the reference", "[.][write]") {
  std::ofstream file(page);
  file << reference();
  CHECK(file.good());
}
