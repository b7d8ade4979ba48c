#pragma once
// Embedding: a vector of numbers for each of a set of things that are known by number.

#include <string>

#include <nacre/constraints/constraints.hpp>
#include <nacre/initializers/initializers.hpp>
#include <nacre/layers/layer.hpp>
#include <nacre/regularizers/regularizers.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

/// Options of Embedding.
struct EmbeddingOptions {
  AnyInitializer embeddings_initializer = RandomUniform();
  AnyRegularizer embeddings_regularizer{};
  AnyConstraint embeddings_constraint{};
  bool mask_zero = false;  ///< whether id 0 stands for a step that does not count: the output then has a mask
  std::string name{};
  void fields(Fields& list) {
    list("embeddings_initializer", embeddings_initializer);
    list.if_any("embeddings_regularizer", embeddings_regularizer);
    list.if_any("embeddings_constraint", embeddings_constraint);
    list("mask_zero", mask_zero);
    list("name", name);
  }
};

namespace detail {

/// What Embedding computes.
struct Lookup {
  std::int64_t rows;     ///< of the table
  std::int64_t columns;  ///< of the table

  enum class Weights { embeddings };
  enum class Buffers { ids };
  enum class Scratch { order };

  template <class T>
  void forward(const Forward<T>& step) const;
  template <class T>
  void backward(const Backward<T>& step) const;
};

}  // namespace detail

/// A row of a table of weights (input_dim, output_dim) for each id: input (batch, ...), whole numbers from 0 to
/// input_dim - 1, output (batch, ..., output_dim). `Input({length}, {.dtype = "int32"})` keeps ids exact that are above
/// 2^24; ids may also be floating numbers, of which the part behind the point is dropped. The gradients of a row that
/// is used several times are added in the order of the batch.
struct Embedding : Callable<Embedding> {
  static constexpr std::string_view type_name = "Embedding";

  /// Throws ValueError for an input_dim or output_dim below 1.
  Embedding(std::int64_t input_dim, std::int64_t output_dim, EmbeddingOptions options = {});

  std::int64_t input_dim;
  std::int64_t output_dim;
  EmbeddingOptions options;
  void fields(Fields& list) {
    list("input_dim", input_dim);
    list("output_dim", output_dim);
    options.fields(list);
  }
  void validate() const;

  Shape build(const Shape& input, LayerBuilder& builder) const;

  /// Throws ValueError for an id outside the table.
  template <class T>
  void forward(const Forward<T>& step) const {
    detail::Lookup{input_dim, output_dim}.forward(step);
  }
  template <class T>
  void backward(const Backward<T>& step) const {
    detail::Lookup{input_dim, output_dim}.backward(step);
  }

 private:
  friend struct ConfigAccess;
  Embedding() : input_dim(1), output_dim(1) {}
};

}  // namespace nacre

#if NACRE_HEADER_ONLY
#include <nacre/layers/embedding-inl.hpp>
#endif
