// The layers that prepare and augment data in nacre::compiled.

#include <nacre/layers/integer_lookup-inl.hpp>
#include <nacre/layers/normalization-inl.hpp>
#include <nacre/layers/random_image-inl.hpp>
#include <nacre/layers/token_encoding-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

#define NACRE_BODIES(T)                                                                              \
  template std::int64_t Normalization::expand_to(const Shape&, T*, T*) const;                        \
  template void detail::encode_tokens(const detail::TokenEncoding&, const Forward<T>&);              \
  template void detail::change_images(const Forward<T>&, const void*, detail::DrawChange);           \
  template void detail::copy_images(const Forward<T>&);                                              \
  template void detail::change_images_gradient(const Backward<T>&, const void*, detail::DrawChange); \
  template void detail::clear_input_gradient(const Backward<T>&)

NACRE_BODIES(float);
NACRE_BODIES(double);

}  // namespace nacre
