// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/secret_source.hpp"

#include <algorithm>
#include <utility>

#include "runtime/config/read_file.hpp"

namespace fulfilld {
namespace {

constexpr std::size_t largest_secret = 64 << 10;

FetchedSecret refuse(std::string problem) { return {{}, std::move(problem)}; }

}  // namespace

FetchedSecret fetch_secret(std::string_view source, const Environment& environment, bool one_line) {
  std::string value;
  std::string where;
  if (source.starts_with("env:")) {
    const std::string name(source.substr(4));
    where = "the environment variable " + name;
    auto variable = environment.find(name);
    if (!variable) return refuse(where + " is not set, or empty");
    value = std::move(variable->text);
    if (value.starts_with("\xef\xbb\xbf")) value.erase(0, 3);  // of `export X=$(cat file)`
  } else if (source.starts_with("file:")) {
    const std::string path(source.substr(5));
    where = "the file " + path;
    auto file = read_file(path, largest_secret);
    if (!file.problem.empty()) return refuse(where + ' ' + file.problem);
    value = std::move(file.text);
    while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
    if (value.empty()) return refuse(where + " is empty");
  } else {
    return refuse("must be \"env:NAME\" or \"file:PATH\": a secret never stands in the configuration itself");
  }
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (one_line && std::any_of(value.begin(), value.end(), is_control))
    return refuse(where + " has a line end or another control character inside");
  return {Secret(std::move(value)), {}};
}

}  // namespace fulfilld
