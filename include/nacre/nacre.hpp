#pragma once
// Everything of nacre that needs no optional dependency.

#include <nacre/core/atomic_file.hpp>
#include <nacre/core/version.hpp>

#include <nacre/initializers/initializers.hpp>
#include <nacre/layers/layers.hpp>
#include <nacre/losses/losses.hpp>
#include <nacre/metrics/metrics.hpp>
#include <nacre/optimizers/optimizers.hpp>

#include <nacre/callbacks/csv_logger.hpp>
#include <nacre/callbacks/early_stopping.hpp>
#include <nacre/callbacks/json_logger.hpp>
#include <nacre/callbacks/lambda_callback.hpp>
#include <nacre/callbacks/learning_rate_scheduler.hpp>
#include <nacre/callbacks/progress_bar.hpp>
#include <nacre/callbacks/reduce_lr_on_plateau.hpp>
#include <nacre/callbacks/swap_ema_weights.hpp>
#include <nacre/callbacks/tensor_board.hpp>
#include <nacre/callbacks/terminate_on_nan.hpp>
#include <nacre/callbacks/time_limit.hpp>

#include <nacre/data/adapt.hpp>
#include <nacre/data/argmax.hpp>
#include <nacre/data/batch_operations.hpp>
#include <nacre/data/batches.hpp>
#include <nacre/data/dataset.hpp>
#include <nacre/data/image_augmentation.hpp>
#include <nacre/data/k_fold.hpp>
#include <nacre/data/timeseries.hpp>

#include <nacre/models/cross_validation.hpp>
#include <nacre/models/learning_rate_finder.hpp>
#include <nacre/models/search.hpp>
#include <nacre/models/sequential.hpp>
#include <nacre/models/step_times.hpp>
#include <nacre/models/stepper.hpp>

#include <nacre/datasets/idx.hpp>
#include <nacre/datasets/mnist.hpp>

#include <nacre/saving/model_checkpoint.hpp>
#include <nacre/saving/saving.hpp>
