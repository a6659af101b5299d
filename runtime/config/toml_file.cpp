// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/toml_file.hpp"

#include <toml++/toml.h>

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "runtime/config/read_file.hpp"

namespace fulfilld {
namespace {

Place place_of(const toml::source_region& region, const std::string& name) {
  return {name, static_cast<std::uint32_t>(region.begin.line), static_cast<std::uint32_t>(region.begin.column)};
}

/// What stands at a place of a TOML text. toml++ counts lines and columns from 1 on, columns in characters.
std::string_view from_place(std::string_view text, const toml::source_position& place) {
  for (toml::source_index line = 1; line < place.line; ++line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  const auto is_inside = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  for (toml::source_index column = 1; column < place.column && !text.empty(); ++column) {
    text.remove_prefix(1);
    while (!text.empty() && is_inside(text.front())) text.remove_prefix(1);
  }
  return text;
}

/// How the number there is written; empty if it is none of decimal digits.
std::string digits_of(std::string_view written, double number) {
  std::string digits(written.substr(0, written.find_first_not_of("+-.0123456789_eE")));
  std::erase(digits, '_');
  if (digits.starts_with('+')) digits.erase(0, 1);
  double read = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, read);
  return error == std::errc() && stop == end && read == number ? digits : std::string();
}

/// `text`: the whole of which `node` is a part.
Node convert(const toml::node& node, const std::string& name, std::string_view text) {
  Node result{{}, place_of(node.source(), name), {}};
  if (const auto* table = node.as_table()) {
    Node::Table members;
    for (const auto& [key, value] : *table) {
      Node member = convert(value, name, text);
      member.key_place = place_of(key.source(), name);
      members.emplace(key.str(), std::move(member));
    }
    result.value = std::move(members);
  } else if (const auto* array = node.as_array()) {
    Node::Array elements;
    for (const auto& element : *array) elements.push_back(convert(element, name, text));
    result.value = std::move(elements);
  } else if (const auto* words = node.as_string()) {
    result.value = words->get();
  } else if (const auto* integer = node.as_integer()) {
    result.value = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    result.value = number->get();
    result.digits = digits_of(from_place(text, node.source().begin), number->get());
  } else if (const auto* truth = node.as_boolean()) {
    result.value = truth->get();
  } else {
    result.value = Node::Other{};
  }
  return result;
}

}  // namespace

TomlFile read_toml(std::string_view text, const std::string& name) {
  try {
    return {convert(toml::parse(text, name), name, text), {}};
  } catch (const toml::parse_error& error) {
    return {{}, {{place_of(error.source(), name), "", std::string(error.description())}}};
  }
}

TomlFile read_toml_file(const std::filesystem::path& path) {
  constexpr std::size_t largest = 1 << 20;
  auto file = read_file(path, largest);
  if (!file.problem.empty()) return {{}, {{{path.string()}, "", std::move(file.problem)}}};
  return read_toml(file.text, path.string());
}

}  // namespace fulfilld
