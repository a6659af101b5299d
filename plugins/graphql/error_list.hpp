// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/document.hpp>
#include <string>
#include <utility>
#include <vector>

#include "../mapping/pointer.hpp"

namespace graphql {

/// One error of an answer.
class Error {
 public:
  Error(std::string code, std::string message) : code_(std::move(code)), message_(std::move(message)) {}
  /// Empty if it has none.
  [[nodiscard]] const std::string& code() const noexcept { return code_; }
  /// What the server says, 300 bytes of it at most; empty if it says nothing.
  [[nodiscard]] const std::string& message() const noexcept { return message_; }

 private:
  std::string code_;
  std::string message_;
};

/// The errors of an answer, its member `errors`. By the specification (7.1.2) a list of objects with a `message`; there
/// are servers, and gateways before them, that send a text, a list of texts, or one object in place of that: found
/// whatever their form. None if there is no such member, or it is null, false, or empty. `code`: where an error that is
/// an object has its code.
[[nodiscard]] std::vector<Error> errors_in(const fulfill::Document& answer, const mapping::Pointer& code);

/// Of the first error that says something; else that none does.
[[nodiscard]] const std::string& message_of(const std::vector<Error>& errors);

}  // namespace graphql
