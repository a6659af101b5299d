// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/host_header.hpp"

#include <Poco/Net/HTTPRequest.h>
#include <Poco/String.h>

#include <algorithm>
#include <array>

namespace fulfilld {
namespace {

/// What may stand in uri-host and port (RFC 3986, section 3.2.2); an empty Host is allowed.
constexpr auto of_a_host = [] {
  std::array<bool, 256> fits{};
  for (const char c :
       std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%!$&'()*+,;=:[]"))
    fits[static_cast<unsigned char>(c)] = true;
  return fits;
}();

bool fits_a_host(char c) noexcept { return of_a_host[static_cast<unsigned char>(c)]; }

/// What follows the colon behind a name, or behind an address in brackets, is a port.
bool has_wrong_port(std::string_view host) noexcept {
  const auto colon = host.find(':', host.starts_with('[') ? host.find(']') : 0);
  if (colon == std::string_view::npos) return false;
  const auto port = host.substr(colon + 1);
  return !std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string_view host_problem(const Poco::Net::HTTPRequest& request) {
  static const std::string& header = Poco::Net::HTTPRequest::HOST;
  auto field = request.find(header);
  if (field == request.end())
    return request.getVersion() == Poco::Net::HTTPRequest::HTTP_1_0 ? "" : "The Host header is missing";
  if (!std::all_of(field->second.begin(), field->second.end(), fits_a_host) || has_wrong_port(field->second))
    return "The Host header is not a host";
  ++field;
  if (field != request.end() && Poco::icompare(field->first, header) == 0)
    return "The Host header is given more than once";
  return {};
}

}  // namespace fulfilld
