#pragma once
// The report: everything about a trained model on one page.

#include <nacre/core/compiled.hpp>
#include <nacre/models/history.hpp>
#include <nacre/models/model.hpp>
#include <nacre/reports/figure.hpp>
#include <nacre/reports/html_options.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

/// Everything about a trained model in one HTML file of its own, to be read in a browser without a network: the run,
/// the layers, the learning curves, scores with 95 % confidence intervals, the confusion matrix with the pictures
/// behind it, scores of each class, samples, the misclassified, the first convolution's filters and what they find,
/// where the time of a training step goes, and, where the model takes grey pictures of 28 by 28 pixels, a canvas on
/// which the reader draws a digit that the model recognizes. What a model or its data has no use for is left out; the
/// page says why there is no canvas, why it cannot compute a classifier's filters, and that there are too many classes
/// for a confusion matrix.
///
///     reports::html(model, history, train, test, {.title = "MNIST", .data_name = "MNIST"}).save("report.html");
///
/// @param history what `fit` returned.
/// @param train   what the model was trained on: samples are shown, and steps timed on a copy of the model.
/// @param test    what it is evaluated on.
/// The same input gives the same bytes where `time` is given and `timed_steps` is 0. Throws StateError for a model that
/// is not built; ShapeError for samples that are not as the model takes them; ValueError for test data without samples,
/// for negative options and a `batch_size` of 0, for targets of a classifier that are no classes (of training data only
/// where samples are to be shown), and for a layer's name that is not UTF-8 where the page holds the model; and
/// otherwise as `evaluate`, and where steps are timed `fit`, do.
template <class T>
Figure html(const BasicModel<T>& model, const History& history, const Dataset& train, const Dataset& test,
            const HtmlOptions& options = {});

}  // namespace nacre::reports

#if NACRE_HEADER_ONLY
#include <nacre/reports/html-inl.hpp>
#endif
