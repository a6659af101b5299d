// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fulfilld::journal {

/// From the fingerprint of an id to the sequences that have it: one in practice, more are allowed. Open addressing
/// with linear probing, 16 bytes a slot. One thread.
class FingerprintMap {
 public:
  struct Entry {
    std::uint64_t fingerprint = 0;
    std::uint64_t sequence = 0;  ///< 0: the slot is free
  };

  void insert(std::uint64_t fingerprint, std::uint64_t sequence);

  /// Takes back an `insert`.
  void erase(std::uint64_t fingerprint, std::uint64_t sequence) noexcept;

  /// Calls `found(sequence)` for each entry with that fingerprint until it returns true; true if one did.
  template <class Found>
  bool any_of(std::uint64_t fingerprint, Found&& found) const {
    if (slots_.empty()) return false;
    for (std::size_t at = home(fingerprint); slots_[at].sequence != 0; at = next(at))
      if (slots_[at].fingerprint == fingerprint && found(slots_[at].sequence)) return true;
    return false;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// All entries in order of their fingerprints as SQLite sees them, that is as signed numbers.
  [[nodiscard]] std::vector<Entry> sorted() const;

 private:
  [[nodiscard]] std::size_t home(std::uint64_t fingerprint) const noexcept { return fingerprint & (slots_.size() - 1); }
  [[nodiscard]] std::size_t next(std::size_t at) const noexcept { return (at + 1) & (slots_.size() - 1); }
  void place(const Entry& entry) noexcept;
  void grow();

  std::vector<Entry> slots_;  ///< a power of two, at most two thirds in use
  std::size_t size_ = 0;
};

}  // namespace fulfilld::journal
