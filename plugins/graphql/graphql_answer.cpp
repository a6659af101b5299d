// SPDX-License-Identifier: Apache-2.0
#include "graphql_answer.hpp"

#include <optional>
#include <string_view>

#include "../mapping/json_answer.hpp"
#include "../mapping/value_type.hpp"

namespace graphql {
namespace {

using fulfill::Failed;
using fulfill::Json;

constexpr std::string_view kMediaType = "application/graphql-response+json";

mapping::Pointer error_code_of(const mapping::Section& section) {
  auto pointer = mapping::Pointer::parse(section.find("error_code").value_or("/extensions/code"));
  if (!pointer) section.refuse("error_code", "must be a JSON Pointer such as /extensions/code");
  return std::move(*pointer);
}

const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

/// The errors of an answer, or null if it has none. Throws Failed("backend_bad_answer") if they are no list of errors.
const Json* errors_in(const Json& answer) {
  const Json* errors = member(answer, "errors");
  if (errors == nullptr || (errors->is_array() && errors->empty())) return nullptr;
  if (!errors->is_array() || !errors->front().is_object())
    throw Failed("backend_bad_answer", "the errors of the answer are not a list of objects");
  return errors;
}

std::string message_of(const Json& error) {
  const Json* message = member(error, "message");
  if (message == nullptr || !message->is_string() || message->get_ref<const std::string&>().empty())
    return "the backend answered an error without a message";
  return mapping::excerpt(message->get_ref<const std::string&>());
}

}  // namespace

AnswerReader::AnswerReader(const mapping::Section& section)
    : errors_(section, false),
      error_code_(error_code_of(section)),
      takes_part_(section.choice("partial", {"fail", "take"}, "fail") == "take"),
      longest_answer_(
          static_cast<std::size_t>(section.settings().integer(section.full("max_answer"), 1, 64 << 20, 1 << 20))) {}

std::string AnswerReader::code_in(const Json& error) const {
  const Json* code = error_code_.find(error);
  return code == nullptr ? std::string() : mapping::text_of(*code).value_or("");
}

Failed AnswerReader::failure(const Json& errors, const std::string& otherwise) const {
  for (const Json& error : errors)
    if (auto word = errors_.for_code(code_in(error))) return {std::move(*word), message_of(error)};
  return {otherwise, message_of(errors.front())};
}

Data AnswerReader::data(const fulfill::Response& answer) const {
  if (answer.body().size() > longest_answer_) throw Failed("answer_too_large", "the answer is longer than max_answer");
  Json value = mapping::parse_answer(answer.body());
  if (!value.is_object()) throw Failed("backend_bad_answer", "the answer is no object, as one of GraphQL is");
  const Json* errors = errors_in(value);
  const Json* data = member(value, "data");
  if (errors != nullptr && (data == nullptr || !takes_part_)) throw failure(*errors, "graphql_error");
  if (data == nullptr) throw Failed("backend_bad_answer", "the answer has neither data nor errors");
  std::string missing = errors == nullptr ? std::string() : message_of(errors->front());
  return Data(std::move(value["data"]), std::move(missing));
}

void AnswerReader::fail(const fulfill::HttpError& error) const {
  const auto& answer = error.response();
  if (!mapping::has_final_status(error) || answer.body().size() > longest_answer_) throw error;
  const auto word = errors_.for_status(error.status());
  const Json value = mapping::json_or_null(answer.body());
  const Json* errors = member(value, "errors");
  if (errors == nullptr || !errors->is_array() || errors->empty() || !errors->front().is_object()) {
    if (word) throw Failed(*word, error.message());
    throw error;
  }
  // Of other media types it may be the word of a proxy (GraphQL over HTTP, "application/json"): only a code that is
  // known counts.
  const bool is_graphql = answer.header("Content-Type").starts_with(kMediaType);
  throw failure(*errors, word.value_or(is_graphql ? "graphql_error" : error.code()));
}

}  // namespace graphql
