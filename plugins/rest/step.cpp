// SPDX-License-Identifier: Apache-2.0
#include "step.hpp"

#include <algorithm>
#include <fulfill/error.hpp>
#include <string_view>
#include <utility>

#include "../mapping/json_answer.hpp"
#include "../mapping/value_type.hpp"

namespace rest {
namespace {

using fulfill::Document;
using fulfill::Failed;
using mapping::Section;

std::optional<mapping::Pointer> pointer_of(const Section& section, std::string_view name) {
  const auto text = section.find(name);
  if (!text) return std::nullopt;
  auto pointer = mapping::Pointer::parse(*text);
  if (!pointer) section.refuse(name, "must be a JSON Pointer such as /error/code");
  return pointer;
}

std::optional<mapping::Reference> when_of(const Section& section, const mapping::Sources& sources) {
  const auto text = section.find("when");
  if (!text) return std::nullopt;
  auto reference = sources.reference(section.full("when"), *text, mapping::Reference::Source::input);
  if (mapping::Values::is_word(reference)) section.refuse("when", "must be found in the input or in an answer");
  return reference;
}

std::string text_at(const std::optional<mapping::Pointer>& pointer, const Document& value) {
  const Document* found = pointer ? pointer->find(value) : nullptr;
  return found == nullptr ? std::string() : mapping::text_of(*found).value_or("");
}

}  // namespace

Step::Step(const Section& section, const mapping::Sources& sources, std::size_t number)
    : name_(section.find("name").value_or("")),
      number_(number),
      url_(section, sources),
      headers_(section, sources),
      body_(section, sources, headers_.has("Content-Type")),
      method_(method_of(section)),
      operation_(section.operation(fulfill::Operation::by_method)),
      timeout_(section.duration("timeout")),
      when_(when_of(section, sources)),
      format_(format_of(section)),
      longest_answer_(
          static_cast<std::size_t>(section.settings().integer(section.full("max_answer"), 1, 64 << 20, 1 << 20))),
      error_code_(pointer_of(section, "error_code")),
      error_message_(pointer_of(section, "error_message")),
      errors_(section, !error_code_) {
  read_statuses(section);
}

std::string Step::method_of(const Section& section) const {
  auto method = section.choice("method", {"GET", "POST", "PUT", "PATCH", "DELETE"}, body_.is_none() ? "GET" : "POST");
  if (method == "GET" && !body_.is_none()) section.refuse("method", "is GET, which has neither body nor form");
  return method;
}

Step::Format Step::format_of(const Section& section) {
  const auto word = section.choice("answer", {"json", "text", "none"}, "json");
  if (word == "json") return Format::json;
  return word == "text" ? Format::text : Format::none;
}

/// `accept = 404`, `accept = "404, 410"` or `accept = ["404", "5xx"]`.
void Step::read_statuses(const Section& section) {
  std::string all = section.find("accept").value_or("");
  for (std::size_t i = 0; i < section.array("accept").value_or(0); ++i)
    all += " " + section.text("accept." + std::to_string(i));
  constexpr std::string_view kBetween = " ,";
  std::string_view rest = all;
  while (true) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kBetween), rest.size()));
    if (rest.empty()) return;
    const auto pattern = rest.substr(0, rest.find_first_of(kBetween));
    if (!mapping::is_status_pattern(pattern))
      section.refuse("accept", "must list statuses such as 404, or classes of them such as 4xx");
    accept_.emplace_back(pattern);
    rest.remove_prefix(pattern.size());
  }
}

bool Step::is_wanted(const mapping::Values& values) const {
  if (!when_) return true;
  const Document* found = values.find(*when_);
  if (found == nullptr || found->is_null()) return false;
  return !found->is_boolean() || found->boolean();
}

std::string Step::where(const mapping::Values& values) const {
  const std::string call = method_ + " " + url_.name(values);
  if (number_ == 0) return call;
  return "step " + (name_.empty() ? std::to_string(number_) : name_) + " (" + call + ")";
}

fulfill::Request Step::request(const fulfill::Input& input, const mapping::Values& values) const {
  fulfill::Request request(method_, url_.render(values));
  headers_.add_to(request, values);
  body_.add_to(request, input, values);
  if (format_ == Format::json && !headers_.has("Accept")) request.header("Accept", "application/json");
  request.operation(operation_).timeout(timeout_);
  return request;
}

Document Step::value(const fulfill::Response& answer) const {
  if (answer.body().size() > longest_answer_) throw mapping::too_long(answer);
  if (format_ == Format::none) return {};
  if (format_ == Format::json) return answer.ok() ? mapping::json_of(answer) : mapping::json_or_null(answer);
  std::string text = answer.text();
  if (!fulfill::detail::is_utf8(text))
    throw answer.unreadable("the answer is not UTF-8, and no other charset is named");
  return Document(std::move(text));
}

bool Step::is_value(const fulfill::Response& answer) const noexcept {
  return format_ == Format::json && answer.ok() && answer.body().size() <= longest_answer_;
}

bool Step::accepts(const fulfill::HttpError& error) const {
  return mapping::has_final_status(error) && std::any_of(accept_.begin(), accept_.end(), [&](const auto& pattern) {
           return mapping::matches(pattern, error.status());
         });
}

Failed Step::failure(const fulfill::HttpError& error) const {
  if (!mapping::has_final_status(error)) return {error.code(), ""};
  const bool is_looked_at = (error_code_ || error_message_) && error.response().body().size() <= longest_answer_;
  const Document body = is_looked_at ? mapping::json_or_null(error.response()) : Document();
  auto word = errors_.for_code(text_at(error_code_, body));
  if (!word) word = errors_.for_status(error.status());
  return {word.value_or(error.code()), mapping::excerpt(text_at(error_message_, body))};
}

}  // namespace rest
