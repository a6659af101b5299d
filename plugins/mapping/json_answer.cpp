// SPDX-License-Identifier: Apache-2.0
#include "json_answer.hpp"

#include <utility>

namespace mapping {
namespace {

constexpr std::size_t kLongestExcerpt = 300;
constexpr std::string_view kBlank = " \t\r\n";

}  // namespace

fulfill::Document json_of(const fulfill::Response& answer) {
  if (answer.text().find_first_not_of(kBlank) == std::string::npos) return {};
  return answer.document();
}

fulfill::Document json_or_null(const fulfill::Response& answer) {
  try {
    return json_of(answer);
  } catch (const fulfill::Failed&) {
    return {};
  }
}

fulfill::Failed too_long(const fulfill::Response& answer) {
  const std::string problem = "the answer is longer than max_answer";
  return answer.is_done_unsafe() ? answer.unreadable(problem) : fulfill::Failed("answer_too_large", problem);
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
