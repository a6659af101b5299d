// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/journal_row.hpp"

#include <algorithm>
#include <initializer_list>

#include "runtime/journal/row_digest.hpp"

namespace fulfilld::journal {

std::optional<RowKind> recognise(const RawRow& row) {
  using Kind = RawValue::Kind;
  const auto& v = row.values;
  const auto shape = [&](std::initializer_list<Kind> kinds) {
    return std::equal(v.begin(), v.end(), kinds.begin(), kinds.end(),
                      [](const RawValue& value, Kind kind) { return value.kind == kind; });
  };
  const auto seq = static_cast<std::uint64_t>(row.rowid);
  if (row.rowid < 1) return std::nullopt;
  // The first value is the place of `seq`, which is the row id.
  constexpr auto n = Kind::integer;
  constexpr auto b = Kind::bytes;
  if (shape({Kind::null, n, b, b, b, b, b, n, b})) {
    if (v[1].integer ==
        accept_digest(seq, v[2].bytes, v[3].bytes, v[4].bytes, v[5].bytes, v[6].bytes, v[7].integer, v[8].bytes))
      return RowKind::accept;
  } else if (shape({Kind::null, n, n, n, b})) {
    if (v[1].integer == outcome_digest(seq, v[2].integer, v[3].integer, v[4].bytes)) return RowKind::outcome;
  } else if (shape({Kind::null, n, n, n, n})) {
    if (v[1].integer == ending_digest(seq, v[2].integer, v[3].integer, v[4].integer)) return RowKind::ending;
  }
  return std::nullopt;
}

void insert_row(PartitionStatements& statements, const RawRow& row, RowKind kind) {
  auto& insert = kind == RowKind::accept    ? statements.insert_accept
                 : kind == RowKind::outcome ? statements.insert_outcome
                                            : statements.insert_ending;
  insert.bind(1, row.rowid);
  for (std::size_t i = 1; i < row.values.size(); ++i) {
    const auto& value = row.values[i];
    const int index = static_cast<int>(i) + 1;
    const bool is_body = i + 1 == row.values.size();
    if (value.kind == RawValue::Kind::integer)
      insert.bind(index, value.integer);
    else if (is_body)
      bind_blob(insert, index, value.bytes);
    else
      insert.bindNoCopy(index, value.bytes);
  }
  execute(insert);
}

}  // namespace fulfilld::journal
