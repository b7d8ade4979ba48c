#pragma once
// What masks add to the scores of attention.

#include <algorithm>
#include <cstdint>

#include <nacre/kernels/attention.hpp>
#include <nacre/layers/layer_builder.hpp>
#include <nacre/layers/layer_step.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::detail {

/// Which keys a query sees. Keras' rule: query t sees key s where the masks of the query, of the value, of the key and
/// the causal one all do, and the mask that is an input of its own.
struct AttentionTerms {
  std::int64_t batch;
  std::int64_t queries;
  std::int64_t keys;
  bool causal;
  bool reads_query_mask = true;
  std::size_t mask_input = 3;  ///< the input that is a mask (batch, queries, keys), where there are so many

  /// In build: how many matrices of terms there are; 0 where nothing is masked, 1 where all samples have the same.
  static std::int64_t request(const Shapes& inputs, bool causal, bool reads_query_mask, std::size_t mask_input,
                              std::int64_t batch, LayerBuilder& builder) {
    bool any = inputs.size() > mask_input;
    for (std::size_t k = reads_query_mask ? 0 : 1; k < std::min(inputs.size(), mask_input); ++k) {
      any |= builder.read_mask(k);
    }
    return any ? batch : causal ? 1 : 0;
  }

  /// How many there are in this step.
  template <class T>
  std::int64_t count(const LayerStep<T>& step) const {
    bool any = step.inputs.size() > mask_input;
    for (std::size_t k = reads_query_mask ? 0 : 1; k < std::min(step.inputs.size(), mask_input); ++k) {
      any |= static_cast<bool>(step.mask(k));
    }
    return any ? batch : causal ? 1 : 0;
  }

  std::int64_t size() const { return queries * keys; }

  /// Those of a sample, or nullptr.
  template <class T>
  const T* of(const T* terms, std::int64_t count, std::int64_t sample) const {
    return count == 0 ? nullptr : terms + (count == 1 ? 0 : sample) * size();
  }

  /// Writes all.
  template <class T>
  void write(const LayerStep<T>& step, T* terms) const {
    const std::int64_t samples = count(step);
    step.parallel(samples, [&](std::int64_t sample, T*) { write(step, sample, terms + sample * size()); });
  }

 private:
  template <class T>
  void write(const LayerStep<T>& step, std::int64_t sample, T* terms) const {
    constexpr auto hidden = static_cast<T>(kernels::masked_score);
    const std::uint8_t* of_query = reads_query_mask ? step.mask(0).values : nullptr;
    const T* given = step.inputs.size() > mask_input ? step.inputs[mask_input].elements() + sample * size() : nullptr;
    for (std::int64_t t = 0; t < queries; ++t) {
      T* row = terms + t * keys;
      const bool counts = of_query == nullptr || of_query[sample * queries + t] != 0;
      std::fill_n(row, keys, counts ? T(0) : hidden);
      for (std::size_t k = 1; k < std::min(step.inputs.size(), mask_input); ++k) {
        const std::uint8_t* mask = step.mask(k).values;
        if (mask == nullptr) continue;
        for (std::int64_t s = 0; s < keys; ++s) {
          if (mask[sample * keys + s] == 0) row[s] = hidden;
        }
      }
      for (std::int64_t s = 0; s < keys && given != nullptr; ++s) {
        if (given[t * keys + s] == T(0)) row[s] = hidden;
      }
      for (std::int64_t s = t + 1; s < keys && causal; ++s) row[s] = hidden;
      // Where all are hidden, the same term for all changes nothing but rounds the scores away.
      if (std::all_of(row, row + keys, [](T term) { return term != T(0); })) std::fill_n(row, keys, T(0));
    }
  }
};

}  // namespace nacre::detail
