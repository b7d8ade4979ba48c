// What options of layers and of training hold, in nacre::compiled: initializers, regularizers, constraints, schedules
// and callbacks.

#include <nacre/callbacks/csv_logger-inl.hpp>
#include <nacre/callbacks/event_file-inl.hpp>
#include <nacre/callbacks/json_logger-inl.hpp>
#include <nacre/callbacks/monitor-inl.hpp>
#include <nacre/callbacks/tensor_board-inl.hpp>
#include <nacre/constraints/constraints-inl.hpp>
#include <nacre/initializers/initializer-inl.hpp>
#include <nacre/initializers/initializers-inl.hpp>
#include <nacre/initializers/orthogonal-inl.hpp>
#include <nacre/initializers/variance_scaling-inl.hpp>
#include <nacre/regularizers/regularizers-inl.hpp>
#include <nacre/schedules/learning_rate-inl.hpp>
#include <nacre/schedules/schedules-inl.hpp>
