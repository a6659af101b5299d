// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/config/environment.hpp"
#include "runtime/config/node.hpp"
#include "runtime/config/written_places.hpp"

namespace fulfilld {

/// What a pass over the configuration collects.
class Reading {
 public:
  explicit Reading(const Environment& environment) : environment_(environment) {}

  [[nodiscard]] const Environment& environment() const noexcept { return environment_; }

  void report(Place place, std::string key, std::string sentence) {
    problems_.push_back({std::move(place), std::move(key), std::move(sentence)});
  }
  /// Something that can be used, and that somebody should look at.
  void warn(Place place, std::string key, std::string sentence) {
    warnings_.push_back({std::move(place), std::move(key), std::move(sentence)});
  }
  /// Reports a key that nobody knows, with a suggestion from those that are known in its place.
  void report_unknown(const Node& node, std::string key, std::string_view written,
                      const std::vector<std::string>& known);

  void record(std::string key, const Place& place) { origins_.insert_or_assign(std::move(key), place); }

  /// Where the key stands, where that may be asked for: of tables with free names and what is in them.
  void record_key(std::string key, const Place& place) { keys_.insert_or_assign(std::move(key), place); }

  /// The place of a key that was read, or none.
  [[nodiscard]] Place place_of(const std::string& key) const;

  [[nodiscard]] Origins& origins() noexcept { return origins_; }
  [[nodiscard]] Origins& keys() noexcept { return keys_; }
  [[nodiscard]] std::vector<Problem>& problems() noexcept { return problems_; }
  [[nodiscard]] std::vector<Problem>& warnings() noexcept { return warnings_; }

 private:
  const Environment& environment_;
  Origins origins_;
  Origins keys_;
  std::vector<Problem> problems_;
  std::vector<Problem> warnings_;
};

}  // namespace fulfilld
