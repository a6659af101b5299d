// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <fulfill/json.hpp>
#include <string>
#include <string_view>

namespace mapping {

/// A larger answer is parsed where a thread may block.
inline constexpr std::size_t kLargeAnswer = 64 * 1024;

/// The JSON of an answer; of an empty one null. Throws Failed("backend_bad_answer") if it is no JSON, or nested deeper
/// than 256 levels, which would exhaust the stack of whoever walks it.
[[nodiscard]] fulfill::Json parse_answer(std::string_view text);

/// The same, but null for what is no such JSON: what comes with an error is worth a look, and nothing relies on it.
[[nodiscard]] fulfill::Json json_or_null(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

/// The text, without control characters and cut to 300 bytes at most, not within a character: for messages.
[[nodiscard]] std::string excerpt(std::string_view text);

}  // namespace mapping
