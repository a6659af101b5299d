// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/document.hpp>
#include <fulfill/json.hpp>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace fulfill::testing {

/// What an execution ended with.
class Outcome {
 public:
  [[nodiscard]] static Outcome completed(std::string json) { return Outcome(true, std::move(json), {}, {}); }
  [[nodiscard]] static Outcome failed(std::string code, std::string message) {
    return Outcome(false, {}, std::move(code), std::move(message));
  }

  [[nodiscard]] bool complete() const noexcept { return complete_; }
  /// The result, byte for byte; empty if it failed.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// The result; a failed execution has none, and throws what it failed with.
  [[nodiscard]] Json json() const {
    if (!complete_) throw std::runtime_error("the execution failed: " + code_ + ": " + message_);
    return JsonReader<void>::answer(text_);
  }
  /// The same, with its numbers as they are written.
  [[nodiscard]] Document document() const {
    if (!complete_) throw std::runtime_error("the execution failed: " + code_ + ": " + message_);
    return Document::parse(text_).value();
  }
  /// Why it failed, as the caller will read it; empty if it is complete.
  [[nodiscard]] const std::string& code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }

  /// For GoogleTest.
  friend void PrintTo(const Outcome& outcome, std::ostream* out) {
    if (outcome.complete_) {
      *out << "complete: " << outcome.text_;
    } else {
      *out << "failed: " << outcome.code_ << ": " << outcome.message_;
    }
  }

 private:
  Outcome(bool complete, std::string text, std::string code, std::string message)
      : complete_(complete), text_(std::move(text)), code_(std::move(code)), message_(std::move(message)) {}

  bool complete_;
  std::string text_;
  std::string code_;
  std::string message_;
};

}  // namespace fulfill::testing
