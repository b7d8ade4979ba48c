// The reports of nacre::compiled.

#include <nacre/reports/html-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

template Figure html(const BasicModel<float>&, const History&, const Dataset&, const Dataset&, const HtmlOptions&);
template Figure html(const BasicModel<double>&, const History&, const Dataset&, const Dataset&, const HtmlOptions&);

}  // namespace nacre::reports
