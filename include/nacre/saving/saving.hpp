#pragma once
// save and load: a whole model in one safetensors file.
//
// The file holds each weight under its name ("dense/kernel") and each of the optimizer's numbers under
// "optimizer/<slot>/<weight>"; its metadata holds, as texts, nacre's version ("nacre_version"), the layers
// ("model_config") and how the model learns ("compile_config"). Other programs that read safetensors can read the
// weights.

#include <filesystem>

#include <nacre/core/compiled.hpp>
#include <nacre/models/sequential.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// What `save` writes.
struct SaveOptions {
  /// Whether what the optimizer has gathered, and how many steps it has made, are saved, so that training can go on as
  /// if it had never stopped. Its options, the loss and the metrics are saved in any case.
  bool include_optimizer = true;
};

/// Saves a model: layers, weights, and where it is compiled how it learns and what the optimizer has gathered. `load`
/// restores a model that predicts and goes on training with the same bits. A file of that name is replaced once the new
/// one is whole. Throws FileError where the file cannot be written, ValueError for a name that is not UTF-8.
template <class T>
void save(const BasicModel<T>& model, const std::filesystem::path& path, SaveOptions options = {});

/// What `load` reads.
struct LoadOptions {
  /// Whether the loss, the metrics and the optimizer are read, too, so that `fit` with `initial_epoch` goes on where it
  /// stopped. Without them a model predicts, and may be compiled again: also one whose loss or metrics are your own and
  /// not registered here.
  bool compile = true;
};

/// The model that `save` wrote: `Sequential model = load("mnist.safetensors")`, or `Model model = ...` for one with
/// branches. If it was compiled it is so again,
/// unless `options.compile` is false. One that was saved as another scalar type is converted.
///
/// Throws FileError where the file cannot be read; FormatError, saying what was expected and found, for a file that is
/// not a model; ValueError for a class that is not registered: see `register_layer` and its like.
template <class T = float>
BasicModel<T> load(const std::filesystem::path& path, LoadOptions options = {});

/// Says that a model is only to predict: `const Sequential model = load("mnist.safetensors", inference)`.
struct Inference {};
inline constexpr Inference inference{};

/// The same model, to predict and nothing else: a program has nothing compiled of training then, no backward pass,
/// loss, metric or optimizer. `fit` and `gradients` throw StateError. Throws as `load` does.
template <class T = float>
BasicModel<T> load(const std::filesystem::path& path, Inference);

/// Saves a model's weights and nothing else, by name. Throws StateError before the model is built, and otherwise as
/// `save` does.
template <class T>
void save_weights(const BasicModel<T>& model, const std::filesystem::path& path);

/// Reads weights into a model by their names, from a file of `save_weights`, of `save`, or of another program: all of
/// them, or where something is wrong none. Throws StateError before the model is built, FileError where the file cannot
/// be read, FormatError where a weight is missing, has another shape, or is none of the model's.
template <class T>
void load_weights(BasicModel<T>& model, const std::filesystem::path& path);

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/saving/saving-inl.hpp>
#endif
