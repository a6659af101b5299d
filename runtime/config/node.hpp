// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/config/place.hpp"

namespace fulfilld {

/// A value as it was written, before anyone knows what it means, with its place. Files and the environment both become
/// a tree of these, so that the schema reads one thing only.
struct Node {
  using Array = std::vector<Node>;
  using Table = std::map<std::string, Node>;
  struct Other {};  ///< a TOML type that no setting has: dates and times

  std::variant<Table, Array, std::string, std::int64_t, double, bool, Other> value;
  Place place;              ///< of the value
  Place key_place;          ///< of its key
  std::string digits = {};  ///< of a double: as it was written, without underscores and plus sign: 1.10 stays that

  [[nodiscard]] Table* table() noexcept { return std::get_if<Table>(&value); }
  [[nodiscard]] const Table* table() const noexcept { return std::get_if<Table>(&value); }
  [[nodiscard]] const Array* array() const noexcept { return std::get_if<Array>(&value); }
  [[nodiscard]] const std::string* text() const noexcept { return std::get_if<std::string>(&value); }

  /// The node under `key`, or null if there is none or this is no table.
  [[nodiscard]] const Node* find(const std::string& key) const {
    const auto* members = table();
    if (members == nullptr) return nullptr;
    const auto found = members->find(key);
    return found == members->end() ? nullptr : &found->second;
  }
};

/// A node in words for an error message, e.g. `"5x"` or `a table`. Not for secrets: it quotes the value.
[[nodiscard]] std::string describe(const Node& node);

}  // namespace fulfilld
