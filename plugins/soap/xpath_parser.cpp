// SPDX-License-Identifier: Apache-2.0
#include "xpath_parser.hpp"

#include <utility>

namespace soap {
namespace {

constexpr int kDeepestPredicate = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool continues_name(char c) { return begins_name(c) || is_digit(c) || c == '-' || c == '.'; }

}  // namespace

XPath::Path XPathParser::parse() {
  skip_space();
  XPath::Path whole = path();
  if (at_ != expression_.size()) refuse("something that this subset of XPath does not have");
  return whole;
}

XPath::Path XPathParser::path() {
  XPath::Path path;
  path.absolute = peek() == '/';
  bool first = true;
  for (;;) {
    const bool any_depth = take("//");
    const bool slash = any_depth || take("/");
    if (!slash && !first) return path;
    if (any_depth) path.steps.emplace_back().axis = XPath::Axis::descendant_or_self;
    path.steps.push_back(step());
    if (any_depth && path.steps.back().axis == XPath::Axis::self) refuse("a dot after //");
    first = false;
  }
}

XPath::Step XPathParser::step() {
  XPath::Step step;
  if (take("@")) {
    step.axis = XPath::Axis::attribute;
    name_test(step);
    if (step.any_name || step.any_uri) refuse("an attribute needs its name");
    return step;
  }
  if (take("text()")) {
    step.axis = XPath::Axis::text;
    return step;
  }
  if (peek() == '.' && !expression_.substr(at_).starts_with("..")) {
    take(".");
    step.axis = XPath::Axis::self;
    step.any_name = step.any_uri = true;
    return step;
  }
  name_test(step);
  while (take("[")) {
    if (++depth_ > kDeepestPredicate) refuse("predicates nested too deep");
    step.predicates.push_back(predicate());
    --depth_;
    expect("]");
  }
  return step;
}

XPath::Predicate XPathParser::predicate() {
  using Kind = XPath::Predicate::Kind;
  XPath::Predicate predicate;
  if (is_digit(peek())) {
    predicate.kind = Kind::position;
    predicate.position = number();
    if (predicate.position == 0) refuse("a position counts from 1");
  } else if (take("last()")) {
    predicate.kind = Kind::last;
  } else {
    predicate.path = path();
    // Each of the nodes would search the whole document.
    for (const auto& step : predicate.path.steps)
      if (predicate.path.absolute || step.axis == XPath::Axis::descendant_or_self)
        refuse("a predicate that looks further than to children and attributes");
    if (take("=")) {
      predicate.kind = Kind::equals;
      predicate.text = literal();
    }
  }
  return predicate;
}

void XPathParser::name_test(XPath::Step& step) {
  if (take("*:")) {
    step.any_uri = true;
    step.name = name();
    return;
  }
  if (take("*")) {
    step.any_uri = step.any_name = true;
    return;
  }
  step.name = name();
  if (peek() == '(') refuse("a function; there are only text() and last()");
  if (expression_.substr(at_).starts_with("::")) refuse("an axis; there is only the abbreviated syntax");
  if (!take(":")) return;
  const auto known = namespaces_.find(step.name);
  if (known == namespaces_.end()) refuse("the prefix \"" + step.name + "\"; set namespaces." + step.name);
  step.uri = known->second;
  step.any_name = take("*");
  if (!step.any_name) step.name = name();
}

std::string XPathParser::name() {
  const std::size_t begin = at_;
  if (!begins_name(peek())) refuse(at_ == expression_.size() ? "the end, instead of a name" : "no name");
  while (at_ < expression_.size() && continues_name(peek())) ++at_;
  std::string found(expression_.substr(begin, at_ - begin));
  skip_space();
  return found;
}

std::size_t XPathParser::number() {
  std::size_t value = 0;
  while (is_digit(peek())) {
    value = value * 10 + static_cast<std::size_t>(peek() - '0');
    if (value > 1'000'000) refuse("too large a position");
    ++at_;
  }
  skip_space();
  return value;
}

std::string XPathParser::literal() {
  const char quote = peek();
  if (quote != '\'' && quote != '"') refuse("a value without quotes");
  const std::size_t end = expression_.find(quote, at_ + 1);
  if (end == std::string_view::npos) refuse("a quote without its end");
  std::string text(expression_.substr(at_ + 1, end - at_ - 1));
  at_ = end + 1;
  skip_space();
  return text;
}

void XPathParser::skip_space() {
  while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
}

bool XPathParser::take(std::string_view token) {
  if (!expression_.substr(at_).starts_with(token)) return false;
  at_ += token.size();
  skip_space();
  return true;
}

void XPathParser::expect(std::string_view token) {
  if (!take(token)) refuse("no \"" + std::string(token) + "\"");
}

void XPathParser::refuse(const std::string& why) const {
  throw XPathError("in " + std::string(expression_) + " at character " + std::to_string(at_ + 1) + " stands " + why);
}

}  // namespace soap
