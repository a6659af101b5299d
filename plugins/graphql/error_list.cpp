// SPDX-License-Identifier: Apache-2.0
#include "error_list.hpp"

#include <algorithm>

#include "../mapping/json_answer.hpp"
#include "../mapping/value_type.hpp"

namespace graphql {
namespace {

using fulfill::Document;

bool is_nothing(const Document& value) {
  if (value.is_text()) return value.text().empty();
  if (value.is_array()) return value.elements().empty();
  if (value.is_object()) return value.members().empty();
  return value.is_null() || (value.is_boolean() && !value.boolean());
}

/// The text of an object, where errors have it; else all of it, if that says something.
std::string words_of(const Document& object) {
  for (const char* name : {"message", "detail", "error_description", "error", "title", "reason"})
    if (const Document* words = object.find(name); words != nullptr && words->is_text() && !words->text().empty())
      return words->text();
  const auto& members = object.members();
  const bool empty =
      std::all_of(members.begin(), members.end(), [](const auto& member) { return is_nothing(member.value()); });
  return empty ? std::string() : object.dump();
}

Error error_of(const Document& error, const mapping::Pointer& code) {
  if (is_nothing(error)) return {"", ""};
  if (!error.is_object()) return {"", mapping::excerpt(mapping::text_of(error).value_or(error.dump()))};
  const Document* found = code.find(error);
  return {found == nullptr ? std::string() : mapping::text_of(*found).value_or(""), mapping::excerpt(words_of(error))};
}

}  // namespace

std::vector<Error> errors_in(const Document& answer, const mapping::Pointer& code) {
  std::vector<Error> errors;
  const Document* member = answer.find("errors");
  if (member == nullptr || is_nothing(*member)) return errors;
  if (!member->is_array()) {
    errors.push_back(error_of(*member, code));
    return errors;
  }
  for (const Document& error : member->elements()) errors.push_back(error_of(error, code));
  return errors;
}

const std::string& message_of(const std::vector<Error>& errors) {
  static const std::string none = "the backend answered an error without a message";
  for (const Error& error : errors)
    if (!error.message().empty()) return error.message();
  return none;
}

}  // namespace graphql
