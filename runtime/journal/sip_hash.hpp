// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace fulfilld::journal {

struct SipKey {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

/// SipHash-1-3 (Aumasson and Bernstein, 2012): quick on short text, and without the key nobody finds collisions.
/// Stored in the journal, so it may never change.
[[nodiscard]] std::uint64_t sip_hash(const SipKey& key, std::string_view text) noexcept;

}  // namespace fulfilld::journal
