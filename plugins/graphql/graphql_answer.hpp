// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <fulfill/document.hpp>
#include <fulfill/error.hpp>
#include <fulfill/response.hpp>
#include <string>
#include <utility>
#include <vector>

#include "../mapping/error_words.hpp"
#include "../mapping/pointer.hpp"
#include "../mapping/section.hpp"
#include "error_list.hpp"

namespace graphql {

/// The `data` of an answer.
class Data {
 public:
  Data(fulfill::Document value, std::string missing) : value_(std::move(value)), missing_(std::move(missing)) {}
  [[nodiscard]] fulfill::Document& value() noexcept { return value_; }
  /// Why not all of it is there, the message of the first error; empty if all is.
  [[nodiscard]] const std::string& missing() const noexcept { return missing_; }

 private:
  fulfill::Document value_;
  std::string missing_;
};

/// What an answer means, by the settings `errors.CODE`, `error_code`, `partial` and `max_answer`. Immutable; any
/// thread.
class AnswerReader {
 public:
  /// Throws SettingError.
  explicit AnswerReader(const mapping::Section& section);

  /// Of a 2xx answer. Throws the Failed that the settings make of its errors, `graphql_error` if they have no word for
  /// them; `fulfill::Response::unreadable` for what is no answer of GraphQL, and `mapping::too_long`.
  [[nodiscard]] Data data(const fulfill::Response& answer) const;

  /// As what a call that was not answered by 2xx is reported. `message`: the server's own; empty if it has none.
  [[nodiscard]] fulfill::Failed failure(const fulfill::HttpError& error) const;

 private:
  [[nodiscard]] fulfill::Failed failure(const std::vector<Error>& errors, const std::string& otherwise) const;

  mapping::ErrorWords errors_;
  mapping::Pointer error_code_;
  bool takes_part_;
  std::size_t longest_answer_;
};

}  // namespace graphql
