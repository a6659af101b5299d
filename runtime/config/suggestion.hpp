// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fulfilld {

/// Number of insertions, deletions, replacements and swaps of neighbours that turn one text into the other (optimal
/// string alignment).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that was probably meant, or an empty view if none is near (one edit in three characters).
[[nodiscard]] std::string_view nearest(std::string_view written, const std::vector<std::string>& candidates);

}  // namespace fulfilld
