// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <fulfill/document.hpp>
#include <fulfill/error.hpp>
#include <fulfill/response.hpp>
#include <string>
#include <string_view>

namespace mapping {

/// The JSON of an answer, decoded from the charset that it names; of an empty one null. Throws
/// `fulfill::Response::unreadable` if it is no JSON, or nested deeper than 256 levels, which would exhaust the stack of
/// whoever walks it.
[[nodiscard]] fulfill::Document json_of(const fulfill::Response& answer);

/// The same, but null for what is no such JSON: what comes with an error is worth a look, and nothing relies on it.
[[nodiscard]] fulfill::Document json_or_null(const fulfill::Response& answer);

/// What to throw for an answer that is longer than the setting `max_answer`: `answer_too_large`, or `outcome_unknown`
/// for that of an unsafe call that has been carried out.
[[nodiscard]] fulfill::Failed too_long(const fulfill::Response& answer);

/// The text, without control characters and cut to 300 bytes at most, not within a character: for messages.
[[nodiscard]] std::string excerpt(std::string_view text);

}  // namespace mapping
