// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "runtime/config/environment.hpp"
#include "runtime/config/secret.hpp"

namespace fulfilld {

/// A secret fetched from where the configuration points to, or the sentence that says why there is none.
struct FetchedSecret {
  Secret secret;
  std::string problem;  ///< empty if there is a secret; never contains what was written, that may be one
};

/// Follows `env:NAME` or `file:PATH` (line ends at the end of the file are dropped). Anything else is refused: a
/// configuration file is no place for a secret. `one_line`: control characters are refused too.
[[nodiscard]] FetchedSecret fetch_secret(std::string_view source, const Environment& environment, bool one_line);

}  // namespace fulfilld
