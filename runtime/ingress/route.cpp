// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/route.hpp"

namespace fulfilld {
namespace {

std::string_view path_of(std::string_view target) noexcept {
  if (target.substr(0, 7) == "http://" || target.substr(0, 8) == "https://") {
    const auto slash = target.find('/', target.find("//") + 2);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target.substr(0, target.find('?'));
}

}  // namespace

std::string_view Route::allow() const noexcept { return endpoint == Endpoint::execute ? "POST" : "GET, HEAD"; }

bool Route::takes(std::string_view method) const noexcept {
  return endpoint == Endpoint::execute ? method == "POST" : method == "GET" || method == "HEAD";
}

Route route_of(std::string_view target) noexcept {
  constexpr std::string_view execute = "/execute";
  const auto path = path_of(target);
  if (path == "/healthz") return {Route::Endpoint::healthz, {}};
  if (path == "/readyz") return {Route::Endpoint::readyz, {}};
  if (path == execute) return {Route::Endpoint::execute, "default"};
  if (path.size() > execute.size() + 1 && path.substr(0, execute.size()) == execute && path[execute.size()] == '/')
    return {Route::Endpoint::execute, path.substr(execute.size() + 1)};
  return {};
}

}  // namespace fulfilld
