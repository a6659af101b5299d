// SPDX-License-Identifier: Apache-2.0
#include "multipart.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "xml_document.hpp"
#include "xml_text.hpp"

namespace soap {
namespace {

constexpr auto kNowhere = std::string_view::npos;

/// The line at the front, without its end, is taken off.
std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == kNowhere ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

class BodyPart {
 public:
  /// `text`: header fields, an empty line, the body.
  explicit BodyPart(std::string_view text) {
    while (!text.empty()) {
      const std::string_view line = take_line(text);
      if (line.empty()) break;
      const auto colon = line.find(':');
      if (colon == kNowhere) continue;
      const std::string_view value = trimmed(line.substr(colon + 1));
      if (same_word(line.substr(0, colon), "Content-Type")) type_ = value;
      if (same_word(line.substr(0, colon), "Content-ID")) id_ = value;
      if (same_word(line.substr(0, colon), "Content-Transfer-Encoding")) encoding_ = value;
    }
    body_ = text;
  }

  [[nodiscard]] std::string_view id() const noexcept { return id_; }
  [[nodiscard]] Message message() const {
    for (const char* encoded : {"base64", "quoted-printable"})
      if (same_word(encoding_, encoded))
        throw XmlError(std::string("its part has the Content-Transfer-Encoding ") + encoded +
                       ", which is not supported");
    return {body_, ContentType(type_)};
  }

 private:
  std::string_view type_;
  std::string_view id_;
  std::string_view encoding_;
  std::string_view body_;
};

/// Where a line begins with that delimiter, from `from` on.
std::size_t find_delimiter(std::string_view body, const std::string& delimiter, std::size_t from) {
  for (auto at = body.find(delimiter, from); at != kNowhere; at = body.find(delimiter, at + 1))
    if (at == 0 || body[at - 1] == '\n') return at;
  return kNowhere;
}

/// The part behind the delimiter at `from`, which moves on to the next one; nothing behind the last.
std::optional<BodyPart> take_part(std::string_view body, const std::string& delimiter, std::size_t& from) {
  const std::size_t begin = from + delimiter.size();
  if (body.substr(begin).starts_with("--")) return std::nullopt;
  from = find_delimiter(body, delimiter, begin);
  std::string_view text = body.substr(begin, from == kNowhere ? kNowhere : from - begin);
  take_line(text);  // white space behind the delimiter
  // The line end before the next delimiter belongs to that.
  if (from != kNowhere && text.ends_with('\n')) text.remove_suffix(1);
  if (from != kNowhere && text.ends_with('\r')) text.remove_suffix(1);
  return BodyPart(text);
}

/// `start` has angle brackets in most answers, and none in some.
bool same_id(std::string_view a, std::string_view b) {
  const auto bare = [](std::string_view id) {
    return id.size() >= 2 && id.starts_with('<') && id.ends_with('>') ? id.substr(1, id.size() - 2) : id;
  };
  return bare(a) == bare(b);
}

}  // namespace

Message message_in(std::string_view body, std::string_view content_type) {
  ContentType type(content_type);
  if (!type.media_type().starts_with("multipart/")) return {body, std::move(type)};
  const std::string_view boundary = type.parameter("boundary");
  if (boundary.empty()) throw XmlError("its Content-Type names no boundary");
  const std::string delimiter = "--" + std::string(boundary);
  const std::string_view start = type.parameter("start");
  std::optional<BodyPart> first;
  std::size_t at = find_delimiter(body, delimiter, 0);
  while (at != kNowhere) {
    const auto part = take_part(body, delimiter, at);
    if (!part) break;
    if (start.empty() || same_id(part->id(), start)) return part->message();
    if (!first) first = part;
  }
  if (!first) throw XmlError("it has no part between its boundaries");
  return first->message();
}

}  // namespace soap
