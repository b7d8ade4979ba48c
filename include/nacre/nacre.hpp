#pragma once
// Everything of nacre that needs no optional dependency.

#include <nacre/core/version.hpp>

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

#include <nacre/callbacks/csv_logger.hpp>
#include <nacre/callbacks/early_stopping.hpp>
#include <nacre/callbacks/lambda_callback.hpp>
#include <nacre/callbacks/progress_bar.hpp>
#include <nacre/callbacks/terminate_on_nan.hpp>

#include <nacre/data/argmax.hpp>
#include <nacre/data/dataset.hpp>

#include <nacre/models/sequential.hpp>
#include <nacre/models/step_times.hpp>

#include <nacre/datasets/idx.hpp>
#include <nacre/datasets/mnist.hpp>

#include <nacre/saving/atomic_file.hpp>
#include <nacre/saving/model_checkpoint.hpp>
#include <nacre/saving/saving.hpp>
