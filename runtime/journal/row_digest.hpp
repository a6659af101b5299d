// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "actors/execution.hpp"

namespace fulfilld::journal {

/// Digests of whole rows, stored in each: SQLite has no checksums of its own, and what is intact in a damaged file
/// must be told from what is not. They are part of the layout, so they may never change.
[[nodiscard]] std::int64_t accept_digest(std::uint64_t seq, std::string_view id, std::string_view url,
                                         std::string_view token, std::string_view action,
                                         std::string_view correlation_id, std::int64_t accepted_at,
                                         std::string_view body) noexcept;
[[nodiscard]] std::int64_t outcome_digest(std::uint64_t seq, std::int64_t reason, std::int64_t decided_at,
                                          std::string_view body) noexcept;
[[nodiscard]] std::int64_t ending_digest(std::uint64_t seq, std::int64_t reason, std::int64_t attempts,
                                         std::int64_t ended_at) noexcept;
[[nodiscard]] std::int64_t note_digest(std::uint64_t entry, std::uint64_t seq, std::int64_t kind, std::int64_t reason,
                                       std::int64_t noted_at) noexcept;
[[nodiscard]] std::int64_t alias_digest(std::uint64_t seq, std::string_view key) noexcept;
[[nodiscard]] std::int64_t partition_digest(std::uint64_t number, const std::array<std::int64_t, 5>& fields,
                                            std::string_view filter) noexcept;

/// As it is stored: milliseconds since 1970.
[[nodiscard]] inline std::int64_t to_millis(WallTime time) noexcept { return time.time_since_epoch().count(); }
[[nodiscard]] inline WallTime from_millis(std::int64_t millis) noexcept {
  return WallTime(std::chrono::milliseconds(millis));
}

}  // namespace fulfilld::journal
