// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/HTTPRequest.h>
#include <Poco/String.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "runtime/ingress/header_text.hpp"

namespace fulfilld {

/// True if `fits` is true of an element of a header whose value is a list (RFC 9110, section 5.6.1), which may also be
/// given more than once. Empty elements are passed over.
template <class Fits>
[[nodiscard]] bool any_element(const Poco::Net::HTTPRequest& request, const std::string& header, Fits fits) {
  for (auto field = request.find(header); field != request.end(); ++field) {
    if (Poco::icompare(field->first, header) != 0) break;  // fields of one name stand together
    for (std::string_view rest = field->second; !rest.empty();) {
      const auto comma = std::min(rest.find(','), rest.size());
      if (const auto element = trimmed(rest.substr(0, comma)); !element.empty() && fits(element)) return true;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return false;
}

}  // namespace fulfilld
