// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "xpath.hpp"

namespace soap {

/// Reads one expression from left to right.
class XPathParser {
 public:
  XPathParser(std::string_view expression, const XPath::Namespaces& namespaces)
      : expression_(expression), namespaces_(namespaces) {}

  /// The whole expression, or throws XPathError.
  XPath::Path parse();

 private:
  XPath::Path path();
  XPath::Step step();
  XPath::Predicate predicate();
  void name_test(XPath::Step& step);
  std::string name();
  std::size_t number();
  std::string literal();

  void skip_space();
  bool take(std::string_view token);
  void expect(std::string_view token);
  [[nodiscard]] char peek() const { return at_ < expression_.size() ? expression_[at_] : '\0'; }
  [[noreturn]] void refuse(const std::string& why) const;

  std::string_view expression_;
  const XPath::Namespaces& namespaces_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace soap
