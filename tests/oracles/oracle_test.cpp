// Computes every reference case in nacre and compares: `oracle_test [FOLDER]`, by default the cases next to this file.
//
// The references were computed in double, so each case runs in double, and once more in float. Both must keep the
// case's own tolerance. A case whose reference was computed in float, because it is about the rounding there, runs in
// float only. A class, field or value that nacre does not have makes a case unsupported, which is no failure;
// everything else is.

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "json.hpp"
#include "layer.hpp"
#include "loss.hpp"
#include "metric.hpp"
#include "model.hpp"
#include "optimizer.hpp"
#include "regularizer.hpp"
#include "schedule.hpp"
#include "train.hpp"

namespace oracles {
namespace {

struct Count {
  int passed = 0;
  int failed = 0;
  int unsupported = 0;
};

std::ostream& operator<<(std::ostream& out, const Count& count) {
  return out << count.passed << " passed, " << count.failed << " failed, " << count.unsupported << " unsupported";
}

template <class T>
void run(const Json& json) {
  const auto kind = json.at("kind").get<std::string>();
  if (kind == "layer" && (json.contains("inputs") || make<nacre::Layer>(json.at("layer")).is_composite())) {
    return run_model<T>(as_model(json));
  }
  if (kind == "layer") return run_layer<T>(json);
  if (kind == "loss") return run_loss<T>(json);
  if (kind == "metric") return run_metric<T>(json);
  if (kind == "optimizer") return run_optimizer<T>(json);
  if (kind == "schedule") return run_schedule(json);
  if (kind == "train") return run_train<T>(json);
  if (kind == "regularizer") return run_regularizer<T>(json);
  if (kind == "constraint") return run_constraint<T>(json);
  if (kind == "model") return run_model<T>(json);
  if (kind == "train_model") return run_train_model<T>(json);
  if (kind == "stateful") return run_stateful<T>(json);
  throw Unsupported("nacre has no " + kind + "s");
}

/// Runs a case in one scalar type; the text of what went wrong is empty where nothing did.
template <class T>
std::string failure(const Json& json, const char* type) {
  try {
    run<T>(json);
    return {};
  } catch (const Unsupported&) {
    throw;
  } catch (const std::exception& error) {
    return nacre::text(" in ", type, ": ", error.what());
  }
}

void check_case(const Json& json, Count& count) {
  const auto name = json.at("name").get<std::string>();
  try {
    const bool about_float = json.at("source").get<std::string>().find("float32") != std::string::npos;
    std::string what = about_float ? "" : failure<double>(json, "double");
    if (what.empty()) what = failure<float>(json, "float");
    if (what.empty()) {
      ++count.passed;
    } else {
      ++count.failed;
      std::cout << "FAILED " << name << what << '\n';
    }
  } catch (const Unsupported& reason) {
    ++count.unsupported;
    std::cout << "unsupported " << name << ": " << reason.what() << '\n';
  }
}

int main(const std::filesystem::path& folder) {
  register_layers();
  register_losses();
  register_metrics();
  register_optimizers();
  nacre::register_activations();
  nacre::register_regularizers();
  nacre::register_constraints();

  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json" && entry.path().filename() != "index.json") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  nacre::require<nacre::FileError>(!paths.empty(), folder.string(), ": holds no case");

  std::map<std::string, Count> kinds;
  for (const auto& path : paths) {
    const Json json = read_case(path);
    check_case(json, kinds[json.at("kind").get<std::string>()]);
  }
  Count total;
  for (const auto& [kind, count] : kinds) {
    std::cout << kind << ": " << count << '\n';
    total.passed += count.passed;
    total.failed += count.failed;
    total.unsupported += count.unsupported;
  }
  std::cout << "total: " << total << '\n';
  return total.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace oracles

int main(int argc, char** argv) {
  try {
    return oracles::main(argc > 1 ? argv[1] : NACRE_TESTS_FOLDER "/oracles/cases");
  } catch (const std::exception& error) {
    std::cerr << "oracle_test: " << error.what() << '\n';
    return 1;
  }
}
