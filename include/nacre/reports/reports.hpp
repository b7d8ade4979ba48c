#pragma once
// Everything that nacre reports: figures of a data set, of a training run, and of what a model makes of a data set.

#include <nacre/reports/chart.hpp>
#include <nacre/reports/class_scores.hpp>
#include <nacre/reports/classification.hpp>
#include <nacre/reports/confidence.hpp>
#include <nacre/reports/confusion_matrix.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/reports/graph.hpp>
#include <nacre/reports/html.hpp>
#include <nacre/reports/learning_curves.hpp>
#include <nacre/reports/misclassified.hpp>
#include <nacre/reports/png.hpp>
#include <nacre/reports/predictions.hpp>
#include <nacre/reports/samples.hpp>
#include <nacre/reports/scores.hpp>
