// SPDX-License-Identifier: Apache-2.0
#include "document.hpp"

#include <cstddef>
#include <optional>

namespace graphql {
namespace {

using Kind = OperationDefinition::Kind;

/// Where the reading of a document stands.
class Cursor {
 public:
  explicit Cursor(const std::vector<Token>& tokens) : tokens_(tokens) {}

  [[nodiscard]] bool at_end() const { return next_ == tokens_.size(); }
  [[nodiscard]] bool at(char punctuator) const { return !at_end() && tokens_[next_].is(punctuator); }
  [[nodiscard]] bool at_name() const { return !at_end() && tokens_[next_].kind() == Token::Kind::name; }

  const Token& take() {
    if (at_end()) throw SyntaxError("it ends too soon");
    return tokens_[next_++];
  }
  bool take_if(char punctuator) {
    const bool found = at(punctuator);
    if (found) ++next_;
    return found;
  }
  std::string_view take_name() {
    if (!at_name()) throw SyntaxError("there is no name" + where());
    return take().text();
  }
  void expect(char punctuator) {
    if (!take_if(punctuator)) throw SyntaxError(std::string("there is no ") + punctuator + where());
  }

  void expect_group(char open) {
    if (!at(open)) throw SyntaxError(std::string("there is no ") + open + where());
    skip_group();
  }

  /// One token, or all from an opening bracket to the one that closes it.
  void skip_group() {
    std::string open;
    do {
      const Token& token = take();
      if (token.is('{')) open += '}';
      if (token.is('(')) open += ')';
      if (token.is('[')) open += ']';
      if (!token.is('}') && !token.is(')') && !token.is(']')) continue;
      if (open.empty() || !token.is(open.back())) throw SyntaxError("its brackets do not match");
      open.pop_back();
    } while (!open.empty());
  }

  void skip_directives() {
    while (take_if('@')) {
      (void)take_name();
      if (at('(')) skip_group();
    }
  }

 private:
  [[nodiscard]] std::string where() const {
    return at_end() ? " at its end" : " before " + std::string(tokens_[next_].text());
  }

  const std::vector<Token>& tokens_;
  std::size_t next_ = 0;
};

Variable variable(Cursor& cursor) {
  cursor.expect('$');
  std::string name(cursor.take_name());
  cursor.expect(':');
  if (cursor.at('[')) {
    cursor.skip_group();
  } else {
    (void)cursor.take_name();
  }
  bool required = cursor.take_if('!');
  if (cursor.take_if('=')) {
    cursor.skip_group();
    required = false;
  }
  cursor.skip_directives();
  return Variable(std::move(name), required);
}

std::optional<Kind> kind_named(std::string_view word) {
  if (word == "query") return Kind::query;
  if (word == "mutation") return Kind::mutation;
  if (word == "subscription") return Kind::subscription;
  return std::nullopt;
}

void selection(Cursor& cursor) {
  cursor.skip_directives();
  cursor.expect_group('{');
}

OperationDefinition operation(Kind kind, Cursor& cursor) {
  std::string name(cursor.at_name() ? cursor.take_name() : std::string_view());
  std::vector<Variable> variables;
  if (cursor.take_if('('))
    while (!cursor.take_if(')')) variables.push_back(variable(cursor));
  selection(cursor);
  return OperationDefinition(kind, std::move(name), std::move(variables));
}

void fragment(Cursor& cursor) {
  (void)cursor.take_name();
  if (cursor.take_name() != "on") throw SyntaxError("a fragment is not \"on\" a type");
  (void)cursor.take_name();
  selection(cursor);
}

}  // namespace

std::vector<OperationDefinition> operations_in(std::string_view document) {
  const auto tokens = tokens_of(document);
  Cursor cursor(tokens);
  std::vector<OperationDefinition> operations;
  while (!cursor.at_end()) {
    if (cursor.at('{')) {
      operations.push_back(operation(Kind::query, cursor));
      continue;
    }
    const auto word = cursor.take_name();
    if (const auto kind = kind_named(word)) {
      operations.push_back(operation(*kind, cursor));
    } else if (word == "fragment") {
      fragment(cursor);
    } else {
      throw SyntaxError("\"" + std::string(word) + "\" begins neither an operation nor a fragment");
    }
  }
  if (operations.empty()) throw SyntaxError("there is no operation in it");
  return operations;
}

}  // namespace graphql
