// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/logged_url.hpp"

#include <algorithm>
#include <cstddef>
#include <fulfill/request.hpp>
#include <vector>

#include "actors/policy/escaped_text.hpp"

namespace fulfilld {
namespace {

constexpr std::size_t longest = 512;

std::string_view without_query(std::string_view target) { return target.substr(0, target.find_first_of("?#")); }

/// The strings and numbers in a JSON text, the names of members left out.
std::vector<std::string_view> values_in(std::string_view data) {
  constexpr std::string_view between = " \t\r\n,:[]{}";
  std::vector<std::string_view> values;
  for (std::size_t at = data.find_first_not_of(between); at < data.size(); at = data.find_first_not_of(between, at)) {
    const bool is_string = data[at] == '"';
    const std::size_t begin = is_string ? at + 1 : at;
    std::size_t end = begin;
    while (end < data.size() && (is_string ? data[end] != '"' : between.find(data[end]) == std::string_view::npos))
      end += data[end] == '\\' ? 2 : 1;
    end = std::min(end, data.size());
    at = is_string ? std::min(end + 1, data.size()) : end;
    const auto next = data.find_first_not_of(" \t\r\n", at);
    const bool is_name = next < data.size() && data[next] == ':';
    if (!is_name && end > begin) values.push_back(data.substr(begin, end - begin));
  }
  return values;
}

std::string decoded(std::string_view segment) {
  std::string text;
  for (std::size_t at = 0; at < segment.size();) {
    const auto meant = segment[at] == '%' ? unescape(segment, at) : Unescaped{};
    text.append(meant.count > 0 ? std::string_view(meant.bytes.data(), meant.count) : segment.substr(at, 1));
    at += std::max<std::size_t>(meant.length, 1);
  }
  return text;
}

/// A word of the path that is a word of the input too, by chance or not; or one that holds a number or a key of it.
bool tells(const std::string& segment, std::string_view value) {
  constexpr std::size_t least_part = 4;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (segment == value) return true;
  return value.size() >= least_part && !std::all_of(value.begin(), value.end(), is_letter) &&
         segment.find(value) != std::string::npos;
}

std::string without_input(std::string_view path, std::string_view data) {
  path = path.substr(0, longest);
  const auto values = values_in(data);
  std::string result;
  for (std::size_t at = 0; at <= path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    const auto segment = path.substr(at, end - at);
    const std::string plain = decoded(segment);
    const bool hidden = !segment.empty() && std::any_of(values.begin(), values.end(),
                                                        [&](std::string_view value) { return tells(plain, value); });
    result.append(hidden ? "*" : segment);
    if (end < path.size()) result += '/';
    at = end + 1;
  }
  return result;
}

}  // namespace

std::string logged_path(const Url& url, std::string_view data) {
  return without_input(without_query(url.target), data);
}

std::string logged_location(std::string_view location, std::string_view data) {
  const std::string place = fulfill::detail::place_of(location);
  const auto slash = place.find('/');
  const bool has_origin = slash < place.size() && slash == place.find("//");
  const auto path = has_origin ? std::min(place.find('/', slash + 2), place.size()) : 0;
  return place.substr(0, path) + without_input(std::string_view(place).substr(path), data);
}

}  // namespace fulfilld
