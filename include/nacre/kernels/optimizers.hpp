#pragma once
// What the optimizers do to a range of parameters, in one pass over it. The formulas are those of Keras 3.
// In all of them w are the parameters, g their gradients, and no two arrays overlap.
//
// Decay rates are doubles, since 1 - rate must be rounded once: 1 - 0.999 in float is off by 1e-5 of its value.

#include <cstdint>
#include <type_traits>

#include <nacre/core/compiled.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::kernels {

/// Gradient descent: w -= lr g.
template <class T>
void sgd(std::int64_t count, T* w, const T* g, std::type_identity_t<T> lr);

/// Gradient descent with momentum: v = momentum v - lr g; then w += v, or with Nesterov's momentum
/// w += momentum v - lr g.
template <class T>
void sgd_momentum(std::int64_t count, T* w, const T* g, T* velocity, std::type_identity_t<T> lr,
                  std::type_identity_t<T> momentum, bool nesterov);

/// RMSprop (Hinton, lecture 6e of "Neural networks for machine learning", 2012), epsilon inside the root:
/// ms += (1 - rho) (g^2 - ms); step = lr g / sqrt(ms + epsilon); w -= step.
/// Centered, where mean_gradient is not nullptr: mg += (1 - rho) (g - mg), and the root is of ms - mg^2 + epsilon.
/// With momentum, where momentum_slot is not nullptr: slot = momentum slot + step; w -= slot.
template <class T>
void rmsprop(std::int64_t count, T* w, const T* g, T* mean_square, std::type_identity_t<T>* mean_gradient,
             std::type_identity_t<T>* momentum_slot, std::type_identity_t<T> lr, double rho,
             std::type_identity_t<T> momentum, std::type_identity_t<T> epsilon);

/// Adam (Kingma and Ba, ICLR 2015) in its epsilon-hat form: m += (1 - beta_1) (g - m), v += (1 - beta_2) (g^2 - v),
/// w -= alpha m / (sqrt(v) + epsilon) with alpha = lr sqrt(1 - beta_2^t) / (1 - beta_1^t) at step t = 1, 2, ...
/// AMSGrad (Reddi, Kale and Kumar, ICLR 2018), where v_max is not nullptr: v_max = max(v_max, v) takes v's place under
/// the root.
template <class T>
void adam(std::int64_t count, T* w, const T* g, T* m, T* v, std::type_identity_t<T>* v_max,
          std::type_identity_t<T> alpha, double beta_1, double beta_2, std::type_identity_t<T> epsilon);

/// Adagrad (Duchi, Hazan and Singer, JMLR 2011), epsilon inside the root: sum += g^2; w -= lr g / sqrt(sum + epsilon).
template <class T>
void adagrad(std::int64_t count, T* w, const T* g, T* sum, std::type_identity_t<T> lr, std::type_identity_t<T> epsilon);

/// Adadelta (Zeiler, 2012): s = rho s + (1 - rho) g^2, step = g sqrt(d + epsilon) / sqrt(s + epsilon),
/// d = rho d + (1 - rho) step^2, w -= lr step.
template <class T>
void adadelta(std::int64_t count, T* w, const T* g, T* squares, T* steps, std::type_identity_t<T> lr, double rho,
              std::type_identity_t<T> epsilon);

/// What a step of schedule_free_adamw has in common for all weights.
struct ScheduleFreeRates {
  double lr = 0;
  double beta_1 = 0;
  double beta_2 = 0;
  double correction = 0;  ///< 1 / (1 - beta_2^t) at step t = 1, 2, ...
  double epsilon = 0;
  double share = 0;    ///< of z in the average of this step, 1 / t
  bool first = false;  ///< whether z is yet to begin, with the weights
};

/// Schedule-free AdamW (Defazio et al., 2024): weights are y = (1 - beta_1) z + beta_1 x of the points z that the rule
/// moves and their average x. v as Adam has it, z -= lr g / (sqrt(correction v) + epsilon), x += share (z - x).
template <class T>
void schedule_free_adamw(std::int64_t count, T* w, const T* g, T* z, T* v, const ScheduleFreeRates& rates);

/// Adamax (Kingma and Ba, ICLR 2015, section 7.1): m += (1 - beta_1) (g - m), u = max(beta_2 u, |g|),
/// w -= alpha m / (u + epsilon) with alpha = lr / (1 - beta_1^t) at step t = 1, 2, ...
template <class T>
void adamax(std::int64_t count, T* w, const T* g, T* m, T* u, std::type_identity_t<T> alpha, double beta_1,
            double beta_2, std::type_identity_t<T> epsilon);

/// Nadam (Dozat, 2016): m and v as Adam has them; w -= (mean m + gradient g) / (sqrt(squares v) + epsilon) with the
/// factors of the step.
template <class T>
void nadam(std::int64_t count, T* w, const T* g, T* m, T* v, std::type_identity_t<T> mean,
           std::type_identity_t<T> gradient, std::type_identity_t<T> squares, double beta_1, double beta_2,
           std::type_identity_t<T> epsilon);

/// Lion (Chen et al., 2023): w -= lr sign(beta_1 m + (1 - beta_1) g); m = beta_2 m + (1 - beta_2) g.
template <class T>
void lion(std::int64_t count, T* w, const T* g, T* m, std::type_identity_t<T> lr, double beta_1, double beta_2);

/// What a step of `ftrl` has in common for all weights.
struct FtrlRates {
  double lr;         ///< above 0
  double power;      ///< of the sums of squares: 0.5 for their roots
  double l1;         ///< what |z| must pass for a weight other than 0
  double l2;         ///< added to the divisor
  double shrinkage;  ///< of it times the weight is added to the gradient
};

/// FTRL-proximal (McMahan et al., KDD 2013): n' = n + g^2, z += g + shrinkage w - (n'^power - n^power) / lr w,
/// w = (min(max(z, -l1), l1) - z) / (n'^power / lr + l2). Where that divisor is 0, nothing was gathered, and w stays.
template <class T>
void ftrl(std::int64_t count, T* w, const T* g, T* n, T* z, const FtrlRates& rates);

/// What a step of Adafactor has in common for all weights.
struct AdafactorRates {
  double beta_2;     ///< how much the means keep of themselves
  double lr;         ///< relative to the size of the tensor
  double epsilon_1;  ///< added to squared gradients
  double epsilon_2;  ///< the least size of a tensor
  double threshold;  ///< the largest root mean square of a step
};

/// Adafactor (Shazeer and Stern, ICML 2018) for a whole tensor, with a mean of squares for each weight:
/// v = beta_2 v + (1 - beta_2) (g^2 + epsilon_1), u = g / sqrt(v), w -= lr max(epsilon_2, rms(w)) u / max(1,
/// rms(u) / threshold). The gradients are overwritten with u.
template <class T>
void adafactor(std::int64_t count, T* w, T* g, T* v, const AdafactorRates& rates);

/// The same for a tensor [matrices, rows, columns] with running means r [matrices, rows] of rows and
/// c [matrices, columns] of columns: v[i, j] = r[i] / mean(r) c[j] in each matrix.
template <class T>
void adafactor_factored(std::int64_t matrices, std::int64_t rows, std::int64_t columns, T* w, T* g, T* r, T* c,
                        const AdafactorRates& rates);

/// What a step of LAMB has in common for all weights.
struct LambRates {
  double lr = 0;
  double beta_1 = 0;
  double beta_2 = 0;
  double correction_1 = 0;  ///< 1 / (1 - beta_1^t) at step t = 1, 2, ...
  double correction_2 = 0;  ///< 1 / (1 - beta_2^t)
  double epsilon = 0;
};

/// LAMB (You et al., ICLR 2020) for a whole tensor: m and v as Adam has them,
/// u = correction_1 m / (sqrt(correction_2 v) + epsilon), w -= lr |w| / |u| u; where a norm is 0, their quotient
/// counts 1. The gradients are overwritten with u.
template <class T>
void lamb(std::int64_t count, T* w, T* g, T* m, T* v, const LambRates& rates);

/// Decoupled weight decay: w -= factor w.
template <class T>
void decay(std::int64_t count, T* w, std::type_identity_t<T> factor);

/// sum += g.
template <class T>
void accumulate(std::int64_t count, T* sum, const T* g);

/// g = min(max(g, -limit), limit); a NaN stays NaN.
template <class T>
void clip_value(std::int64_t count, T* g, std::type_identity_t<T> limit);

/// g *= factor.
template <class T>
void scale(std::int64_t count, T* g, std::type_identity_t<T> factor);

/// average = momentum average + (1 - momentum) w.
template <class T>
void moving_average(std::int64_t count, T* average, const T* w, double momentum);

}  // namespace nacre::kernels

#if NACRE_HEADER_ONLY
#include <nacre/kernels/optimizers-inl.hpp>
#endif
