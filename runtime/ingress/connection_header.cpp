// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/connection_header.hpp"

#include "runtime/ingress/header_list.hpp"

namespace fulfilld {

bool client_keeps_connection(const Poco::Net::HTTPRequest& request) {
  static const std::string& header = Poco::Net::HTTPMessage::CONNECTION;
  const auto says = [&](std::string_view option) {
    return any_element(request, header, [&](auto element) { return equals_ignoring_case(element, option); });
  };
  if (says("close")) return false;
  return request.getVersion() != Poco::Net::HTTPRequest::HTTP_1_0 || says("keep-alive");
}

}  // namespace fulfilld
