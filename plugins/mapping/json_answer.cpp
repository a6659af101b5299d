// SPDX-License-Identifier: Apache-2.0
#include "json_answer.hpp"

#include <fulfill/error.hpp>

namespace mapping {
namespace {

constexpr std::size_t kLongestExcerpt = 300;
constexpr std::string_view kBlank = " \t\r\n";

}  // namespace

fulfill::Json parse_answer(std::string_view text) {
  if (text.find_first_not_of(kBlank) == std::string_view::npos) return nullptr;
  return fulfill::JsonReader<void>::answer(text);
}

fulfill::Json json_or_null(std::string_view text) {
  try {
    return fulfill::JsonReader<void>::answer(text);
  } catch (const fulfill::Failed&) {
    return nullptr;
  }
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
