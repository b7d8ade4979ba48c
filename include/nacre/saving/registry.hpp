#pragma once
// Makes the classes that come with nacre known to `load`.

#include <nacre/initializers/constant.hpp>
#include <nacre/initializers/variance_scaling.hpp>
#include <nacre/layers/activation.hpp>
#include <nacre/layers/average_pooling2d.hpp>
#include <nacre/layers/batch_normalization.hpp>
#include <nacre/layers/conv2d.hpp>
#include <nacre/layers/dense.hpp>
#include <nacre/layers/dropout.hpp>
#include <nacre/layers/flatten.hpp>
#include <nacre/layers/global_average_pooling2d.hpp>
#include <nacre/layers/global_max_pooling2d.hpp>
#include <nacre/layers/input.hpp>
#include <nacre/layers/max_pooling2d.hpp>
#include <nacre/layers/relu.hpp>
#include <nacre/layers/rescaling.hpp>
#include <nacre/layers/reshape.hpp>
#include <nacre/layers/softmax.hpp>
#include <nacre/losses/binary_crossentropy.hpp>
#include <nacre/losses/categorical_crossentropy.hpp>
#include <nacre/losses/mean_absolute_error.hpp>
#include <nacre/losses/mean_squared_error.hpp>
#include <nacre/losses/sparse_categorical_crossentropy.hpp>
#include <nacre/metrics/accuracy.hpp>
#include <nacre/metrics/binary_accuracy.hpp>
#include <nacre/metrics/categorical_accuracy.hpp>
#include <nacre/metrics/mean.hpp>
#include <nacre/metrics/precision.hpp>
#include <nacre/metrics/recall.hpp>
#include <nacre/metrics/sparse_categorical_accuracy.hpp>
#include <nacre/optimizers/adam.hpp>
#include <nacre/optimizers/adamw.hpp>
#include <nacre/optimizers/rmsprop.hpp>
#include <nacre/optimizers/sgd.hpp>

namespace nacre {

/// Registers nacre's own layers, losses, metrics, optimizers and initializers for models of `T`; `load` does so itself.
/// May be called any number of times, from several threads.
template <class T>
void register_built_in_classes() {
  static const bool done = [] {
    Registry<AnyInitializer>::add<Constant, GlorotNormal, GlorotUniform, HeNormal, HeUniform, Ones, VarianceScaling,
                                  Zeros>();
    Registry<AnyLayer<T>>::template add<ActivationLayer, AveragePooling2D, BatchNormalization, Conv2D, Dense, Dropout,
                                        Flatten, GlobalAveragePooling2D, GlobalMaxPooling2D, Input, MaxPooling2D, ReLU,
                                        Rescaling, Reshape, Softmax>();
    Registry<AnyLoss<T>>::template add<BinaryCrossentropy, CategoricalCrossentropy, MeanAbsoluteError, MeanSquaredError,
                                       SparseCategoricalCrossentropy>();
    Registry<AnyMetric<T>>::template add<Accuracy, BinaryAccuracy, CategoricalAccuracy, Mean, Precision, Recall,
                                         SparseCategoricalAccuracy>();
    Registry<AnyOptimizer<T>>::template add<Adam, AdamW, RMSprop, SGD>();
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace nacre
