// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace fulfilld {

/// A copy of the JSON text in which every number outside of a string is 0, padded with blanks to its old length.
/// What is no number by the grammar (RFC 8259, section 6; one place has it, the SDK) stays as it is, and so does text
/// that is no JSON.
[[nodiscard]] std::string with_plain_numbers(std::string_view text);

}  // namespace fulfilld
