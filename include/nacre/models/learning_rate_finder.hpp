#pragma once
// The learning-rate finder: a short training with rates that grow from step to step shows which ones a model can take.

#include <cstdint>
#include <vector>

#include <nacre/core/compiled.hpp>
#include <nacre/data/batches.hpp>
#include <nacre/models/model.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// How `find_learning_rate` tries rates.
struct LearningRateFinderOptions {
  double min_rate = 1e-7;        ///< the first rate
  double max_rate = 10;          ///< the last one
  std::int64_t steps = 100;      ///< training steps, each with a rate that is larger by the same factor
  std::int64_t batch_size = 32;  ///< of a data set
  double smoothing = 0.9;        ///< share of what came before in the running mean of losses, from 0 to below 1
  double stop_factor = 4;        ///< ends where the running mean is larger than so many times its smallest value
};

/// The losses by rate that `find_learning_rate` saw.
struct FoundLearningRate {
  std::vector<double> learning_rates{};
  std::vector<double> losses{};    ///< of the batch trained on with that rate, before the step
  std::vector<double> smoothed{};  ///< their running mean, without the pull of its beginning (as Adam's moments)
  double steepest = 0;             ///< where the running mean falls most steeply by the logarithm of the rate
  double suggestion = 0;           ///< a tenth of the rate with the smallest running mean: less depends on noise
};

/// Trains a copy of `model` for a few steps with growing rates, and returns the losses and a rate to begin with; the
/// model itself stays as it is. After a data set's last batch comes its first, reshuffled. L. N. Smith, "Cyclical
/// learning rates for training neural networks", WACV 2017.
///
///     const double rate = find_learning_rate(model, data).suggestion;
///
/// Throws StateError unless the model is compiled and built, and where its rate follows a schedule; ValueError for
/// options outside their range; otherwise as `fit` does.
template <class T>
FoundLearningRate find_learning_rate(const BasicModel<T>& model, const Batches& data,
                                     const LearningRateFinderOptions& options = {});

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/models/learning_rate_finder-inl.hpp>
#endif
