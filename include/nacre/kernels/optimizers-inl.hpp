#pragma once
// The bodies of optimizers.hpp.

#include <algorithm>
#include <cmath>

#include <nacre/kernels/optimizers.hpp>
#include <nacre/kernels/reductions.hpp>
#include <nacre/kernels/simd/math.hpp>

#define NACRE_SIMD_SOURCE <nacre/kernels/simd/optimizers.inc>
#include <nacre/kernels/simd/for_each_isa.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

template <class T>
void sgd(std::int64_t count, T* w, const T* g, std::type_identity_t<T> lr) {
  NACRE_SIMD_CALL(sgd<T>, count, w, g, lr);
}

template <class T>
void sgd_momentum(std::int64_t count, T* w, const T* g, T* velocity, std::type_identity_t<T> lr,
                  std::type_identity_t<T> momentum, bool nesterov) {
  NACRE_SIMD_CALL(sgd_momentum<T>, count, w, g, velocity, lr, momentum, nesterov);
}

template <class T>
void rmsprop(std::int64_t count, T* w, const T* g, T* mean_square, std::type_identity_t<T>* mean_gradient,
             std::type_identity_t<T>* momentum_slot, std::type_identity_t<T> lr, double rho,
             std::type_identity_t<T> momentum, std::type_identity_t<T> epsilon) {
  NACRE_SIMD_CALL(rmsprop<T>, count, w, g, mean_square, mean_gradient, momentum_slot, lr, rho, momentum, epsilon);
}

template <class T>
void adam(std::int64_t count, T* w, const T* g, T* m, T* v, std::type_identity_t<T>* v_max,
          std::type_identity_t<T> alpha, double beta_1, double beta_2, std::type_identity_t<T> epsilon) {
  NACRE_SIMD_CALL(adam<T>, count, w, g, m, v, v_max, alpha, beta_1, beta_2, epsilon);
}

template <class T>
void adagrad(std::int64_t count, T* w, const T* g, T* sum, std::type_identity_t<T> lr,
             std::type_identity_t<T> epsilon) {
  NACRE_SIMD_CALL(adagrad<T>, count, w, g, sum, lr, epsilon);
}

template <class T>
void adadelta(std::int64_t count, T* w, const T* g, T* squares, T* steps, std::type_identity_t<T> lr, double rho,
              std::type_identity_t<T> epsilon) {
  NACRE_SIMD_CALL(adadelta<T>, count, w, g, squares, steps, lr, rho, epsilon);
}

template <class T>
void schedule_free_adamw(std::int64_t count, T* w, const T* g, T* z, T* v, const ScheduleFreeRates& rates) {
  NACRE_SIMD_CALL(schedule_free_adamw<T>, count, w, g, z, v, rates);
}

template <class T>
void adamax(std::int64_t count, T* w, const T* g, T* m, T* u, std::type_identity_t<T> alpha, double beta_1,
            double beta_2, std::type_identity_t<T> epsilon) {
  NACRE_SIMD_CALL(adamax<T>, count, w, g, m, u, alpha, beta_1, beta_2, epsilon);
}

template <class T>
void nadam(std::int64_t count, T* w, const T* g, T* m, T* v, std::type_identity_t<T> mean,
           std::type_identity_t<T> gradient, std::type_identity_t<T> squares, double beta_1, double beta_2,
           std::type_identity_t<T> epsilon) {
  NACRE_SIMD_CALL(nadam<T>, count, w, g, m, v, mean, gradient, squares, beta_1, beta_2, epsilon);
}

template <class T>
void lion(std::int64_t count, T* w, const T* g, T* m, std::type_identity_t<T> lr, double beta_1, double beta_2) {
  NACRE_SIMD_CALL(lion<T>, count, w, g, m, lr, beta_1, beta_2);
}

// These have powers or pass over a tensor several times; they are written plainly.

template <class T>
void ftrl(std::int64_t count, T* w, const T* g, T* n, T* z, const FtrlRates& rates) {
  const bool roots = rates.power == 0.5;
  const T power = static_cast<T>(rates.power);
  const T per_rate = static_cast<T>(1 / rates.lr);
  const T l1 = static_cast<T>(rates.l1);
  const T l2 = static_cast<T>(rates.l2);
  const T shrinkage = static_cast<T>(rates.shrinkage);
  const auto raised = [=](T value) { return roots ? std::sqrt(value) : std::pow(value, power); };
  for (std::int64_t i = 0; i < count; ++i) {
    const T sum = n[i] + g[i] * g[i];
    const T root = raised(sum);
    z[i] += g[i] + shrinkage * w[i] - (root - raised(n[i])) * per_rate * w[i];
    n[i] = sum;
    const T divisor = root * per_rate + l2;
    if (divisor != T(0)) w[i] = (std::min(std::max(z[i], -l1), l1) - z[i]) / divisor;
  }
}

/// w -= lr max(epsilon_2, rms(w)) u / max(1, rms(u) / threshold), with the sum of u's squares.
template <class T>
void adafactor_step(std::int64_t count, T* w, const T* u, double squares, const AdafactorRates& rates) {
  const double size = static_cast<double>(count);
  const double relative = std::max(rates.epsilon_2, std::sqrt(sum_of_squares(count, w) / size));
  const double excess = std::max(1.0, std::sqrt(squares / size) / rates.threshold);
  NACRE_SIMD_CALL(sgd<T>, count, w, u, static_cast<T>(rates.lr * relative / excess));
}

template <class T>
void adafactor(std::int64_t count, T* w, T* g, T* v, const AdafactorRates& rates) {
  double squares = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const double gradient = static_cast<double>(g[i]);
    const double mean =
        rates.beta_2 * static_cast<double>(v[i]) + (1 - rates.beta_2) * (gradient * gradient + rates.epsilon_1);
    v[i] = static_cast<T>(mean);
    const double quotient = gradient / std::sqrt(mean);
    squares += quotient * quotient;
    g[i] = static_cast<T>(quotient);
  }
  adafactor_step(count, w, g, squares, rates);
}

template <class T>
void adafactor_factored(std::int64_t matrices, std::int64_t rows, std::int64_t columns, T* w, T* g, T* r, T* c,
                        const AdafactorRates& rates) {
  const double fresh = 1 - rates.beta_2;
  const T column_share = static_cast<T>(fresh / static_cast<double>(rows));
  const T epsilon = static_cast<T>(rates.epsilon_1);
  double squares = 0;
  for (std::int64_t matrix = 0; matrix < matrices; ++matrix) {
    T* const gradients = g + matrix * rows * columns;
    T* const row_means = r + matrix * rows;
    T* const column_means = c + matrix * columns;
    for (std::int64_t j = 0; j < columns; ++j) column_means[j] *= static_cast<T>(rates.beta_2);
    double all_rows = 0;
    for (std::int64_t i = 0; i < rows; ++i) {
      const T* const row = gradients + i * columns;
      for (std::int64_t j = 0; j < columns; ++j) column_means[j] += column_share * (row[j] * row[j] + epsilon);
      const double mean = sum_of_squares(columns, row) / static_cast<double>(columns) + rates.epsilon_1;
      row_means[i] = static_cast<T>(rates.beta_2 * static_cast<double>(row_means[i]) + fresh * mean);
      all_rows += static_cast<double>(row_means[i]);
    }
    // In double, where the product of two small means is not 0.
    for (std::int64_t i = 0; i < rows; ++i) {
      const double share = static_cast<double>(row_means[i]) * static_cast<double>(rows) / all_rows;
      T* const row = gradients + i * columns;
      for (std::int64_t j = 0; j < columns; ++j) {
        const double quotient = static_cast<double>(row[j]) / std::sqrt(share * static_cast<double>(column_means[j]));
        squares += quotient * quotient;
        row[j] = static_cast<T>(quotient);
      }
    }
  }
  adafactor_step(matrices * rows * columns, w, g, squares, rates);
}

template <class T>
void lamb(std::int64_t count, T* w, T* g, T* m, T* v, const LambRates& rates) {
  const T fresh_1 = static_cast<T>(1 - rates.beta_1);
  const T fresh_2 = static_cast<T>(1 - rates.beta_2);
  const T correction_1 = static_cast<T>(rates.correction_1);
  const T correction_2 = static_cast<T>(rates.correction_2);
  const T epsilon = static_cast<T>(rates.epsilon);
  for (std::int64_t i = 0; i < count; ++i) {
    m[i] += fresh_1 * (g[i] - m[i]);
    v[i] += fresh_2 * (g[i] * g[i] - v[i]);
    g[i] = correction_1 * m[i] / (std::sqrt(correction_2 * v[i]) + epsilon);
  }
  const T* const u = g;
  const double size = std::sqrt(sum_of_squares(count, w));
  const double length = std::sqrt(sum_of_squares(count, u));
  const double trust = size > 0 && length > 0 ? size / length : 1;
  NACRE_SIMD_CALL(sgd<T>, count, w, u, static_cast<T>(rates.lr * trust));
}

template <class T>
void decay(std::int64_t count, T* w, std::type_identity_t<T> factor) {
  const T* gradient = w;
  NACRE_SIMD_CALL(sgd<T>, count, w, gradient, factor);
}

template <class T>
void accumulate(std::int64_t count, T* sum, const T* g) {
  NACRE_SIMD_CALL(sgd<T>, count, sum, g, T{-1});
}

template <class T>
void clip_value(std::int64_t count, T* g, std::type_identity_t<T> limit) {
  NACRE_SIMD_CALL(clip_value<T>, count, g, limit);
}

template <class T>
void scale(std::int64_t count, T* g, std::type_identity_t<T> factor) {
  NACRE_SIMD_CALL(scale<T>, count, g, factor);
}

template <class T>
void moving_average(std::int64_t count, T* average, const T* w, double momentum) {
  NACRE_SIMD_CALL(moving_average<T>, count, average, w, momentum);
}

}  // namespace nacre::kernels
