// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace fulfill {

/// Throw it to end the execution as failed. Any other exception that leaves an adapter is a defect of the adapter
/// and ends the execution as `adapter_fault`.
class Failed : public std::exception {
 public:
  /// `code`: your own word for it, at most 64 of [a-z0-9_.-], e.g. "no_such_customer"; it reaches the caller as
  /// `errorCode`. A reason of the host (`backend_bad_answer`) keeps its meaning. `message`: one sentence for a person.
  Failed(std::string code, std::string message) : code_(std::move(code)), message_(std::move(message)) {}

  [[nodiscard]] const std::string& code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::string code_;
  std::string message_;
};

/// Throw it from blocking work if nothing was done, or it may be done twice: the same function is then called again,
/// after a back-off, as often as the action's retry settings and its deadline permit. If they do not, or the host is
/// older than SDK 1.1, this is what the `co_await` throws.
class TryAgain : public Failed {
 public:
  /// `after`: not before that time has passed; 0: as the host sees fit.
  TryAgain(std::string code, std::string message, std::chrono::milliseconds after = std::chrono::milliseconds{0})
      : Failed(std::move(code), std::move(message)), after_(after) {}

  [[nodiscard]] std::chrono::milliseconds after() const noexcept { return after_; }

 private:
  std::chrono::milliseconds after_;
};

/// The same, where the reason is not this work but the backend: it is full, or away. The action's blocking work then
/// goes on with fewer at a time, and with pauses, until some of it succeeds.
class BackendBusy : public TryAgain {
 public:
  using TryAgain::TryAgain;
};

/// A setting is missing or has a wrong value. Thrown in an adapter's constructor it refuses the action at load.
class SettingError : public std::exception {
 public:
  explicit SettingError(std::string sentence) : sentence_(std::move(sentence)) {}
  [[nodiscard]] const char* what() const noexcept override { return sentence_.c_str(); }

 private:
  std::string sentence_;
};

namespace detail {

/// `"name"`, for messages.
inline std::string quoted(std::string_view name) {
  std::string text;
  text.reserve(name.size() + 2);
  text += '"';
  text += name;
  text += '"';
  return text;
}

}  // namespace detail

}  // namespace fulfill
