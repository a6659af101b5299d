// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace fulfilld {

/// What is known of the process that ran before this one.
struct LastProcess {
  bool known = false;      ///< there was one
  bool orderly = false;    ///< it ended of its own accord
  bool same_boot = false;  ///< and since then the machine has not been started anew
  /// Executions, by sequence, that some thread was just working on: their adapter was running, or their result was
  /// being posted.
  std::vector<std::uint64_t> in_adapter_code;
  std::vector<std::uint64_t> culprits{};  ///< those that were seen to end it
};

/// Which unfinished executions the death of a process is laid to: each gets one death on record, and is parked when it
/// has too many, so that one input cannot crash the service for ever.
struct Blame {
  enum class On : std::uint8_t { nobody, named, everybody };
  On on = On::nobody;
  std::vector<std::uint64_t> sequences;  ///< for `named`

  [[nodiscard]] bool names(std::uint64_t sequence) const noexcept;
};

/// Nobody is to blame for an orderly end or for a machine that went down. Whoever was seen to end the process did. Else
/// a process that died in the middle of adapter code died of that; only where nothing of the kind is known, all that
/// was in flight is suspect.
[[nodiscard]] Blame blame_for(const LastProcess& last);

}  // namespace fulfilld
