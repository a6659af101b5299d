// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/lenient_head.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "runtime/egress/answer_parser.hpp"

namespace fulfilld {
namespace {

using Input = boost::beast::flat_buffer;

constexpr std::string_view protocol = "HTTP/";
constexpr std::size_t version_size = 8;  // "HTTP/1.1"
constexpr std::size_t code_size = 3;

char* bytes_of(Input& input) noexcept { return static_cast<char*>(input.data().data()); }

bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

void insert(Input& input, std::size_t at, char byte) {
  input.prepare(1);  // may move it all
  input.commit(1);
  char* const place = bytes_of(input) + at;
  std::memmove(place + 1, place, input.size() - at - 1);
  *place = byte;
}

/// A status line in [begin, end), without its line end. Returns whether a blank must be inserted after the code.
bool mend_status_line(char* begin, char* end) noexcept {
  char* const blank = begin + version_size;
  if (end <= blank || !is_blank(*blank)) return false;
  char* const code = std::find_if_not(blank, end, is_blank);
  if (static_cast<std::size_t>(end - code) < code_size) return false;
  std::rotate(blank + 1, code, code + code_size);  // blanks too many go to the reason, where they mean nothing
  *blank = ' ';
  char* const after = blank + 1 + code_size;
  if (after < end && *after == '\t') *after = ' ';
  return after == end;
}

/// A field line in [begin, end): blanks between name and colon go behind the colon, where they mean nothing.
void mend_field_line(char* begin, char* end) noexcept {
  if (is_blank(*begin)) return;  // it continues the one before
  char* const colon = static_cast<char*>(std::memchr(begin, ':', static_cast<std::size_t>(end - begin)));
  if (colon == nullptr || colon == begin || !is_blank(colon[-1])) return;
  char* name_end = colon;
  while (is_blank(name_end[-1])) --name_end;  // ends at *begin
  std::fill(name_end, colon + 1, ' ');
  *name_end = ':';
}

}  // namespace

std::size_t LenientHead::ready(Input& input) {
  // Beyond so many lines the parser only wants to say that it is too much.
  while (!over_ && lines_ <= AnswerParser::max_fields + 1) {
    const std::string_view rest(bytes_of(input) + looked_at_, input.size() - looked_at_);
    if (lines_ == 0 && rest.substr(0, protocol.size()) != protocol.substr(0, rest.size())) {
      hopeless_ = true;
      return 0;
    }
    const void* const line_feed = std::memchr(rest.data(), '\n', rest.size());
    if (line_feed == nullptr) return looked_at_;
    auto end = static_cast<std::size_t>(static_cast<const char*>(line_feed) - bytes_of(input));
    mend_line(input, end);
    ++lines_;
    looked_at_ = end + 1;
  }
  return input.size();
}

/// `end`: where the LF of the line is, before and after.
void LenientHead::mend_line(Input& input, std::size_t& end) {
  char* const begin = bytes_of(input) + looked_at_;
  const bool bare = end == looked_at_ || bytes_of(input)[end - 1] != '\r';
  const std::size_t text_end = bare ? end : end - 1;
  const std::size_t size = text_end - looked_at_;
  if (lines_ == 0) {
    if (mend_status_line(begin, begin + size)) {
      insert(input, text_end, ' ');
      ++end;
    }
  } else if (size == 0) {
    over_ = true;
  } else {
    mend_field_line(begin, begin + size);
  }
  if (bare) insert(input, end++, '\r');
}

}  // namespace fulfilld
