// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/damage.hpp"
#include "runtime/journal/partition.hpp"
#include "runtime/journal/row_digest.hpp"

namespace fulfilld::journal {
namespace {

// Far more than a partition ever holds: beyond it a sequence is damaged, and must not become an allocation.
constexpr std::uint64_t longest_partition = 50'000'000;

// An accept without what is long in it, its outcome and its ending.
constexpr std::size_t bytes_of_row = 400;

std::uint64_t checked_sequence(SQLite::Statement& row, const Partition& partition) {
  const auto sequence = static_cast<std::uint64_t>(row.getColumn(0).getInt64());
  if (sequence < partition.first_sequence || sequence - partition.first_sequence >= longest_partition)
    throw Damage("its table " + partition.tables.accept() + " holds a sequence that is not its own");
  return sequence;
}

bool is_intact_ending(SQLite::Statement& row) {
  return row.getColumn(1).getInt64() == ending_digest(static_cast<std::uint64_t>(row.getColumn(0).getInt64()),
                                                      row.getColumn(2).getInt64(), row.getColumn(3).getInt64(),
                                                      row.getColumn(4).getInt64());
}

std::int64_t digest_of(const Partition& partition) {
  return partition_digest(partition.tables.number,
                          {static_cast<std::int64_t>(partition.first_sequence), to_millis(partition.opened_at),
                           partition.closed_at ? to_millis(*partition.closed_at) : -1,
                           static_cast<std::int64_t>(partition.last_end), partition.ended ? 1 : 0},
                          partition.sealed ? partition.filter.bytes() : std::string_view());
}

}  // namespace

void save_partition(Database& database, const Partition& partition) {
  auto insert = database.prepare("INSERT OR REPLACE INTO partition VALUES (?,?,?,?,?,?,?,?)");
  insert.bind(1, static_cast<std::int64_t>(partition.tables.number));
  insert.bind(2, digest_of(partition));
  insert.bind(3, static_cast<std::int64_t>(partition.first_sequence));
  insert.bind(4, to_millis(partition.opened_at));
  if (partition.closed_at) {
    insert.bind(5, to_millis(*partition.closed_at));
    insert.bind(6, static_cast<std::int64_t>(partition.last_end));
  }
  insert.bind(7, partition.ended ? 1 : 0);
  if (partition.sealed) bind_blob(insert, 8, partition.filter.bytes());
  execute(insert);
}

std::vector<std::unique_ptr<Partition>> read_partitions(Database& database) {
  std::vector<std::unique_ptr<Partition>> partitions;
  auto rows = database.prepare(
      "SELECT number, first_seq, opened_at, closed_at, end_seq, ended, filter, digest FROM partition ORDER BY number");
  while (rows.executeStep()) {
    const auto number = [&](int column) { return rows.getColumn(column).getInt64(); };
    auto partition = std::make_unique<Partition>(PartitionTables{static_cast<std::uint64_t>(number(0))},
                                                 static_cast<std::uint64_t>(number(1)), from_millis(number(2)));
    if (!rows.getColumn(3).isNull()) partition->close(from_millis(number(3)), static_cast<std::uint64_t>(number(4)));
    partition->ended = number(5) != 0;
    partition->sealed = !rows.getColumn(6).isNull();
    if (partition->sealed) partition->filter = BloomFilter::from_bytes(bytes_of(rows, 6));
    if (digest_of(*partition) != number(7)) throw Damage("its list of partitions is not what was written");
    partitions.push_back(std::move(partition));
  }
  // A partition whose line is lost would be forgotten without a word.
  auto tables = database.prepare("SELECT count(*) FROM sqlite_schema WHERE name GLOB 'accept_*'");
  if (!tables.executeStep() || tables.getColumn(0).getInt64() != static_cast<std::int64_t>(partitions.size()))
    throw Damage("its list of partitions does not match its tables");
  return partitions;
}

void load_progress(Database& database, Partition& partition) {
  for (const auto& table : {partition.tables.accept(), partition.tables.outcome(), partition.tables.ending(),
                            partition.tables.note(), partition.tables.alias()})
    check_table(database, table);
  auto accepts = database.prepare("SELECT seq FROM " + partition.tables.accept());
  while (accepts.executeStep()) partition.set_progress(checked_sequence(accepts, partition), Progress::accepted);
  auto outcomes = database.prepare("SELECT seq FROM " + partition.tables.outcome());
  while (outcomes.executeStep()) {
    const auto sequence = static_cast<std::uint64_t>(outcomes.getColumn(0).getInt64());
    if (partition.progress(sequence) == Progress::accepted) partition.set_progress(sequence, Progress::decided);
  }
  // A damaged ending is none: the result is posted once more.
  auto endings = database.prepare("SELECT seq, digest, reason, attempts, ended_at FROM " + partition.tables.ending());
  while (endings.executeStep()) {
    const auto sequence = static_cast<std::uint64_t>(endings.getColumn(0).getInt64());
    if (is_intact_ending(endings) && partition.progress(sequence) != Progress::unknown)
      partition.set_progress(sequence, Progress::ended);
  }
}

void load_fingerprints(Database& database, Partition& partition, const FingerprintKeys& keys) {
  auto ids = database.prepare("SELECT seq, id FROM " + partition.tables.accept());
  while (ids.executeStep())
    partition.fingerprints.insert(sip_hash(keys.ids, bytes_of(ids, 1)), checked_sequence(ids, partition));
  auto aliases = database.prepare("SELECT seq, key FROM " + partition.tables.alias());
  while (aliases.executeStep())
    partition.fingerprints.insert(sip_hash(keys.aliases, bytes_of(aliases, 1)), checked_sequence(aliases, partition));
}

void load_bytes(Database& database, Partition& partition) {
  auto sum = database.prepare("SELECT sum(" + std::to_string(bytes_of_row) +
                              " + length(url) + length(token) + length(body)) FROM " + partition.tables.accept());
  if (sum.executeStep()) partition.bytes = static_cast<std::size_t>(sum.getColumn(0).getInt64());
}

std::size_t bytes_of_accept(const Execution& execution) noexcept {
  return bytes_of_row + execution.fulfillment_url.text.size() + execution.fulfillment_token.size() +
         execution.data.size();
}

}  // namespace fulfilld::journal
