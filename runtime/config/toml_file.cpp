// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/toml_file.hpp"

#include <toml++/toml.h>

#include <string>
#include <utility>

#include "runtime/config/read_file.hpp"

namespace fulfilld {
namespace {

Place place_of(const toml::source_region& region, const std::string& name) {
  return {name, static_cast<std::uint32_t>(region.begin.line), static_cast<std::uint32_t>(region.begin.column)};
}

Node convert(const toml::node& node, const std::string& name) {
  Node result{{}, place_of(node.source(), name), {}};
  if (const auto* table = node.as_table()) {
    Node::Table members;
    for (const auto& [key, value] : *table) {
      Node member = convert(value, name);
      member.key_place = place_of(key.source(), name);
      members.emplace(key.str(), std::move(member));
    }
    result.value = std::move(members);
  } else if (const auto* array = node.as_array()) {
    Node::Array elements;
    for (const auto& element : *array) elements.push_back(convert(element, name));
    result.value = std::move(elements);
  } else if (const auto* text = node.as_string()) {
    result.value = text->get();
  } else if (const auto* integer = node.as_integer()) {
    result.value = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    result.value = number->get();
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
    return {convert(toml::parse(text, name), name), {}};
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
