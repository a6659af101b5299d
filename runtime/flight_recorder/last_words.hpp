// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace fulfilld {

/// One line of the log, made without memory, locks or locale. What does not fit is cut; what could break the line is
/// replaced. Async-signal-safe.
class LastLine {
 public:
  enum class Form { json, text };

  /// Begins with the time, the level and the event.
  LastLine(Form form, std::string_view event) noexcept;

  /// Nothing is added for an empty value.
  void field(std::string_view name, std::string_view value) noexcept;
  void number(std::string_view name, unsigned long long value) noexcept;

  /// The whole line, with its end.
  [[nodiscard]] std::string_view end() noexcept;

 private:
  void add(std::string_view text) noexcept;
  void add_digits(unsigned long long value, int least_digits = 1) noexcept;
  void add_time() noexcept;
  void begin_field(std::string_view name) noexcept;

  static constexpr std::size_t capacity = 1024;
  const Form form_;
  std::size_t size_ = 0;
  std::array<char, capacity> text_;
};

/// Has a process that dies of itself say so on `descriptor` first: a signal for a fault (SIGSEGV, SIGBUS, SIGILL,
/// SIGFPE, SIGABRT), std::terminate, or an `exit` in the middle of adapter code. The line names the adapter, the
/// execution and the signal, and the flight recorder learns who ended the process. Then the signal does what it did
/// before: status and core stay. Once a process; never waits long for the reader of the line.
void speak_last_words(int descriptor, LastLine::Form form) noexcept;

/// A line of that event in the form that `speak_last_words` was told, and its way out. Never waits long.
[[nodiscard]] LastLine last_line(std::string_view event) noexcept;
void speak(LastLine& line) noexcept;

}  // namespace fulfilld
