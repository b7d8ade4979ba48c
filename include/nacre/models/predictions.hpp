#pragma once
// Predictions for batches that come one after another.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <nacre/core/list.hpp>
#include <nacre/core/xtensor.hpp>
#include <nacre/models/model_source.hpp>
#include <nacre/models/network.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Each output for the batches of epoch 0, one behind another: (samples, output shape...). Throws what the source
/// throws, ShapeError and ValueError where its features do not go with the model.
template <class T>
std::vector<xt::xarray<T>> predict_batches(const ModelState<T>& state, BatchSource<T>& source) {
  const BatchSpec& spec = source.spec();
  const List<std::size_t> order = match_features(state, spec, "predict");
  const auto lock = state.layer_states.lock();
  std::unique_ptr<Network<T>> network = state.idle.take(spec.batch_size);
  if (!network) network = make_network(state, spec.batch_size, {});
  BatchMemory<T> memory;
  memory.features.resize(order.size());
  memory.integers.resize(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    memory.features[order[k]] = network->input(k);
    memory.integers[order[k]] = network->takes_integers(k);
  }
  List<Buffer<T>> unused;  // a source may write targets, too
  for (const ColumnSpec& column : spec.targets) {
    unused.emplace_back(static_cast<std::size_t>(spec.batch_size * column.shape.size()));
    memory.targets.push_back(unused.back().data());
    unused.emplace_back(static_cast<std::size_t>(column.weighted ? spec.batch_size : 0));
    memory.sample_weights.push_back(column.weighted ? unused.back().data() : nullptr);
  }
  const std::shared_ptr<ThreadPool> pool = thread_pool();
  std::vector<std::vector<T>> rows(state.outputs());
  std::int64_t samples = 0;
  source.begin_epoch(state.seed, 0);
  for (std::int64_t step = 0; const std::int64_t count = source.load(step, memory, *pool); ++step) {
    const ComputeScope scope;
    network->set_batch(count);
    network->forward(false, state.seed, 0, *pool);
    samples += count;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const T* output = network->output(k).elements();
      rows[k].insert(rows[k].end(), output, output + count * state.output_shape(k).size());
    }
  }
  state.idle.give(std::move(network));
  std::vector<xt::xarray<T>> results;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const Shape shape = state.output_shape(k).with_batch(samples);
    results.push_back(xt::xarray<T>::from_shape(List<std::size_t>(shape.begin(), shape.end())));
    std::copy(rows[k].begin(), rows[k].end(), results[k].data());
  }
  return results;
}

}  // namespace nacre
