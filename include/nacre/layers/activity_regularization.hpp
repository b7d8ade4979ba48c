#pragma once
// ActivityRegularization: a penalty for what passes through.

#include <string>

#include <nacre/layers/layer.hpp>
#include <nacre/regularizers/l1_l2.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of ActivityRegularization.
struct ActivityRegularizationOptions {
  double l1 = 0;
  double l2 = 0;
  std::string name{};

  void fields(Fields& list) {
    list("l1", l1);
    list("l2", l2);
    list("name", name);
  }
};

/// output = input, of any shape; the loss has l1 * sum |x| + l2 * sum x^2 over the batch added. Costs no memory.
struct ActivityRegularization : Callable<ActivityRegularization> {
  static constexpr std::string_view type_name = "ActivityRegularization";

  /// Throws ValueError for a negative factor.
  ActivityRegularization(ActivityRegularizationOptions options = {});

  ActivityRegularizationOptions options;
  void fields(Fields& list) { options.fields(list); }
  void validate() const { L1L2(options.l1, options.l2).validate(); }

  Shape build(const Shape& input, LayerBuilder& builder) const {
    builder.share_input();
    builder.pass_mask();
    builder.activity_regularizer(L1L2(options.l1, options.l2));
    return input;
  }
  template <class T>
  void forward(const Forward<T>&) const {}
  template <class T>
  void backward(const Backward<T>&) const {}
};

inline ActivityRegularization::ActivityRegularization(ActivityRegularizationOptions chosen)
    : options(std::move(chosen)) {
  validate();
}

}  // namespace nacre
