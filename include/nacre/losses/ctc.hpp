#pragma once
// CTC: for sequences of labels whose places in the outputs nobody knows.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include <nacre/losses/class_number.hpp>
#include <nacre/losses/loss.hpp>
#include <nacre/losses/loss_options.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of CTC.
using CTCOptions = LossOptions;

/// A sample's value is -log of the probability that its outputs say its labels: the sum over all ways to spread them
/// over the time steps, each label over one step or several, with blanks between them where one likes and where two
/// neighbours are the same. Outputs (batch, steps, classes) are logits, of which class 0 is the blank; targets (batch,
/// length) are the labels, from 1 on, filled up with 0.
///
/// Graves et al., "Connectionist temporal classification", 2006: forward and backward pass over logarithms, in double.
/// Keras' formula.
class CTC {
 public:
  static constexpr std::string_view type_name = "CTC";
  CTCOptions options;
  void fields(Fields& list) { options.fields(list); }

  /// Throws ValueError for an unknown reduction.
  CTC(CTCOptions options = {});

  /// Throws ValueError for an unknown reduction.
  void validate() const { detail::require_reduction(type_name, options.reduction); }

  /// Throws ShapeError for outputs that are not (steps, classes), and targets that are not (length).
  void check_shapes(const Shape& output, const Shape& target) const {
    require<ShapeError>(output.rank() == 2, type_name, ": expected outputs (None, steps, classes), got ",
                        output.to_string_with_batch());
    require<ShapeError>(target.rank() == 1, type_name, ": expected targets (None, labels), filled up with 0, got ",
                        target.to_string_with_batch());
  }
  std::int64_t value_count(const Shape& predictions) const { return predictions.front(); }
  std::int64_t scratch(const Shape& predictions, const Shape& targets) const {
    return predictions.front() * sample_scratch(predictions[1], predictions[2], targets[1]);
  }

  /// Throws ValueError for labels that are no classes, and for more of them than fit into the time steps.
  template <class T>
  void values(const BatchLossStep<T>& step) const {
    step.pool.run(step.predictions.batch(), [&](std::int64_t sample, int) {
      const Sample of(step, sample);
      of.log_softmax(step.predictions.elements() + sample * of.steps * of.classes);
      step.values[sample] = static_cast<T>(-of.forward());
    });
  }

  template <class T>
  void gradient(const BatchLossStep<T>& step) const {
    step.pool.run(step.predictions.batch(), [&](std::int64_t sample, int) {
      const Sample of(step, sample);
      T* gradient = step.gradient + sample * of.steps * of.classes;
      of.backward(static_cast<double>(step.weights[sample]), gradient);
    });
  }

 private:
  static std::int64_t sample_scratch(std::int64_t steps, std::int64_t classes, std::int64_t length) {
    return steps * classes + (steps + 2) * (2 * length + 1);
  }

  static double log_add(double a, double b) {
    const double larger = std::max(a, b);
    return std::isinf(larger) ? larger : larger + std::log1p(std::exp(std::min(a, b) - larger));
  }

  /// The labels of a sample, with blanks before, between and behind them: place s is a blank where it is even.
  template <class T>
  struct Places {
    const T* labels;
    std::int64_t count;  ///< of labels

    std::int64_t size() const { return 2 * count + 1; }
    std::int64_t operator[](std::int64_t s) const { return s % 2 == 0 ? 0 : static_cast<std::int64_t>(labels[s / 2]); }
    /// Whether a way may go from place s - 2 to s, past a blank.
    bool skips(std::int64_t s) const { return s % 2 == 1 && s > 1 && labels[s / 2] != labels[s / 2 - 1]; }
  };

  template <class T>
  struct Sample {
    std::int64_t steps;
    std::int64_t classes;
    Places<T> places;
    double* log_p;    ///< (steps, classes)
    double* alpha;    ///< (steps, places): log of the sum over all ways to a place, that step's probability included
    double* beta;     ///< (places): log of the sum over all ways from it to the end, that step's left out
    double* earlier;  ///< the same one step before

    Sample(const BatchLossStep<T>& step, std::int64_t sample)
        : steps(step.predictions.extents()[1]), classes(step.predictions.extents()[2]) {
      const std::int64_t length = step.targets.sample_size();
      places = {step.targets.elements() + sample * length, 0};
      for (std::int64_t i = 0; i < length; ++i) places.count += places.labels[i] != T(0);
      log_p = step.scratch + sample * sample_scratch(steps, classes, length);
      alpha = log_p + steps * classes;
      beta = alpha + steps * (2 * length + 1);
      earlier = beta + 2 * length + 1;
      check(sample);
    }

    void check(std::int64_t sample) const {
      std::int64_t needed = places.count;
      for (std::int64_t i = 0; i < places.count; ++i) {
        const std::int64_t label = detail::class_number(type_name, places.labels[i], classes, sample);
        require<ValueError>(label != 0, type_name, ": sample ", sample, ": expected 0 behind all labels, got it at ",
                            i);
        needed += i > 0 && places.labels[i] == places.labels[i - 1];
      }
      require<ValueError>(needed <= steps, type_name, ": sample ", sample, ": expected ", needed,
                          " time steps or more for ", places.count, " labels, got ", steps);
    }

    void log_softmax(const T* logits) const {
      for (std::int64_t t = 0; t < steps; ++t, logits += classes) {
        const double largest = static_cast<double>(*std::max_element(logits, logits + classes));
        double sum = 0;
        for (std::int64_t c = 0; c < classes; ++c) sum += std::exp(static_cast<double>(logits[c]) - largest);
        const double log_sum = largest + std::log(sum);
        for (std::int64_t c = 0; c < classes; ++c) log_p[t * classes + c] = static_cast<double>(logits[c]) - log_sum;
      }
    }

    /// Fills in alpha and returns the log of the probability of all ways.
    double forward() const {
      const std::int64_t size = places.size();
      constexpr double none = -std::numeric_limits<double>::infinity();
      for (std::int64_t s = 0; s < size; ++s) alpha[s] = s < 2 ? log_p[places[s]] : none;
      for (std::int64_t t = 1; t < steps; ++t) {
        const double* before = alpha + (t - 1) * size;
        for (std::int64_t s = 0; s < size; ++s) {
          double sum = before[s];
          if (s > 0) sum = log_add(sum, before[s - 1]);
          if (places.skips(s)) sum = log_add(sum, before[s - 2]);
          alpha[t * size + s] = sum + log_p[t * classes + places[s]];
        }
      }
      return total();
    }

    double total() const {
      const double* last = alpha + (steps - 1) * places.size();
      const std::int64_t end = places.size() - 1;
      return end > 0 ? log_add(last[end], last[end - 1]) : last[end];
    }

    /// gradient[t, c] = weight (p[t, c] - the part of all ways that say c at step t).
    void backward(double weight, T* gradient) const {
      const std::int64_t size = places.size();
      constexpr double none = -std::numeric_limits<double>::infinity();
      const double all = total();
      double* now = beta;
      double* next = earlier;
      for (std::int64_t s = 0; s < size; ++s) now[s] = s + 2 >= size ? 0 : none;
      for (std::int64_t t = steps; t-- > 0; std::swap(now, next)) {
        T* row = gradient + t * classes;
        const double* p = log_p + t * classes;
        for (std::int64_t c = 0; c < classes; ++c) row[c] = static_cast<T>(weight * std::exp(p[c]));
        for (std::int64_t s = 0; s < size; ++s) {
          row[places[s]] -= static_cast<T>(weight * std::exp(alpha[t * size + s] + now[s] - all));
        }
        if (t == 0) break;
        for (std::int64_t s = 0; s < size; ++s) {
          double sum = now[s] + p[places[s]];
          if (s + 1 < size) sum = log_add(sum, now[s + 1] + p[places[s + 1]]);
          if (s + 2 < size && places.skips(s + 2)) sum = log_add(sum, now[s + 2] + p[places[s + 2]]);
          next[s] = sum;
        }
      }
    }
  };
};

inline CTC::CTC(CTCOptions chosen) : options(std::move(chosen)) { validate(); }

}  // namespace nacre
