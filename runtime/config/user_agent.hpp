// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace fulfilld {

/// What requests say of who sends them (RFC 9110 section 10.1.5): `fulfilld/` and the version.
[[nodiscard]] std::string default_user_agent();

}  // namespace fulfilld
