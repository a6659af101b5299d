// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>
#include <mutex>
#include <string>

namespace fulfilld {

/// Tells whether a text is JSON (RFC 8259), the whole of it: numbers of whatever size and lone surrogates too, as
/// nobody here converts them. Keeps its parser's memory from one text to the next. Any thread.
class JsonCheck {
 public:
  /// A byte order mark is taken off (RFC 8259, 8.1), as what follows becomes part of another text. `text` may be given
  /// more capacity, which the parser reads (not writes) beyond the end.
  [[nodiscard]] bool is_json(std::string& text);

 private:
  std::mutex mutex_;
  simdjson::dom::parser parser_;
};

}  // namespace fulfilld
