// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "runtime/adapter_tool/reply.hpp"

namespace fulfilld {

/// Something that a backend does to one call of an execution.
struct Fault {
  std::string_view rule;       ///< name of the rule that an adapter follows when it copes with it
  std::string_view what;       ///< for a person, after "its backend"
  Reply (*reply)(Reply good);  ///< in place of the good answer
  bool first_attempt_only = false;
  bool must_complete = false;               ///< the answer is good in the end
  std::chrono::milliseconds time_limit{0};  ///< of each attempt at that call; 0: as usual
};

/// All faults, in the order in which they are told.
[[nodiscard]] const std::vector<Fault>& faults();

}  // namespace fulfilld
