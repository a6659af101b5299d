// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <fulfill/error.hpp>
#include <fulfill/json.hpp>
#include <fulfill/response.hpp>
#include <string>
#include <utility>

#include "../mapping/error_words.hpp"
#include "../mapping/pointer.hpp"
#include "../mapping/section.hpp"

namespace graphql {

/// The `data` of an answer.
class Data {
 public:
  Data(fulfill::Json value, std::string missing) : value_(std::move(value)), missing_(std::move(missing)) {}
  [[nodiscard]] fulfill::Json& value() noexcept { return value_; }
  /// Why not all of it is there, the message of the first error; empty if all is.
  [[nodiscard]] const std::string& missing() const noexcept { return missing_; }

 private:
  fulfill::Json value_;
  std::string missing_;
};

/// What an answer means, by the settings `errors.CODE`, `error_code`, `partial` and `max_answer`. Immutable; any
/// thread.
class AnswerReader {
 public:
  /// Throws SettingError.
  explicit AnswerReader(const mapping::Section& section);

  /// Of a 2xx answer. Throws the Failed that the settings make of its errors, `graphql_error` if they have no word for
  /// them; `backend_bad_answer` for what is no answer of GraphQL.
  [[nodiscard]] Data data(const fulfill::Response& answer) const;

  /// Throws what a call that was not answered by 2xx ends as: `error` itself unless the settings, or the answer, say
  /// more.
  [[noreturn]] void fail(const fulfill::HttpError& error) const;

 private:
  [[nodiscard]] fulfill::Failed failure(const fulfill::Json& errors, const std::string& otherwise) const;
  [[nodiscard]] std::string code_in(const fulfill::Json& error) const;

  mapping::ErrorWords errors_;
  mapping::Pointer error_code_;
  bool takes_part_;
  std::size_t longest_answer_;
};

}  // namespace graphql
