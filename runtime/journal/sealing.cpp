// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/sealing.hpp"

#include <algorithm>

#include "runtime/journal/tables.hpp"

namespace fulfilld::journal {

JournalStore::Sealing::Sealing(Partition& partition)
    : partition_(partition), entries_(partition.fingerprints.sorted()), filter_(entries_.size()) {
  for (const auto& entry : entries_) filter_.insert(entry.fingerprint);
}

void JournalStore::Sealing::write(Database& database, std::size_t rows) const {
  const auto table = partition_.tables.key();
  // What an earlier process has left of an unfinished index goes first.
  if (done_ == 0) {
    database.run("DROP TABLE IF EXISTS " + table);
    create_table(database, table);
  }
  auto insert = database.prepare("INSERT OR REPLACE INTO " + table + " VALUES (?,?)");
  for (std::size_t i = done_; i < std::min(done_ + rows, entries_.size()); ++i) {
    insert.bind(1, static_cast<std::int64_t>(entries_[i].fingerprint));
    insert.bind(2, static_cast<std::int64_t>(entries_[i].sequence));
    execute(insert);
  }
  if (!is_last(rows)) return;
  partition_.filter = filter_;
  partition_.sealed = true;
  save_partition(database, partition_);
}

bool JournalStore::Sealing::advance(std::size_t rows) {
  if (!is_last(rows)) {
    done_ += rows;
    return false;
  }
  partition_.fingerprints = {};
  return true;
}

}  // namespace fulfilld::journal
