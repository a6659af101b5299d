// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <fulfill/error.hpp>
#include <fulfill/settings.hpp>
#include <map>
#include <string>
#include <string_view>

namespace postgresql {

/// How long an SQLSTATE is.
constexpr std::size_t kStateSize = 5;

/// True for a code that an execution may end with: 1 to 64 of [a-z0-9_.-].
[[nodiscard]] bool is_code(std::string_view word);

/// What helps where nothing was changed.
enum class Remedy {
  none,   ///< the same would happen again
  again,  ///< the transaction met another one
  later,  ///< the server, or the pooler before it, is full or away
};
[[nodiscard]] Remedy remedy_for(std::string_view state, std::string_view message) noexcept;

/// True for what may be said of a COMMIT that was carried out: of the connection to the server, by a pooler, and
/// `statement_completion_unknown`.
[[nodiscard]] bool leaves_outcome_open(std::string_view state) noexcept;

/// As which failure an SQLSTATE is reported. The settings `errors.23505 = "duplicate_order"` (one state) and
/// `errors.23 = "conflict"` (a class, its first two characters) go before what is built in. Immutable.
class ErrorCodes {
 public:
  /// Throws SettingError.
  explicit ErrorCodes(const fulfill::Settings& settings);

  /// The state's own code, else that of its class, else `sql_error`.
  [[nodiscard]] fulfill::Failed failure(const std::string& state, const std::string& message) const;

 private:
  std::map<std::string, std::string> codes_;
};

}  // namespace postgresql
