// SPDX-License-Identifier: Apache-2.0
#include "graphql_answer.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "../mapping/json_answer.hpp"

namespace graphql {
namespace {

using fulfill::Document;
using fulfill::Failed;

constexpr std::string_view kMediaType = "application/graphql-response+json";

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
    if (auto word = errors_.for_code(error.code())) return {std::move(*word), error.message()};
  return {otherwise, errors.front().message()};
}

Data AnswerReader::data(const fulfill::Response& answer) const {
  if (answer.body().size() > longest_answer_) throw mapping::too_long(answer);
  Document value = mapping::json_of(answer);
  if (!value.is_object()) throw answer.unreadable("the answer is no object, as one of GraphQL is");
  const auto errors = errors_in(value, error_code_);
  Document* data = value.find("data");
  const bool has_data = data != nullptr && !data->is_null();
  if (!errors.empty() && (!has_data || !takes_part_)) throw failure(errors, "graphql_error");
  if (!has_data) throw answer.unreadable("the answer has neither data nor errors: " + mapping::excerpt(value.dump()));
  return Data(std::move(*data), errors.empty() ? std::string() : errors.front().message());
}

Failed AnswerReader::failure(const fulfill::HttpError& error) const {
  const auto& answer = error.response();
  if (!mapping::has_final_status(error) || answer.body().size() > longest_answer_) return {error.code(), ""};
  const auto word = errors_.for_status(error.status());
  const auto errors = errors_in(mapping::json_or_null(answer), error_code_);
  if (errors.empty()) return {word.value_or(error.code()), ""};
  // Of other media types it may be the word of a proxy (GraphQL over HTTP, "application/json"): only a code that is
  // known counts.
  const bool is_graphql = answer.header("Content-Type").starts_with(kMediaType);
  return failure(errors, word.value_or(is_graphql ? "graphql_error" : error.code()));
}

}  // namespace graphql
