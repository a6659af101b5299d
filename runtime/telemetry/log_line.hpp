// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fulfilld {

/// How log lines are written.
enum class LogFormat : std::uint8_t { json, text };

/// Builds one line of the log: an event and its fields, in the order in which they are added. Whatever the values hold,
/// the result is one line, valid UTF-8 and (as JSON) valid JSON; a value above 4096 bytes is cut.
class LogLine {
 public:
  LogLine(LogFormat format, std::string_view event);

  LogLine& field(std::string_view name, std::string_view value);
  /// As `field`, but nothing is added for an empty value.
  LogLine& field_if_any(std::string_view name, std::string_view value) {
    return value.empty() ? *this : field(name, value);
  }
  LogLine& number(std::string_view name, std::int64_t value);
  /// With one decimal; not negative.
  LogLine& decimal(std::string_view name, double value);

  /// As JSON without the opening brace, so that time and level can be put before it: `"event":"x","a":1}`.
  /// As text: `x a=1`.
  [[nodiscard]] std::string take() &&;

 private:
  void begin(std::string_view name);

  LogFormat format_;
  std::string line_;
};

}  // namespace fulfilld
