// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "actors/redaction.hpp"
#include "runtime/config/config.hpp"

namespace fulfilld {

/// Knows the secrets of the configuration, and learns those that come in their place while the process runs, each
/// before anyone can use it. Tokens that are fetched are told to it by who fetches them.
[[nodiscard]] Redaction redaction_for(const Config& config);

}  // namespace fulfilld
