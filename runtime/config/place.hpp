// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

namespace fulfilld {

/// Where a setting was written: a line of a file, or a variable of the environment.
struct Place {
  std::string source;        ///< "fulfilld.toml", ".env", "environment PORT", or empty for none
  std::uint32_t line = 0;    ///< from 1; 0 if the source has no lines
  std::uint32_t column = 0;  ///< from 1; 0 if unknown

  /// `source:line`, as far as known.
  [[nodiscard]] std::string line_text() const { return line == 0 ? source : source + ':' + std::to_string(line); }

  /// `source:line:column`, as far as known.
  [[nodiscard]] std::string text() const {
    return column == 0 ? line_text() : line_text() + ':' + std::to_string(column);
  }
};

/// One mistake in the configuration.
struct Problem {
  Place place;
  std::string key;       ///< full path, e.g. `actions.default.retry.attempts`; empty if it is about no single key
  std::string sentence;  ///< what is wrong and what is allowed; never a secret

  /// `fulfilld.toml:12:3: server.port: must be ...`
  [[nodiscard]] std::string text() const {
    std::string text = place.text();
    if (!text.empty()) text += ": ";
    if (!key.empty()) text += key + ": ";
    return text + sentence;
  }

  [[nodiscard]] friend bool operator==(const Problem& a, const Problem& b) { return a.text() == b.text(); }
  [[nodiscard]] friend bool operator<(const Problem& a, const Problem& b) {
    return std::tie(a.place.source, a.place.line, a.place.column) <
           std::tie(b.place.source, b.place.line, b.place.column);
  }
};

}  // namespace fulfilld
