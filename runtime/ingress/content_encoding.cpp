// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/content_encoding.hpp"

#include "runtime/ingress/header_list.hpp"

namespace fulfilld {

bool has_content_encoding(const Poco::Net::HTTPRequest& request) {
  static const std::string header = "Content-Encoding";
  return any_element(request, header, [](auto coding) { return !equals_ignoring_case(coding, "identity"); });
}

}  // namespace fulfilld
