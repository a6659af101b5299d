// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fulfilld {

/// Length of the JSON number (RFC 8259, section 6) at the beginning of `text`; 0 if there is none.
[[nodiscard]] std::size_t json_number_length(std::string_view text) noexcept;

/// A copy of the JSON text in which every number outside of a string is 0, padded with blanks to its old length.
/// What is no number by the grammar stays as it is, and so does text that is no JSON.
[[nodiscard]] std::string with_plain_numbers(std::string_view text);

}  // namespace fulfilld
