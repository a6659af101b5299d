// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/journal_store.hpp"

#include <algorithm>

#include "runtime/journal/damage.hpp"
#include "runtime/journal/known_ids.hpp"
#include "runtime/journal/row_digest.hpp"

namespace fulfilld::journal {
void JournalStore::begin_group() { group_time_ = to_millis(now()); }

AcceptAnswer JournalStore::accept(Execution& execution) {
  using Status = AcceptAnswer::Status;
  const std::string wanted = execution.id;
  std::string id = wanted;
  for (unsigned link = 1;; ++link) {
    const auto fingerprint = sip_hash(keys_.ids, id);
    const auto match = find({Sought::By::id, id, fingerprint, execution}).match;
    if (match == Match::unknown) {
      if (auto known = find_alias(execution)) return std::move(*known);
      execution.id = id;
      insert(fingerprint, execution);
      return {Status::accepted, std::move(id)};
    }
    if (match == Match::same) return {Status::repeated, std::move(id)};
    if (match == Match::other_content || link > longest_chain) return {Status::conflict, std::move(id)};
    id = chained_id(wanted, execution.fulfillment_url.text, link);
  }
}

std::optional<AcceptAnswer> JournalStore::find_alias(const Execution& execution) {
  using Status = AcceptAnswer::Status;
  const auto& alias = execution.idempotency_key;
  if (alias.empty()) return std::nullopt;
  auto found = find({Sought::By::alias, alias, sip_hash(keys_.aliases, alias), execution});
  if (found.match == Match::unknown) return std::nullopt;
  return AcceptAnswer{found.match == Match::same ? Status::repeated : Status::conflict, std::move(found.id)};
}

bool JournalStore::decide(std::uint64_t sequence, const Outcome& outcome) {
  Partition* partition = partition_of(sequence);
  if (partition == nullptr || partition->progress(sequence) != Progress::accepted) return false;
  ensure_transaction();
  auto& statement = partition->statements(*database_).insert_outcome;
  const auto reason = static_cast<std::int64_t>(outcome.reason);
  statement.bind(1, static_cast<std::int64_t>(sequence));
  statement.bind(2, outcome_digest(sequence, reason, group_time_, outcome.body));
  statement.bind(3, reason);
  statement.bind(4, group_time_);
  bind_blob(statement, 5, outcome.body);
  execute(statement);
  change_progress(*partition, sequence, Progress::decided);
  grown_ += outcome.body.size();
  partition->bytes += outcome.body.size();
  return true;
}

bool JournalStore::end(std::uint64_t sequence, const Ending& ending) {
  Partition* partition = partition_of(sequence);
  if (partition == nullptr) return false;
  const auto progress = partition->progress(sequence);
  if (progress != Progress::accepted && progress != Progress::decided) return false;
  ensure_transaction();
  auto& statement = partition->statements(*database_).insert_ending;
  const auto reason = static_cast<std::int64_t>(ending.reason);
  statement.bind(1, static_cast<std::int64_t>(sequence));
  statement.bind(2, ending_digest(sequence, reason, ending.attempts, group_time_));
  statement.bind(3, reason);
  statement.bind(4, static_cast<std::int64_t>(ending.attempts));
  statement.bind(5, group_time_);
  execute(statement);
  change_progress(*partition, sequence, Progress::ended);
  return true;
}

void JournalStore::commit_group() {
  if (in_transaction_) database_->commit();
  in_transaction_ = false;
  for (const auto& change : changes_) {
    const Partition* partition = partition_of(change.sequence);
    if (partition->closed_at && partition->unfinished() == 0) look_for_ended_ = true;
  }
  changes_.clear();
  inserted_.clear();
  committed_end_ = next_sequence_;
}

void JournalStore::rollback_group() noexcept {
  database_->rollback();
  in_transaction_ = false;
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change)
    partition_of(change->sequence)->set_progress(change->sequence, change->before);
  for (const auto& [fingerprint, sequence] : inserted_) open_partition().fingerprints.erase(fingerprint, sequence);
  changes_.clear();
  inserted_.clear();
}

void JournalStore::probe() {
  in_transaction([&] {
    auto statement = database_->prepare("INSERT OR REPLACE INTO meta(name, value) VALUES ('probed_at', ?)");
    statement.bind(1, to_millis(now()));
    execute(statement);
  });
}

void JournalStore::resume_at(std::uint64_t committed_end, std::uint64_t next) {
  for (const auto& partition : partitions_)
    for (auto sequence = std::max(committed_end, partition->first_sequence); sequence < partition->end_sequence();
         ++sequence)
      partition->set_progress(sequence, Progress::unknown);
  in_transaction([&] {
    for (const auto& partition : partitions_) {
      if (partition->ended) continue;
      for (const auto& table : {partition->tables.accept(), partition->tables.alias()})
        database_->run("DELETE FROM " + table + " WHERE seq >= " + std::to_string(committed_end));
    }
  });
  next_sequence_ = std::max(next_sequence_, next);
  committed_end_ = next_sequence_;
}

std::size_t JournalStore::unfinished() const noexcept {
  std::size_t count = 0;
  for (const auto& partition : partitions_) count += partition->unfinished();
  return count;
}

void JournalStore::ensure_transaction() {
  if (in_transaction_) return;
  database_->begin();
  in_transaction_ = true;
}

WallTime JournalStore::now() const {
  if (options_.wall_clock) return options_.wall_clock();
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

Partition* JournalStore::partition_of(std::uint64_t sequence) noexcept {
  const auto after = std::upper_bound(partitions_.begin(), partitions_.end(), sequence,
                                      [](std::uint64_t s, const auto& p) { return s < p->first_sequence; });
  return after == partitions_.begin() ? nullptr : std::prev(after)->get();
}

JournalStore::Found JournalStore::find(const Sought& sought) {
  for (auto entry = partitions_.rbegin(); entry != partitions_.rend(); ++entry) {
    Partition& partition = **entry;
    Found found;
    if (partition.sealed) {
      if (partition.filter.may_contain(sought.fingerprint)) found = find_sealed(partition, sought);
    } else {
      partition.fingerprints.any_of(sought.fingerprint, [&](std::uint64_t sequence) {
        found = compare(partition, sequence, sought);
        return found.match != Match::unknown;
      });
    }
    if (found.match != Match::unknown) return found;
  }
  return {};
}

JournalStore::Found JournalStore::find_sealed(Partition& partition, const Sought& sought) {
  if (!partition.key_readable) return {};
  try {
    auto query = database_->prepare("SELECT seq FROM " + partition.tables.key() + " WHERE fingerprint = ?");
    query.bind(1, static_cast<std::int64_t>(sought.fingerprint));
    while (query.executeStep()) {
      auto found = compare(partition, static_cast<std::uint64_t>(query.getColumn(0).getInt64()), sought);
      if (found.match != Match::unknown) return found;
    }
  } catch (const SQLite::Exception& error) {
    if (!speaks_of_damage(error)) throw;
    partition.key_readable = false;
    request_full_check(file_);
    notice(LogLevel::error, "the journal's partition " + std::to_string(partition.tables.number) + " is damaged (" +
                                error.what() +
                                "): repeats of its executions are no longer recognised; the next start will save "
                                "what is intact");
  }
  return {};
}

JournalStore::Found JournalStore::compare(Partition& partition, std::uint64_t sequence, const Sought& sought) {
  const bool by_id = sought.by == Sought::By::id;
  if (!by_id && !has_alias(partition, sequence, sought.name)) return {};
  auto& query = partition.statements(*database_).select_identity;
  const ResetAtEnd reset{query};
  query.bind(1, static_cast<std::int64_t>(sequence));
  if (!query.executeStep() || (by_id && bytes_of(query, 0) != sought.name)) return {};
  Found found{Match::same, std::string(bytes_of(query, 0))};
  if (by_id && bytes_of(query, 1) != sought.execution.fulfillment_url.text)
    found.match = Match::other_url;
  else if (bytes_of(query, 2) != sought.execution.action || bytes_of(query, 3) != sought.execution.data)
    found.match = Match::other_content;
  return found;
}

bool JournalStore::has_alias(Partition& partition, std::uint64_t sequence, std::string_view alias) {
  auto& query = partition.statements(*database_).select_alias;
  const ResetAtEnd reset{query};
  query.bind(1, static_cast<std::int64_t>(sequence));
  // A damaged one could be the key of somebody else, whose request would be taken for a repeat.
  return query.executeStep() && bytes_of(query, 1) == alias &&
         query.getColumn(0).getInt64() == alias_digest(sequence, alias);
}

void JournalStore::insert(std::uint64_t fingerprint, Execution& execution) {
  ensure_transaction();
  Partition& partition = open_partition();
  const auto sequence = next_sequence_++;
  const auto accepted_at = to_millis(execution.accepted_at);
  const auto& e = execution;
  auto& statement = partition.statements(*database_).insert_accept;
  statement.bind(1, static_cast<std::int64_t>(sequence));
  statement.bind(2, accept_digest(sequence, e.id, e.fulfillment_url.text, e.fulfillment_token, e.action,
                                  e.correlation_id, accepted_at, e.data));
  statement.bindNoCopy(3, e.id);
  statement.bindNoCopy(4, e.fulfillment_url.text);
  statement.bindNoCopy(5, e.fulfillment_token);
  statement.bindNoCopy(6, e.action);
  statement.bindNoCopy(7, e.correlation_id);
  statement.bind(8, accepted_at);
  bind_blob(statement, 9, e.data);
  execute(statement);
  execution.sequence = sequence;
  remember(fingerprint, sequence);
  if (!execution.idempotency_key.empty()) insert_alias(partition, execution);
  change_progress(partition, sequence, Progress::accepted);
  const auto bytes = bytes_of_accept(execution);
  partition.bytes += bytes;
  grown_ += bytes;
}

void JournalStore::insert_alias(Partition& partition, const Execution& execution) {
  const auto& alias = execution.idempotency_key;
  auto& statement = partition.statements(*database_).insert_alias;
  statement.bind(1, static_cast<std::int64_t>(execution.sequence));
  statement.bind(2, alias_digest(execution.sequence, alias));
  statement.bindNoCopy(3, alias);
  execute(statement);
  remember(sip_hash(keys_.aliases, alias), execution.sequence);
}

void JournalStore::remember(std::uint64_t fingerprint, std::uint64_t sequence) {
  inserted_.emplace_back(fingerprint, sequence);
  open_partition().fingerprints.insert(fingerprint, sequence);
}

void JournalStore::change_progress(Partition& partition, std::uint64_t sequence, Progress to) {
  changes_.push_back({sequence, partition.progress(sequence)});
  partition.set_progress(sequence, to);
}

}  // namespace fulfilld::journal
