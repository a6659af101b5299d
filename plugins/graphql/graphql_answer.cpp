// SPDX-License-Identifier: Apache-2.0
#include "graphql_answer.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "../mapping/json_answer.hpp"

namespace graphql {
namespace {

using fulfill::Document;
using fulfill::Failed;

constexpr std::string_view kMediaType = "application/graphql-response+json";

/// Without regard to case (RFC 9110, 8.3.1), and whatever its parameters.
bool is_graphql_type(std::string_view type) {
  const auto same = [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a + ('a' - 'A') == b); };
  const auto beginning = type.substr(0, kMediaType.size());
  return std::equal(beginning.begin(), beginning.end(), kMediaType.begin(), kMediaType.end(), same);
}

mapping::Pointer error_code_of(const mapping::Section& section) {
  auto pointer = mapping::Pointer::parse(section.find("error_code").value_or("/extensions/code"));
  if (!pointer) section.refuse("error_code", "must be a JSON Pointer such as /extensions/code");
  return std::move(*pointer);
}

}  // namespace

AnswerReader::AnswerReader(const mapping::Section& section)
    : errors_(section, false),
      error_code_(error_code_of(section)),
      takes_part_(section.choice("partial", {"fail", "take"}, "fail") == "take"),
      longest_answer_(
          static_cast<std::size_t>(section.settings().integer(section.full("max_answer"), 1, 64 << 20, 1 << 20))) {}

Failed AnswerReader::failure(const std::vector<Error>& errors, const std::string& otherwise) const {
  for (const Error& error : errors)
    if (auto word = errors_.for_code(error.code()))
      return {std::move(*word), error.message().empty() ? message_of(errors) : error.message()};
  return {otherwise, message_of(errors)};
}

Data AnswerReader::data(const fulfill::Response& answer) const {
  if (answer.body().size() > longest_answer_) throw mapping::too_long(answer);
  Document value = mapping::json_of(answer);
  if (!value.is_object())
    throw answer.unreadable("the answer is no object, as one of GraphQL is: " + mapping::excerpt(value.dump()));
  const auto errors = errors_in(value, error_code_);
  Document* data = value.find("data");
  const bool has_data = data != nullptr && !data->is_null();
  if (!errors.empty() && (!has_data || !takes_part_)) throw failure(errors, "graphql_error");
  if (!has_data) throw answer.unreadable("the answer has neither data nor errors: " + mapping::excerpt(value.dump()));
  return Data(std::move(*data), errors.empty() ? std::string() : message_of(errors));
}

Failed AnswerReader::failure(const fulfill::HttpError& error) const {
  const auto& answer = error.response();
  if (!mapping::has_final_status(error) || answer.body().size() > longest_answer_) return {error.code(), ""};
  const auto word = errors_.for_status(error.status());
  const auto errors = errors_in(mapping::json_or_null(answer), error_code_);
  if (errors.empty()) return {word.value_or(error.code()), ""};
  // Of other media types it may be the word of a proxy (GraphQL over HTTP, "application/json"): only a code that is
  // known counts.
  const bool is_graphql = is_graphql_type(answer.header("Content-Type"));
  return failure(errors, word.value_or(is_graphql ? "graphql_error" : error.code()));
}

}  // namespace graphql
