#pragma once
// Muon: momentum whose matrices are made orthogonal.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/kernels/optimizers.hpp>
#include <nacre/kernels/orthogonalize.hpp>
#include <nacre/optimizers/adam.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Muon. At most one of the three kinds of clipping.
struct MuonOptions {
  LearningRate learning_rate{1e-3};                ///< a number or a schedule; by default 1e-3
  double adam_beta_1{0.9};                         ///< of AdamW, for what Muon leaves to it, from 0 to below 1
  double adam_beta_2{0.999};                       ///< of AdamW, from 0 to below 1
  std::optional<double> adam_weight_decay{0.004};  ///< of AdamW's weights; by default 0.004
  double epsilon{1e-7};                            ///< of AdamW; 1e-18 or more
  std::optional<double> weight_decay{0.004};       ///< of Muon's, which first shrink by learning_rate * weight_decay
  NACRE_OPTIMIZER_BASE_OPTIONS;
  std::vector<std::string> exclude_layers{};  ///< weights with one of these texts in their name are left to AdamW
  bool exclude_embeddings{true};              ///< those with "embedding" in their name, too
  double muon_a{3.4445};                      ///< the factors of an iteration of Newton and Schulz
  double muon_b{-4.7750};                     ///< the second
  double muon_c{2.0315};                      ///< the third
  double adam_lr_ratio{1};                    ///< AdamW's learning rate by Muon's; above 0
  double momentum{0.95};                      ///< how much of itself the sum of gradients keeps, from 0 to below 1
  std::int64_t ns_steps{5};                   ///< iterations of Newton and Schulz; 1 or more
  bool nesterov{true};                        ///< look ahead by one step of momentum
  std::optional<double> rms_rate{0.2};        ///< steps have about this root mean square; none: as they are
  void fields(Fields& list) {
    list("learning_rate", learning_rate);
    list("adam_beta_1", adam_beta_1);
    list("adam_beta_2", adam_beta_2);
    list("adam_weight_decay", adam_weight_decay);
    list("epsilon", epsilon);
    list("weight_decay", weight_decay);
    list_base_options(list, *this);
    list("exclude_layers", exclude_layers);
    list("exclude_embeddings", exclude_embeddings);
    list("muon_a", muon_a);
    list("muon_b", muon_b);
    list("muon_c", muon_c);
    list("adam_lr_ratio", adam_lr_ratio);
    list("momentum", momentum);
    list("ns_steps", ns_steps);
    list("nesterov", nesterov);
    list("rms_rate", rms_rate);
  }
};

/// The base options of Muon, which has two weight decays and applies them itself.
inline OptimizerBase base_of(const MuonOptions& options) {
  OptimizerBase base = base_of<MuonOptions>(options);
  base.weight_decay.reset();
  return base;
}

/// For each matrix m = momentum m + g, u = g + momentum m (nesterov) or m, made orthogonal by iterations of Newton and
/// Schulz, and w -= learning_rate rms_rate sqrt(max(rows, columns)) u. Weights of another number of axes, and those
/// that are excluded, are AdamW's; the last layer's should be: `.exclude_layers = {"output"}`. Jordan et al., "Muon: an
/// optimizer for hidden layers in neural networks", 2024; rms_rate: Liu et al., "Muon is scalable for LLM training",
/// 2025; Keras' formulas and defaults (from 3.13).
class Muon {
 public:
  static constexpr std::string_view type_name = "Muon";
  static constexpr bool whole_tensors = true;
  MuonOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an option outside what is allowed.
  explicit Muon(MuonOptions options = {});
  /// The same with `learning_rate` in place of the options' own.
  explicit Muon(LearningRate learning_rate, MuonOptions options = {});

  /// Throws ValueError for an option outside what is allowed.
  [[gnu::cold]] void validate() const {
    validate_base_options(type_name, options);
    detail::require_share(type_name, "adam_beta_1", options.adam_beta_1);
    detail::require_share(type_name, "adam_beta_2", options.adam_beta_2);
    detail::require_adam_epsilon(type_name, options.epsilon);
    detail::require_share(type_name, "momentum", options.momentum);
    detail::require_at_least_zero(type_name, "weight_decay", options.weight_decay.value_or(0));
    detail::require_at_least_zero(type_name, "adam_weight_decay", options.adam_weight_decay.value_or(0));
    detail::require_at_least_zero(type_name, "adam_lr_ratio", options.adam_lr_ratio);
    detail::require_at_least_zero(type_name, "rms_rate", options.rms_rate.value_or(0));
    detail::require_parts(type_name, "exclude_layers", options.exclude_layers);
    require<ValueError>(options.ns_steps >= 1, type_name, ": expected ns_steps of 1 or more, got ", options.ns_steps);
    for (double factor : {options.muon_a, options.muon_b, options.muon_c}) {
      require<ValueError>(std::isfinite(factor), type_name, ": expected finite factors, got ", factor);
    }
  }

  /// "momentum", the sum of gradients or AdamW's mean of them, and "velocity", AdamW's mean of squares.
  [[gnu::cold]] List<Slot> slots() const {
    const Slot::Extents of_adam = !options.exclude_layers.empty() ? nullptr
                                  : options.exclude_embeddings    ? all_but_matrices_and_embeddings
                                                                  : all_but_matrices;
    return {"momentum", {"velocity", 0, of_adam}};
  }

  /// Numbers that the update of a weight tensor works with.
  [[gnu::cold]] std::int64_t scratch(const Segment& weight) const {
    return is_matrix(weight) ? kernels::orthogonalize_scratch(weight.shape[0], weight.shape[1]) : 0;
  }

  /// What a step has in common for all weights: the learning rate, and AdamW's corrected for its means' start at 0.
  struct Rates {
    double learning_rate = 0;
    double alpha = 0;
  };

  /// For update number `step`, counted from 1.
  Rates rates(double learning_rate, std::int64_t step) const {
    const double t = static_cast<double>(step);
    return {learning_rate, learning_rate * options.adam_lr_ratio * std::sqrt(1 - std::pow(options.adam_beta_2, t)) /
                               (1 - std::pow(options.adam_beta_1, t))};
  }

  /// Applies the rule to a weight tensor.
  template <class T>
  void update(const Rates& rates, const Update<T>& update) const {
    const Segment& tensor = *update.tensor;
    const bool to_adam = left_to_adam(tensor);
    const std::optional<double>& decay = to_adam ? options.adam_weight_decay : options.weight_decay;
    if (decay.value_or(0) != 0 && decays(tensor.name)) {
      kernels::decay(update.count, update.weights, static_cast<T>(*decay * rates.learning_rate));
    }
    if (to_adam) {
      kernels::adam(update.count, update.weights, update.gradient, update.slots[0], update.slots[1], nullptr,
                    static_cast<T>(rates.alpha), options.adam_beta_1, options.adam_beta_2,
                    static_cast<T>(options.epsilon));
    } else {
      orthogonal_step(rates, update);
    }
  }

 private:
  static bool is_matrix(const Segment& weight) { return weight.shape.rank() == 2; }
  static bool is_embedding(const Segment& weight) { return weight.name.find("mbedding") != std::string::npos; }
  static Shape all_but_matrices(const Segment& weight) { return is_matrix(weight) ? Shape{0} : weight.shape; }
  static Shape all_but_matrices_and_embeddings(const Segment& weight) {
    return is_matrix(weight) && !is_embedding(weight) ? Shape{0} : weight.shape;
  }

  bool decays(std::string_view name) const {
    return !detail::has_part(name.substr(name.rfind('/') + 1), options.exclude_from_weight_decay);
  }

  bool left_to_adam(const Segment& weight) const {
    return !is_matrix(weight) || (options.exclude_embeddings && is_embedding(weight)) ||
           detail::has_part(weight.name, options.exclude_layers);
  }

  template <class T>
  void orthogonal_step(const Rates& rates, const Update<T>& update) const {
    const T mu = static_cast<T>(options.momentum);
    T* const sum = update.slots[0];
    T* const step = update.gradient;
    for (std::int64_t i = 0; i < update.count; ++i) {
      sum[i] = mu * sum[i] + step[i];
      step[i] = options.nesterov ? mu * sum[i] + step[i] : sum[i];
    }
    const std::int64_t rows = update.tensor->shape[0];
    const std::int64_t columns = update.tensor->shape[1];
    kernels::orthogonalize(rows, columns, step, {options.muon_a, options.muon_b, options.muon_c, options.ns_steps},
                           update.scratch);
    const double size = std::sqrt(static_cast<double>(std::max(rows, columns)));
    const double scale = options.rms_rate ? *options.rms_rate * size : 1.0;
    kernels::sgd(update.count, update.weights, static_cast<const T*>(step),
                 static_cast<T>(rates.learning_rate * scale));
  }
};

inline Muon::Muon(MuonOptions chosen) : options(std::move(chosen)) { validate(); }
inline Muon::Muon(LearningRate rate, MuonOptions chosen) : options(std::move(chosen)) {
  options.learning_rate = std::move(rate);
  validate();
}

}  // namespace nacre
