// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "actors/execution.hpp"

namespace fulfilld {

/// What a failed execution ended with, as its callback tells it.
struct FailureParts {
  std::string code;
  std::string message;
};

[[nodiscard]] FailureParts failure_of(const Outcome& outcome);

}  // namespace fulfilld
