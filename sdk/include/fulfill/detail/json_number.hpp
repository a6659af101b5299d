// SPDX-License-Identifier: Apache-2.0
// Numbers of JSON as they are written: nothing here makes a double of one unless it is asked for that.
#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace fulfill::detail {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Length of the JSON number (RFC 8259, 6) at the beginning of `text`; 0 if there is none.
constexpr std::size_t json_number_length(std::string_view text) noexcept {
  std::size_t at = 0;
  const auto take = [&](char c) {
    const bool is_there = at < text.size() && text[at] == c;
    if (is_there) ++at;
    return is_there;
  };
  const auto take_digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at > from;
  };
  take('-');
  if (!take('0') && !take_digits()) return 0;
  if (take('.') && !take_digits()) return 0;
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    if (!take_digits()) return 0;
  }
  return at;
}

constexpr bool is_json_number(std::string_view text) noexcept {
  return !text.empty() && json_number_length(text) == text.size();
}

/// A number apart: `digits` without zeros at either end, and where the decimal point stands from their beginning on.
/// So `0.0120e3` is "12" with the point after 2 of them, and 0 has no digits.
class Decimal {
 public:
  /// `number`: a JSON number.
  explicit Decimal(std::string_view number) : negative_(number.starts_with('-')) {
    if (negative_) number.remove_prefix(1);
    const std::size_t end = number.find_first_of("eE");
    const std::string_view mantissa = number.substr(0, end);
    const std::size_t dot = mantissa.find('.');
    digits_ = mantissa.substr(0, dot);
    point_ = static_cast<long>(digits_.size());
    if (dot != std::string_view::npos) digits_ += mantissa.substr(dot + 1);
    if (end != std::string_view::npos) point_ += exponent(number.substr(end + 1));
    const std::size_t zeros = digits_.find_first_not_of('0');
    if (zeros == std::string::npos) {
      digits_.clear();
      point_ = 0;
      return;
    }
    digits_.erase(0, zeros);
    point_ -= static_cast<long>(zeros);
    digits_.erase(digits_.find_last_not_of('0') + 1);
  }

  [[nodiscard]] bool negative() const noexcept { return negative_; }
  [[nodiscard]] const std::string& digits() const noexcept { return digits_; }
  [[nodiscard]] long point() const noexcept { return point_; }

 private:
  /// What is beyond any use is as good as a million.
  static long exponent(std::string_view text) noexcept {
    constexpr long kLargest = 1'000'000;
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    long value = 0;
    for (const char c : text)
      if (value < kLargest) value = 10 * value + (c - '0');
    return negative ? -value : value;
  }

  bool negative_;
  std::string digits_;
  long point_ = 0;
};

/// The whole number that a JSON number is, without point and exponent: "12" of `12.0` and of `1.2e1`. Empty if it is
/// none, or would have more than 400 digits, which no double can be.
inline std::string whole_number(std::string_view number) {
  constexpr long kMostDigits = 400;
  if (number.find_first_of(".eE") == std::string_view::npos) return std::string(number);
  const Decimal decimal(number);
  const auto count = static_cast<long>(decimal.digits().size());
  if (count == 0) return "0";
  if (decimal.point() < count || decimal.point() > kMostDigits) return {};
  return (decimal.negative() ? "-" : "") + decimal.digits() +
         std::string(static_cast<std::size_t>(decimal.point() - count), '0');
}

/// The nearest double of a JSON number; nothing if it is beyond the largest.
inline std::optional<double> nearest_double(std::string_view number) {
  double value = 0;
#if defined(__cpp_lib_to_chars)
  const auto error = std::from_chars(number.data(), number.data() + number.size(), value).ec;
  if (error == std::errc()) return value;
  const Decimal decimal(number);
  if (decimal.point() > 0) return std::nullopt;
  return decimal.negative() ? -0.0 : 0.0;  // below the smallest
#else
  value = std::strtod(std::string(number).c_str(), nullptr);
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
#endif
}

}  // namespace fulfill::detail
