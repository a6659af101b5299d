// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>

#include "runtime/config/place.hpp"

namespace fulfilld {

/// Where each setting in force was written, by its full key; what is not here is a default.
using Origins = std::map<std::string, Place>;

/// Where settings were written: the value of each, and the key that leads to it, of tables too.
class WrittenPlaces {
 public:
  WrittenPlaces() = default;
  WrittenPlaces(Origins values, Origins keys) : values_(std::move(values)), keys_(std::move(keys)) {}

  /// The mistake that an adapter of that action tells in `sentence`, where it names a setting or a secret in quotes, as
  /// fulfill::Settings does: at its key if nobody knows it, at its value if that is wrong, at its table if it is
  /// missing; at the action if none is named.
  [[nodiscard]] Problem mistake_in_action(const std::string& action, const std::string& sentence) const;

  /// A mistake in the setting with that full key, or in the nearest table around it that was written.
  [[nodiscard]] Problem mistake(const std::string& key, std::string sentence) const;

  /// The full key below `table`, a full key too, that an adapter knows by that name; empty: none was written.
  [[nodiscard]] std::string key_named(const std::string& table, const std::string& name) const;

 private:
  [[nodiscard]] Place place_of(const std::string& key, bool of_key) const;

  Origins values_;
  Origins keys_;
};

}  // namespace fulfilld
