// SPDX-License-Identifier: Apache-2.0
#include "lexer.hpp"

namespace graphql {
namespace {

constexpr std::string_view kIgnored = " \t\r\n,";
constexpr std::string_view kPunctuators = "!$&().:=@[]{|}";
constexpr std::string_view kBlockQuote = "\"\"\"";

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t end_of_block(std::string_view text) {
  std::size_t end = text.find(kBlockQuote, kBlockQuote.size());
  while (end != std::string_view::npos && text[end - 1] == '\\') end = text.find(kBlockQuote, end + 1);
  if (end == std::string_view::npos) throw SyntaxError("a \"\"\" is never closed");
  return end + kBlockQuote.size();
}

std::size_t end_of_string(std::string_view text) {
  if (text.starts_with(kBlockQuote)) return end_of_block(text);
  for (std::size_t i = 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\') ++i;
  }
  throw SyntaxError("a string is never closed");
}

template <typename Predicate>
std::size_t length_while(std::string_view text, Predicate predicate) {
  std::size_t length = 0;
  while (length < text.size() && predicate(text[length])) ++length;
  return length;
}

}  // namespace

std::vector<Token> tokens_of(std::string_view document) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (document.starts_with(kByteOrderMark)) document.remove_prefix(kByteOrderMark.size());
  std::vector<Token> tokens;
  const auto add = [&](Token::Kind kind, std::size_t length) {
    tokens.emplace_back(kind, document.substr(0, length));
    document.remove_prefix(length);
  };
  while (!document.empty()) {
    const char c = document.front();
    if (kIgnored.find(c) != std::string_view::npos) {
      document.remove_prefix(1);
    } else if (c == '#') {
      document.remove_prefix(length_while(document, [](char d) { return d != '\n' && d != '\r'; }));
    } else if (kPunctuators.find(c) != std::string_view::npos) {
      add(Token::Kind::punctuator, 1);
    } else if (is_name_start(c)) {
      add(Token::Kind::name, length_while(document, [](char d) { return is_name_start(d) || is_digit(d); }));
    } else if (is_digit(c) || c == '-') {
      const auto in_number = [](char d) { return is_digit(d) || is_name_start(d) || d == '.' || d == '+' || d == '-'; };
      add(Token::Kind::value, length_while(document, in_number));
    } else if (c == '"') {
      add(Token::Kind::value, end_of_string(document));
    } else {
      throw SyntaxError(std::string("the character ") + c + " has no meaning there");
    }
  }
  return tokens;
}

}  // namespace graphql
