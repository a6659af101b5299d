// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace postgresql {

/// A server's words, fit for a failure's message: one line of UTF-8, at most 300 bytes.
[[nodiscard]] std::string shown(std::string_view words);

/// What libpq says after an attempt to connect, at verbosity PQERRORS_VERBOSE. It has no field for the SQLSTATE then:
/// `connection to server at "db" (10.0.0.1), port 5432 failed: FATAL:  28P01: password authentication failed ...`
class ConnectMessage {
 public:
  explicit ConnectMessage(std::string_view text);

  /// Empty if it was not the server that said no.
  [[nodiscard]] const std::string& state() const noexcept { return state_; }
  /// The server's sentence, or libpq's first line; without hints.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string state_;
  std::string text_;
};

}  // namespace postgresql
