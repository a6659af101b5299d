// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/route.hpp"

#include "runtime/ingress/hex_digit.hpp"

namespace fulfilld {
namespace {

std::string_view path_of(std::string_view target) noexcept {
  if (target.substr(0, 7) == "http://" || target.substr(0, 8) == "https://") {
    const auto slash = target.find('/', target.find("//") + 2);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target.substr(0, target.find('?'));
}

std::string decoded(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      plain += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

}  // namespace

std::string_view Route::allow() const noexcept { return endpoint == Endpoint::execute ? "POST" : "GET, HEAD"; }

bool Route::takes(std::string_view method) const noexcept {
  return endpoint == Endpoint::execute ? method == "POST" : method == "GET" || method == "HEAD";
}

Route route_of(std::string_view target) {
  const auto path = path_of(target);
  if (path.empty() || path.front() != '/') return {};
  const auto slash = path.find('/', 1);
  const auto first = decoded(path.substr(1, slash == std::string_view::npos ? slash : slash - 1));
  if (slash == std::string_view::npos) {
    if (first == "healthz") return {Route::Endpoint::healthz, {}};
    if (first == "readyz") return {Route::Endpoint::readyz, {}};
    if (first == "execute") return {Route::Endpoint::execute, "default"};
    return {};
  }
  if (first != "execute" || slash + 1 == path.size()) return {};
  return {Route::Endpoint::execute, decoded(path.substr(slash + 1))};
}

}  // namespace fulfilld
