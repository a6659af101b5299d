// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string_view>

namespace postgresql {

/// What can be said of an SQL text without a server: where quotes and comments end is known, the grammar is not.
/// PostgreSQL, 4.1 "Lexical Structure", with `standard_conforming_strings` on.
class SqlOutline {
 public:
  explicit SqlOutline(std::string_view sql);

  /// The numbers of its placeholders: {1, 2} for `$1` and `$2`. Those in quotes and comments are none.
  [[nodiscard]] const std::set<std::size_t>& placeholders() const noexcept { return placeholders_; }
  /// How many statements, parted by semicolons; empty ones are not counted.
  [[nodiscard]] std::size_t statements() const noexcept { return statements_; }
  /// False if a quote or a comment has no end.
  [[nodiscard]] bool complete() const noexcept { return complete_; }

 private:
  void skip_past(std::string_view sql, std::string_view end);
  void skip_quoted(std::string_view sql, bool backslash_escapes);
  void skip_block_comment(std::string_view sql);
  void read_dollar(std::string_view sql);
  void read_word(std::string_view sql);
  void note_token() noexcept;

  std::set<std::size_t> placeholders_;
  std::size_t statements_ = 0;
  bool in_statement_ = false;
  bool complete_ = true;
  std::size_t at_ = 0;
};

}  // namespace postgresql
