// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How `fulfilld-adapter` ends.
namespace fulfilld::adapter_tool_status {

inline constexpr int good = 0;
inline constexpr int failed = 1;  ///< the adapter fails a check, a rule or the run
inline constexpr int usage = 2;   ///< the command line, or a file that it names, has a mistake

}  // namespace fulfilld::adapter_tool_status
