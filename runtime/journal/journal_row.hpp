// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "runtime/journal/page_scan.hpp"
#include "runtime/journal/partition.hpp"

namespace fulfilld::journal {

enum class RowKind : std::uint8_t { accept, outcome, ending };

/// What a row found by `scan_pages` is, if its digest is right: then it is exactly what was once written.
[[nodiscard]] std::optional<RowKind> recognise(const RawRow& row);

/// Writes it into a partition.
void insert_row(PartitionStatements& statements, const RawRow& row, RowKind kind);

}  // namespace fulfilld::journal
