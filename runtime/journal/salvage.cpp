// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/salvage.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/journal/journal_row.hpp"
#include "runtime/journal/note.hpp"
#include "runtime/journal/page_scan.hpp"
#include "runtime/journal/partition.hpp"
#include "runtime/journal/row_digest.hpp"

namespace fulfilld::journal {
namespace {

/// The new journal's partitions, by the sequences that were found.
class Plan {
 public:
  Plan(const std::vector<std::uint64_t>& sequences, std::size_t rows) {
    for (std::size_t i = 0; i < sequences.size(); i += rows) first_sequences_.push_back(sequences[i]);
  }

  [[nodiscard]] std::size_t size() const noexcept { return first_sequences_.size(); }

  /// Counted from 0; nothing for a sequence before all of them.
  [[nodiscard]] std::optional<std::size_t> partition_of(std::uint64_t sequence) const {
    const auto after = std::upper_bound(first_sequences_.begin(), first_sequences_.end(), sequence);
    if (after == first_sequences_.begin()) return std::nullopt;
    return static_cast<std::size_t>(after - first_sequences_.begin()) - 1;
  }

  void create(Database& database, WallTime now) const {
    database.run("DELETE FROM partition");
    for (std::size_t i = 0; i < size(); ++i) {
      Partition partition({i + 1}, first_sequences_[i], now);
      partition.tables.create(database);
      if (i + 1 < size()) partition.close(now, first_sequences_[i + 1]);
      save_partition(database, partition);
    }
  }

 private:
  std::vector<std::uint64_t> first_sequences_;
};

class Copy {
 public:
  Copy(Database& database, const Plan& plan, const std::vector<std::uint64_t>& sequences)
      : database_(database), sequences_(sequences), plan_(plan), statements_(plan.size()) {}

  void take(const RawRow& row, RowKind kind) {
    if (auto* statements = statements_for(sequence_of(row, kind))) insert_row(*statements, row, kind);
  }

  void take_suspect(std::uint64_t sequence, WallTime now) {
    if (auto* statements = statements_for(sequence))
      write_note(statements->insert_note, note_entry(sequence, sending_place), NoteKind::sending, Reason::none, now);
  }

 private:
  /// Null for an execution whose accept was not found.
  PartitionStatements* statements_for(std::uint64_t sequence) {
    if (!std::binary_search(sequences_.begin(), sequences_.end(), sequence)) return nullptr;
    const auto partition = *plan_.partition_of(sequence);
    auto& statements = statements_[partition];
    if (!statements) statements = std::make_unique<PartitionStatements>(database_, PartitionTables{partition + 1});
    return statements.get();
  }

  Database& database_;
  const std::vector<std::uint64_t>& sequences_;
  const Plan& plan_;
  std::vector<std::unique_ptr<PartitionStatements>> statements_;
};

std::size_t count_rows(Database& database, const std::string& table) {
  auto query = database.prepare("SELECT count(*) FROM " + table);
  return query.executeStep() ? static_cast<std::size_t>(query.getColumn(0).getInt64()) : 0;
}

}  // namespace

Salvaged salvage(const std::filesystem::path& source, Database& into, std::size_t partition_rows, WallTime now) {
  std::vector<std::uint64_t> sequences;
  scan_pages(source, [&](const RawRow& row) {
    if (recognise(row) == RowKind::accept) sequences.push_back(static_cast<std::uint64_t>(row.rowid));
  });
  std::sort(sequences.begin(), sequences.end());
  sequences.erase(std::unique(sequences.begin(), sequences.end()), sequences.end());
  if (sequences.empty()) return {};

  const Plan plan(sequences, partition_rows);
  into.begin();
  try {
    plan.create(into, now);
    Copy copy(into, plan, sequences);
    scan_pages(source, [&](const RawRow& row) {
      if (const auto kind = recognise(row)) copy.take(row, *kind);
      suspect_sending(row, [&](std::uint64_t sequence) { copy.take_suspect(sequence, now); });
    });
    into.commit();
  } catch (...) {
    into.rollback();
    throw;
  }
  Salvaged saved;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const PartitionTables tables{i + 1};
    saved.accepts += count_rows(into, tables.accept());
    saved.outcomes += count_rows(into, tables.outcome());
    saved.endings += count_rows(into, tables.ending());
  }
  return saved;
}

}  // namespace fulfilld::journal
