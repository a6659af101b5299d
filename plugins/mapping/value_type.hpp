// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/document.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace mapping {

/// Of what type a value has to be; `any`: as it is.
enum class ValueType { any, string, number, integer, boolean, list };

/// The same value as a text: of a text, number (the digits as they came) or boolean. Nothing for what is no single
/// value.
[[nodiscard]] std::optional<std::string> text_of(const fulfill::Document& value);

/// The same value as that type, or nothing if that cannot be without a loss: "12" and 12.0 are the integer 12, "12.5"
/// and 12.5 are none; "true", "1" and 1 are the boolean true. No number loses a digit, nor a zero at its end.
[[nodiscard]] std::optional<fulfill::Document> converted(const fulfill::Document& value, ValueType type);

/// What was written in the settings: JSON if it is JSON (`10`, `true`, `null`, `[]`), else the text itself.
[[nodiscard]] fulfill::Document literal(std::string_view text);

}  // namespace mapping
