// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/response.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "section.hpp"

namespace mapping {

/// True for `404` and `4xx`.
[[nodiscard]] bool is_status_pattern(std::string_view text) noexcept;
/// True if the status is that one, or of that class.
[[nodiscard]] bool matches(std::string_view pattern, int status) noexcept;
/// True if the call was answered, whole, with a status other than 2xx.
[[nodiscard]] bool has_final_status(const fulfill::HttpError& error) noexcept;

/// The settings `errors.NAME = "word"`: as which failure an error is reported. NAME is a status, a class of statuses
/// (`4xx`), or a code of the backend's own. Immutable.
class ErrorWords {
 public:
  /// Throws SettingError for a word that is none (at most 64 of a-z, 0-9, _, ., -), and, if only statuses are allowed,
  /// for a name that is none.
  ErrorWords(const Section& section, bool statuses_only);

  [[nodiscard]] std::optional<std::string> for_status(int status) const;
  [[nodiscard]] std::optional<std::string> for_code(std::string_view code) const;

 private:
  std::map<std::string, std::string, std::less<>> words_;
};

}  // namespace mapping
