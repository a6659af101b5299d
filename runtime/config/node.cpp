// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/node.hpp"

#include "runtime/config/toml_text.hpp"

namespace fulfilld {
namespace {

constexpr std::size_t longest_quote = 60;

struct Describe {
  std::string operator()(const Node::Table&) const { return "a table"; }
  std::string operator()(const Node::Array&) const { return "an array"; }
  std::string operator()(const std::string& text) const {
    return text.size() <= longest_quote ? toml_string(text) : "a string of " + std::to_string(text.size()) + " bytes";
  }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return number_text(number); }
  std::string operator()(bool truth) const { return truth ? "true" : "false"; }
  std::string operator()(Node::Other) const { return "a date or time"; }
};

}  // namespace

std::string describe(const Node& node) {
  return node.digits.empty() ? std::visit(Describe{}, node.value) : node.digits;
}

}  // namespace fulfilld
