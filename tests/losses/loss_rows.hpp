#pragma once
// Rows of predictions and targets with the memory a loss writes to.

#include <vector>

#include <nacre/losses/loss.hpp>

template <class T>
struct LossRows {
  std::int64_t rows;
  std::int64_t features;
  std::int64_t columns;
  std::vector<T> predictions;
  std::vector<T> targets;
  std::vector<T> values;
  std::vector<T> gradient;

  LossRows(std::int64_t row_count, std::int64_t feature_count, std::int64_t target_columns)
      : rows(row_count),
        features(feature_count),
        columns(target_columns),
        predictions(static_cast<std::size_t>(rows * features)),
        targets(static_cast<std::size_t>(rows * columns)),
        values(static_cast<std::size_t>(rows)),
        gradient(static_cast<std::size_t>(rows * features)) {}

  nacre::TensorView<const T> prediction_view() const { return {predictions.data(), nacre::Shape{rows, features}}; }
  nacre::TensorView<const T> target_view() const { return {targets.data(), nacre::Shape{rows, columns}}; }
  nacre::TensorView<T> value_view() { return {values.data(), nacre::Shape{rows}}; }
  nacre::TensorView<T> gradient_view() { return {gradient.data(), nacre::Shape{rows, features}}; }

  void evaluate(const nacre::AnyLoss<T>& loss, bool wants_gradient = true) {
    evaluate(loss, wants_gradient, *nacre::thread_pool());
  }
  void evaluate(const nacre::AnyLoss<T>& loss, bool wants_gradient, nacre::ThreadPool& pool) {
    const auto prediction_rows = prediction_view();
    const auto target_rows = target_view();
    auto value_rows = value_view();
    auto gradient_rows = gradient_view();
    loss.evaluate({prediction_rows, target_rows, value_rows, gradient_rows, wants_gradient}, pool);
  }
};
