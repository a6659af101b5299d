// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace soap {

/// Tells, byte by byte, in which part of an XML text one stands. It checks nothing else: the parser does that. For
/// UTF-8 and every other encoding in which the bytes of ASCII mean ASCII.
class XmlScanner {
 public:
  enum class Place {
    text,    ///< between tags
    tag,     ///< in a tag, outside of quotes
    quoted,  ///< in the value of an attribute
    cdata,   ///< in a CDATA section
    other,   ///< in a comment, a processing instruction or a declaration
  };

  void read(char c);

  [[nodiscard]] Place place() const noexcept;
  /// How many elements are open.
  [[nodiscard]] std::ptrdiff_t depth() const noexcept { return depth_; }
  /// True in the value of an attribute whose name begins with `xmlns`.
  [[nodiscard]] bool in_namespace() const noexcept { return state_ == State::quoted && token_ == kNamespace; }
  /// True once a markup declaration has begun: `<!` that is neither a comment nor CDATA, so a DTD or a part of one.
  [[nodiscard]] bool declares() const noexcept { return state_ == State::declaration; }

 private:
  static constexpr std::string_view kNamespace = "xmlns";

  enum class State { text, opened, tag, quoted, exclaimed, comment, cdata, instruction, declaration };

  void read_opened(char c);
  void read_tag(char c);
  void read_exclaimed(char c);
  void read_until(const char* end, char c);

  State state_ = State::text;
  std::ptrdiff_t depth_ = 0;
  char quote_ = 0;
  char previous_ = 0;
  bool closing_ = false;
  bool name_ended_ = false;  // of the latest attribute
  std::string token_;        // the beginning of that name; or what followed `<!`; or the end of what may end a section
};

}  // namespace soap
