// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace mapping {

/// Of what type a value has to be; `any`: as it is.
enum class ValueType { any, string, number, integer, boolean, list };

/// The same value as a text: of a string, number or boolean. Nothing for what is no single value, and for a number that
/// was rounded when it was read (no double and no 64-bit integer holds it), whose digits would be wrong.
[[nodiscard]] std::optional<std::string> text_of(const fulfill::Json& value);

/// The same value as that type, or nothing if that cannot be without a loss: "12" and 12.0 are the integer 12, "12.5"
/// and 12.5 are none; "true", "1" and 1 are the boolean true.
[[nodiscard]] std::optional<fulfill::Json> converted(const fulfill::Json& value, ValueType type);

/// What was written in the settings: JSON if it is JSON (`10`, `true`, `null`, `[]`), else the text itself.
[[nodiscard]] fulfill::Json literal(std::string_view text);

}  // namespace mapping
