#pragma once
// Bodies of reports/html.hpp.

#include <nacre/reports/html.hpp>
#include <nacre/reports/page/document.hpp>
#include <nacre/reports/page/gather.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE::reports {

template <class T>
Figure html(const BasicModel<T>& model, const History& history, const Dataset& train, const Dataset& test,
            const HtmlOptions& options) {
  return page::render(page::gather(model, history, train, test, options));
}

}  // namespace nacre::reports
