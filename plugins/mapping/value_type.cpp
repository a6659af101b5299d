// SPDX-License-Identifier: Apache-2.0
#include "value_type.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <system_error>

namespace mapping {
namespace {

using fulfill::Json;

constexpr double kExact = 9007199254740992.0;  // 2^53: from here on a double stands for several integers

template <typename Number>
std::optional<Json> number(const std::string& text) {
  Number value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size() || !std::isfinite(static_cast<double>(value)))
    return std::nullopt;
  return Json(value);
}

std::optional<Json> integer(const Json& value) {
  if (value.is_number_integer()) return value;
  if (value.is_string()) return number<std::int64_t>(value.get_ref<const std::string&>());
  if (!value.is_number_float()) return std::nullopt;
  const double real = value.get<double>();
  if (std::trunc(real) != real || std::abs(real) >= kExact) return std::nullopt;
  return Json(static_cast<std::int64_t>(real));
}

std::optional<Json> boolean(const Json& value) {
  if (value.is_boolean()) return value;
  if (value == "true" || value == "1" || value == 1) return Json(true);
  if (value == "false" || value == "0" || value == 0) return Json(false);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float() && std::abs(value.get<double>()) >= kExact) return std::nullopt;
  if (value.is_number() || value.is_boolean()) return value.dump();
  return std::nullopt;
}

std::optional<Json> converted(const Json& value, ValueType type) {
  switch (type) {
    case ValueType::any:
      return value;
    case ValueType::string:
      if (auto text = text_of(value)) return Json(std::move(*text));
      return std::nullopt;
    case ValueType::number:
      if (value.is_string()) return number<double>(value.get_ref<const std::string&>());
      return value.is_number() ? std::optional(value) : std::nullopt;
    case ValueType::integer:
      return integer(value);
    case ValueType::boolean:
      return boolean(value);
    case ValueType::list:
      return value.is_array() ? std::optional(value) : std::nullopt;
  }
  return std::nullopt;
}

Json literal(std::string_view text) {
  Json value = Json::parse(text, nullptr, false);
  return value.is_discarded() ? Json(text) : value;
}

}  // namespace mapping
