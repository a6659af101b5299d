// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "runtime/journal/page_scan.hpp"
#include "runtime/journal/partition.hpp"

namespace fulfilld::journal {

enum class RowKind : std::uint8_t { accept, outcome, ending, note, alias };

/// What a row found by `scan_pages` is, if its digest is right: then it is exactly what was once written.
[[nodiscard]] std::optional<RowKind> recognise(const RawRow& row);

/// The execution that it belongs to.
[[nodiscard]] std::uint64_t sequence_of(const RawRow& row, RowKind kind) noexcept;

/// Calls `sent` for each execution that may have sent an unsafe call, as far as a damaged note can tell. Does nothing
/// for any other row.
void suspect_sending(const RawRow& row, const std::function<void(std::uint64_t)>& sent);

/// Writes it into a partition.
void insert_row(PartitionStatements& statements, const RawRow& row, RowKind kind);

}  // namespace fulfilld::journal
