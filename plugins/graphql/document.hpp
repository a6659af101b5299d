// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lexer.hpp"

namespace graphql {

/// A variable that an operation declares.
class Variable {
 public:
  Variable(std::string name, bool required) : name_(std::move(name)), required_(required) {}
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Its type ends with '!', and it has no default.
  [[nodiscard]] bool is_required() const noexcept { return required_; }

 private:
  std::string name_;
  bool required_;
};

/// One operation of a document.
class OperationDefinition {
 public:
  enum class Kind { query, mutation, subscription };

  OperationDefinition(Kind kind, std::string name, std::vector<Variable> variables)
      : kind_(kind), name_(std::move(name)), variables_(std::move(variables)) {}
  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  /// Empty if it has none.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::vector<Variable>& variables() const noexcept { return variables_; }

 private:
  Kind kind_;
  std::string name_;
  std::vector<Variable> variables_;
};

/// The operations of a GraphQL document (October 2021, 2.3). Reads as much of it as it takes to find them and what they
/// declare; whether their fields exist only the server knows. Throws SyntaxError.
[[nodiscard]] std::vector<OperationDefinition> operations_in(std::string_view document);

}  // namespace graphql
