// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/journal_row.hpp"

#include <algorithm>
#include <initializer_list>

#include "runtime/journal/note.hpp"
#include "runtime/journal/row_digest.hpp"

namespace fulfilld::journal {
namespace {

using Kind = RawValue::Kind;
constexpr auto n = Kind::integer;
constexpr auto b = Kind::bytes;

bool has_shape(const RawRow& row, std::initializer_list<Kind> kinds) {
  return std::equal(row.values.begin(), row.values.end(), kinds.begin(), kinds.end(),
                    [](const RawValue& value, Kind kind) { return value.kind == kind; });
}

// The first value is the place of the key, which is the row id.
bool is_note(const RawRow& row) { return has_shape(row, {Kind::null, n, n, n, n, n}); }

SQLite::Statement& insert_of(PartitionStatements& statements, RowKind kind) {
  switch (kind) {
    case RowKind::accept:
      return statements.insert_accept;
    case RowKind::outcome:
      return statements.insert_outcome;
    case RowKind::ending:
      return statements.insert_ending;
    case RowKind::note:
      return statements.insert_note;
    case RowKind::alias:
      break;
  }
  return statements.insert_alias;
}

}  // namespace

std::optional<RowKind> recognise(const RawRow& row) {
  const auto& v = row.values;
  const auto key = static_cast<std::uint64_t>(row.rowid);
  if (row.rowid < 1) return std::nullopt;
  if (has_shape(row, {Kind::null, n, b, b, b, b, b, n, b})) {
    if (v[1].integer ==
        accept_digest(key, v[2].bytes, v[3].bytes, v[4].bytes, v[5].bytes, v[6].bytes, v[7].integer, v[8].bytes))
      return RowKind::accept;
  } else if (has_shape(row, {Kind::null, n, n, n, b})) {
    if (v[1].integer == outcome_digest(key, v[2].integer, v[3].integer, v[4].bytes)) return RowKind::outcome;
  } else if (has_shape(row, {Kind::null, n, n, n, n})) {
    if (v[1].integer == ending_digest(key, v[2].integer, v[3].integer, v[4].integer)) return RowKind::ending;
  } else if (is_note(row)) {
    const auto sequence = static_cast<std::uint64_t>(v[2].integer);
    if (v[1].integer == note_digest(key, sequence, v[3].integer, v[4].integer, v[5].integer)) return RowKind::note;
  } else if (has_shape(row, {Kind::null, n, b})) {
    if (v[1].integer == alias_digest(key, v[2].bytes)) return RowKind::alias;
  }
  return std::nullopt;
}

std::uint64_t sequence_of(const RawRow& row, RowKind kind) noexcept {
  const auto key = static_cast<std::uint64_t>(row.rowid);
  return kind == RowKind::note ? sequence_of_entry(key) : key;
}

void suspect_sending(const RawRow& row, const std::function<void(std::uint64_t)>& sent) {
  if (!is_note(row) || recognise(row)) return;
  const auto& v = row.values;
  suspect_sending(static_cast<std::uint64_t>(row.rowid), static_cast<std::uint64_t>(v[2].integer), v[3].integer, sent);
}

void insert_row(PartitionStatements& statements, const RawRow& row, RowKind kind) {
  auto& insert = insert_of(statements, kind);
  insert.bind(1, row.rowid);
  for (std::size_t i = 1; i < row.values.size(); ++i) {
    const auto& value = row.values[i];
    const int index = static_cast<int>(i) + 1;
    const bool is_body = i + 1 == row.values.size() && kind != RowKind::alias;
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
