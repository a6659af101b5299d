// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "runtime/journal/bloom_filter.hpp"
#include "runtime/journal/fingerprint_map.hpp"
#include "runtime/journal/journal_store.hpp"

namespace fulfilld::journal {

/// Builds the index of a closed partition from the fingerprints in memory: sorted, thus appended page by page, in
/// slices. One CREATE INDEX would stop all commits for 0.1 s. While it lasts the partition is searched in memory.
class JournalStore::Sealing {
 public:
  explicit Sealing(Partition& partition);

  /// Writes the next slice, with the last one the filter too. Inside a transaction; may be called again.
  void write(Database& database, std::size_t rows) const;

  /// The slice was not committed.
  void undo() noexcept { partition_.sealed = false; }

  /// The slice is committed. True if that was the last one: the partition is sealed now.
  [[nodiscard]] bool advance(std::size_t rows);

 private:
  [[nodiscard]] bool is_last(std::size_t rows) const noexcept { return done_ + rows >= entries_.size(); }

  Partition& partition_;
  std::vector<FingerprintMap::Entry> entries_;
  BloomFilter filter_;
  std::size_t done_ = 0;
};

}  // namespace fulfilld::journal
