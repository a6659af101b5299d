// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace graphql {

/// A text is no GraphQL. `what()` says what is wrong with it.
class SyntaxError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A token of a document: a name, a punctuator (one character), or the whole of a number or string.
class Token {
 public:
  enum class Kind { name, punctuator, value };

  Token(Kind kind, std::string_view text) : kind_(kind), text_(text) {}
  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] bool is(char punctuator) const noexcept {
    return kind_ == Kind::punctuator && text_.front() == punctuator;
  }

 private:
  Kind kind_;
  std::string_view text_;
};

/// The tokens of a document (GraphQL, October 2021, 2.1), without white space, commas and comments. They are views into
/// `document`. Throws SyntaxError.
[[nodiscard]] std::vector<Token> tokens_of(std::string_view document);

}  // namespace graphql
