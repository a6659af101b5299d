// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "actors/policy/reason.hpp"

namespace fulfilld {

/// The body of `POST /execute`, or why it is refused. The views point into the parser or into the parsed text and
/// hold until either changes.
struct ExecuteBody {
  Reason problem = Reason::none;
  std::string detail;                  ///< more about the problem, as a sentence
  std::string_view fulfillment_url;    ///< unescaped, never empty
  std::string_view fulfillment_token;  ///< unescaped; empty if absent or null
  std::string_view data;               ///< the JSON value as it was sent, byte for byte, without white space around it
};

/// Reads `{fulfillmentUrl, fulfillmentToken?, data}`. The whole text is validated (RFC 8259, UTF-8, at most 64
/// levels), the values inside `data` are never converted: a number of any size passes unchanged, and so does an escape
/// that is half of a surrogate pair (elsewhere it is refused). Other members are ignored, and so is a byte order mark.
/// Keeps its memory from one call to the next; one thread at a time.
class ExecuteBodyParser {
 public:
  ExecuteBodyParser();
  ExecuteBodyParser(ExecuteBodyParser&&) noexcept;
  ExecuteBodyParser& operator=(ExecuteBodyParser&&) noexcept;
  ~ExecuteBodyParser();

  /// Bytes that must be readable (and are ignored) behind the text.
  static const std::size_t padding;

  /// `text` must be followed by `padding` readable bytes.
  [[nodiscard]] ExecuteBody parse(std::string_view text);

 private:
  struct Parsers;
  std::unique_ptr<Parsers> parsers_;
};

}  // namespace fulfilld
