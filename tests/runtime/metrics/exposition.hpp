// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace fulfilld::test {

/// Samples by series, e.g. `fulfilld_attempts_total{direction="backend",outcome="2xx"}`.
using Samples = std::map<std::string, double>;

/// Reads Prometheus' text format, version 0.0.4. Throws std::runtime_error at a line that is not of it, at a sample
/// without a TYPE before it, and at a series that comes twice.
[[nodiscard]] Samples parse_exposition(std::string_view text);

}  // namespace fulfilld::test
