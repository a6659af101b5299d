// SPDX-License-Identifier: Apache-2.0
// How JournalStore hands out what an earlier process has left unfinished.
#include "runtime/journal/journal_store.hpp"
#include "runtime/journal/note.hpp"
#include "runtime/journal/row_digest.hpp"
#include "runtime/url/parse_url.hpp"

namespace fulfilld::journal {
namespace {

constexpr std::size_t slice_rows = 1000;
constexpr std::size_t slice_bytes = 16U << 20U;

/// Null if the row is not what was written.
std::shared_ptr<Execution> execution_of(SQLite::Statement& row) {
  auto execution = std::make_shared<Execution>();
  execution->sequence = static_cast<std::uint64_t>(row.getColumn(0).getInt64());
  execution->id = bytes_of(row, 2);
  const std::string url(bytes_of(row, 3));
  execution->fulfillment_token = bytes_of(row, 4);
  execution->action = bytes_of(row, 5);
  execution->correlation_id = bytes_of(row, 6);
  execution->accepted_at = from_millis(row.getColumn(7).getInt64());
  execution->data = bytes_of(row, 8);
  const auto& e = *execution;
  if (row.getColumn(1).getInt64() != accept_digest(e.sequence, e.id, url, e.fulfillment_token, e.action,
                                                   e.correlation_id, to_millis(e.accepted_at), e.data))
    return nullptr;
  if (!row.getColumn(14).isNull() && row.getColumn(13).getInt64() == alias_digest(e.sequence, bytes_of(row, 14)))
    execution->idempotency_key = bytes_of(row, 14);
  auto parsed = parse_url(url);
  if (!parsed.url) return nullptr;
  execution->fulfillment_url = std::move(*parsed.url);
  execution->fulfillment_url.text = url;
  return execution;
}

std::shared_ptr<const Outcome> outcome_of(SQLite::Statement& row, std::uint64_t sequence) {
  const auto reason = row.getColumn(10).getInt64();
  const auto body = bytes_of(row, 12);
  if (row.getColumn(9).getInt64() != outcome_digest(sequence, reason, row.getColumn(11).getInt64(), body))
    return nullptr;
  auto outcome = std::make_shared<Outcome>();
  outcome->reason = static_cast<Reason>(reason);
  outcome->body = body;
  return outcome;
}

}  // namespace

void JournalStore::recover(const Blame& blame, const std::function<void(std::vector<Unfinished>)>& each_slice) {
  Histories histories;
  for (const auto& partition : partitions_)
    if (partition->unfinished() > 0) histories.read(*database_, *partition);
  if (blame.on != Blame::On::nobody)
    in_transaction([&] {
      for (const auto& partition : partitions_)
        if (partition->unfinished() > 0) histories.record_deaths(*database_, *partition, blame, now());
    });
  std::vector<std::uint64_t> lost;
  std::vector<Unfinished> slice;
  std::size_t bytes = 0;
  const auto hand_out = [&] {
    if (!slice.empty()) each_slice(std::exchange(slice, {}));
    bytes = 0;
  };
  for (const auto& partition : partitions_) {
    if (partition->unfinished() == 0) continue;
    auto rows = database_->prepare(
        "SELECT a.seq, a.digest, a.id, a.url, a.token, a.action, a.correlation_id, a.accepted_at, a.body, o.digest, "
        "o.reason, o.decided_at, o.body, k.digest, k.key FROM " +
        partition->tables.accept() + " a LEFT JOIN " + partition->tables.outcome() + " o ON o.seq = a.seq LEFT JOIN " +
        partition->tables.alias() + " k ON k.seq = a.seq ORDER BY a.seq");
    while (rows.executeStep()) {
      const auto sequence = static_cast<std::uint64_t>(rows.getColumn(0).getInt64());
      const auto progress = partition->progress(sequence);
      if (progress != Progress::accepted && progress != Progress::decided) continue;
      Unfinished unfinished;
      unfinished.execution = execution_of(rows);
      if (!unfinished.execution) {
        notice(LogLevel::error, "the execution \"" + std::string(bytes_of(rows, 2)) + "\" (number " +
                                    std::to_string(sequence) + ") is damaged in the journal and cannot go on");
        lost.push_back(sequence);
        continue;
      }
      if (progress == Progress::decided) unfinished.outcome = outcome_of(rows, sequence);
      if (progress == Progress::decided && !unfinished.outcome) {
        notice(LogLevel::error, "the outcome of the execution \"" + unfinished.execution->id +
                                    "\" is damaged in the journal: it runs again");
        partition->set_progress(sequence, Progress::accepted);
      }
      unfinished.history = histories.of(sequence);
      bytes += unfinished.execution->data.size() + (unfinished.outcome ? unfinished.outcome->body.size() : 0);
      slice.push_back(std::move(unfinished));
      if (slice.size() >= slice_rows || bytes >= slice_bytes) hand_out();
    }
  }
  hand_out();
  if (lost.empty()) return;
  begin_group();
  for (const auto sequence : lost) end(sequence, {.reason = Reason::internal_error});
  commit_group();
}

}  // namespace fulfilld::journal
