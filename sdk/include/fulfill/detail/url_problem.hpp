// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>

namespace fulfill::detail {

/// What keeps an absolute URL from ever being called, as the predicate of a sentence; empty: nothing does. What a place
/// of a template (`{{...}}`) in it becomes is not known.
inline std::string_view url_problem(std::string_view url) noexcept {
  constexpr std::string_view kRisky = "\\\"<>^`";
  for (std::size_t at = 0; at < url.size(); ++at) {
    if (const std::size_t end = url.find("}}", at); url.substr(at).starts_with("{{") && end != std::string_view::npos)
      at = end + 1;
    else if (url[at] <= 0x20 || url[at] >= 0x7F || kRisky.find(url[at]) != std::string_view::npos)
      return "must not hold spaces, control characters, letters that are not ASCII, nor any of \\ \" < > ^ `";
  }
  std::string_view authority = url.substr(url.find("://") + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (authority.find("{{") != std::string_view::npos) return {};
  if (authority.find('@') != std::string_view::npos) return "must not carry user information";
  const bool is_address = authority.starts_with('[');  // without its end it is empty here
  const std::size_t end = std::min(is_address ? authority.find(']') + 1 : authority.find(':'), authority.size());
  const std::string_view host = authority.substr(0, end);
  const std::string_view port = authority.substr(end);
  if (host.empty()) return "has no host";
  const bool is_host = std::all_of(host.begin(), host.end(), [is_address](char c) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    if ((c >= '0' && c <= '9') || c == '.') return true;
    if (is_address) return (lower >= 'a' && lower <= 'f') || c == ':' || c == '[' || c == ']';
    return (lower >= 'a' && lower <= 'z') || c == '-' || c == '_';
  });
  if (!is_host || !(port.empty() || port.starts_with(':'))) return "has a host that is no name and no address";
  if (port.size() <= 1) return {};
  unsigned number = 0;
  const char* const port_end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data() + 1, port_end, number);
  const bool is_port = error == std::errc() && stop == port_end && number >= 1 && number <= 65535;
  return is_port ? std::string_view() : "has a port that is not within 1 to 65535";
}

}  // namespace fulfill::detail
