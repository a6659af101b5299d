// SPDX-License-Identifier: Apache-2.0
#include "text_template.hpp"

#include <algorithm>
#include <cstddef>

#include "section.hpp"
#include "value_type.hpp"

namespace mapping {
namespace {

using fulfill::Document;

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// What stands before a default or a question mark.
std::string_view reference_in(std::string_view inside) {
  const std::string_view text = trimmed(inside.substr(0, inside.find('|')));
  const bool optional = inside.find('|') == std::string_view::npos && text.ends_with('?');
  return trimmed(optional ? text.substr(0, text.size() - 1) : text);
}

}  // namespace

Place::Place(std::string_view setting, std::string_view inside, const Sources& sources)
    : reference_(sources.reference(setting, reference_in(inside), Reference::Source::input)) {
  const auto bar = inside.find('|');
  if (bar != std::string_view::npos) otherwise_ = inside.substr(bar + 1);
  optional_ = !otherwise_ && trimmed(inside).ends_with('?');
}

const Document* Place::find(const Values& values) const {
  const Document* found = values.find(reference_);
  if (found != nullptr && !found->is_null()) return found;
  if (!otherwise_ && !optional_) throw reference_.failure("is missing");
  return nullptr;
}

std::optional<Document> Place::value(const Values& values) const {
  if (Values::is_word(reference_)) return Document(values.word(reference_));
  if (const Document* found = find(values)) return *found;
  return otherwise_ ? std::optional(literal(*otherwise_)) : std::nullopt;
}

std::optional<std::string> Place::text(const Values& values) const {
  if (Values::is_word(reference_)) return std::string(values.word(reference_));
  return text_or_default(find(values), "must be a text, a number or a boolean");
}

std::vector<std::string> Place::texts(const Values& values) const {
  std::vector<std::string> texts;
  const Document* found = Values::is_word(reference_) ? nullptr : find(values);
  if (found == nullptr || !found->is_array()) {
    if (auto text = this->text(values)) texts.push_back(std::move(*text));
    return texts;
  }
  for (const Document& element : found->elements()) {
    if (element.is_null() && !otherwise_ && !optional_) throw reference_.failure("has an element that is null");
    if (auto text =
            text_or_default(element.is_null() ? nullptr : &element, "must be a list of texts, numbers and booleans"))
      texts.push_back(std::move(*text));
  }
  return texts;
}

std::optional<std::string> Place::text_or_default(const Document* found, const char* wanted) const {
  if (found == nullptr) return otherwise_;
  if (auto text = text_of(*found)) return text;
  throw reference_.failure(wanted);
}

TextTemplate::TextTemplate(std::string_view setting, std::string_view text, const Sources& sources) {
  while (!text.empty()) {
    const auto begin = text.find(kOpen);
    if (begin != 0) parts_.emplace_back(std::string(text.substr(0, begin)));
    if (begin == std::string_view::npos) break;
    const auto end = text.find(kClose, begin);
    if (end == std::string_view::npos) throw wrong_setting(setting, "has a {{ without }}");
    const auto inside = text.substr(begin + kOpen.size(), end - begin - kOpen.size());
    parts_.emplace_back(Place(setting, inside, sources));
    text.remove_prefix(end + kClose.size());
  }
}

std::optional<std::string> TextTemplate::render(const Values& values, const Encode& encode) const {
  std::string rendered;
  for (const auto& part : parts_) {
    if (const auto* literal_text = std::get_if<std::string>(&part)) {
      rendered += *literal_text;
    } else {
      const auto& place = std::get<Place>(part);
      auto text = place.text(values);
      if (!text) return std::nullopt;
      rendered += encode(place, std::move(*text));
    }
  }
  return rendered;
}

std::vector<std::string> TextTemplate::render_each(const Values& values) const {
  if (const Place* place = single_place()) return place->texts(values);
  std::vector<std::string> texts;
  if (auto text = render(values)) texts.push_back(std::move(*text));
  return texts;
}

bool TextTemplate::has_optional_place() const noexcept {
  return std::any_of(parts_.begin(), parts_.end(), [](const auto& part) {
    const auto* place = std::get_if<Place>(&part);
    return place != nullptr && place->is_optional();
  });
}

std::string TextTemplate::sample() const {
  std::string text;
  for (const auto& part : parts_) {
    const auto* literal_text = std::get_if<std::string>(&part);
    text += literal_text == nullptr ? "x" : *literal_text;
  }
  return text;
}

std::string_view::size_type find_outside_places(std::string_view text, std::string_view wanted) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto place = std::min(text.find(kOpen, at), text.size());
    const auto found = text.substr(0, place).find(wanted, at);
    if (found != std::string_view::npos) return found;
    const auto end = text.find(kClose, place);
    if (end == std::string_view::npos) break;
    at = end + kClose.size();
  }
  return std::string_view::npos;
}

}  // namespace mapping
