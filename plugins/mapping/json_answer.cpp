// SPDX-License-Identifier: Apache-2.0
#include "json_answer.hpp"

#include <fulfill/error.hpp>

namespace mapping {
namespace {

constexpr std::size_t kDeepest = 256;
constexpr std::size_t kLongestExcerpt = 300;
constexpr std::string_view kBlank = " \t\r\n";

/// `json` may be no JSON at all: brackets are counted outside of texts.
bool is_nested_too_deep(std::string_view json) noexcept {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_text = !in_text;
    } else if (!in_text && (c == '[' || c == '{')) {
      if (++depth > kDeepest) return true;
    } else if (!in_text && (c == ']' || c == '}')) {
      if (depth != 0) --depth;
    }
  }
  return false;
}

}  // namespace

fulfill::Json parse_answer(std::string_view text) {
  if (text.find_first_not_of(kBlank) == std::string_view::npos) return nullptr;
  if (is_nested_too_deep(text))
    throw fulfill::Failed("backend_bad_answer", "the backend's answer is nested deeper than 256 levels");
  return fulfill::JsonReader<void>::answer(text);
}

fulfill::Json json_or_null(std::string_view text) {
  if (is_nested_too_deep(text)) return nullptr;
  fulfill::Json value = fulfill::Json::parse(text, nullptr, false);
  return value.is_discarded() ? fulfill::Json(nullptr) : value;
}

bool is_utf8(std::string_view text) {
  try {
    (void)fulfill::Json(text).dump();
    return true;
  } catch (const fulfill::Json::type_error&) {
    return false;
  }
}

std::string excerpt(std::string_view text) {
  if (text.size() > kLongestExcerpt) {
    std::size_t end = kLongestExcerpt;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text = text.substr(0, end);
  }
  std::string plain(text);
  for (char& c : plain)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return plain;
}

}  // namespace mapping
