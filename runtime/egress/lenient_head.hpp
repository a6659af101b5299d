// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <cstddef>

namespace fulfilld {

/// Puts right, before Beast's parser sees it, what RFC 9112 lets the recipient of an answer take and every usual client
/// takes, but that parser does not: lines that end in a bare LF (section 2.2), a status line without a reason, or with
/// further blanks (section 4), blanks before the colon of a field (section 5.1). All of that has one meaning only.
/// What says where an answer ends stays as strict as the parser is: fields that contradict each other, chunks.
///
/// One of these reads one head, or the rest of one. It changes bytes in place, and never makes them fewer.
class LenientHead {
 public:
  /// What comes begins with fields: the parser has taken the status line already.
  void begin_with_fields() noexcept { lines_ = 1; }

  /// Looks at what has come; `input` begins with what the parser has not taken yet. How much of its front the parser
  /// may see: whole lines while the head lasts, everything after it.
  [[nodiscard]] std::size_t ready(boost::beast::flat_buffer& input);

  /// True if what has come cannot become an answer in HTTP/1: nothing is ready then, and nothing will be.
  [[nodiscard]] bool is_hopeless() const noexcept { return hopeless_; }

  /// The parser has taken so much from the front.
  void taken(std::size_t size) noexcept { looked_at_ -= size < looked_at_ ? size : looked_at_; }

 private:
  void mend_line(boost::beast::flat_buffer& input, std::size_t& end);

  std::size_t looked_at_ = 0;  ///< bytes of `input` that are lines that have been looked at
  std::size_t lines_ = 0;
  bool over_ = false;
  bool hopeless_ = false;
};

}  // namespace fulfilld
