// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace fulfilld {

/// Writes `\u0000` over each escape in `json` that is half of a surrogate pair without the other half: legal by the
/// grammar (RFC 8259, section 8.2), no character, and refused by simdjson. Nothing moves. True if there was one.
bool blank_lone_surrogates(std::string& json) noexcept;

}  // namespace fulfilld
