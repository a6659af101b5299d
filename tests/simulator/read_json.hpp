// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace fulfilld::simulator {

/// A fault or setting that nobody can follow; `what()` names the member.
class BadSetting : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// How each member of a JSON object is read.
using Readers = std::map<std::string, std::function<void(const nlohmann::json& value)>, std::less<>>;

/// Hands every member to its reader. A member without one, and whatever a reader objects to, is a `BadSetting`.
void read_members(const nlohmann::json& object, const Readers& readers);

[[nodiscard]] double read_number(const nlohmann::json& value, double least);
[[nodiscard]] std::uint64_t read_count(const nlohmann::json& value, std::uint64_t least = 0);
[[nodiscard]] bool read_flag(const nlohmann::json& value);
[[nodiscard]] std::string read_text(const nlohmann::json& value);

/// The meaning of a word out of a fixed list.
template <class Enum>
[[nodiscard]] Enum read_word(const nlohmann::json& value,
                             std::initializer_list<std::pair<std::string_view, Enum>> words) {
  std::string known;
  for (const auto& [word, meaning] : words) {
    if (value.is_string() && value.get_ref<const std::string&>() == word) return meaning;
    known.append(known.empty() ? "" : ", ").append(word);
  }
  throw BadSetting(value.dump() + " is none of " + known);
}

}  // namespace fulfilld::simulator
