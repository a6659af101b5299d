// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace fulfilld {

/// As in a form (RFC 6749, appendix B), but a blank is %20: whoever decodes forms reads that too, and so does whoever
/// only undoes percents.
[[nodiscard]] std::string form_encoded(std::string_view text);

}  // namespace fulfilld
