// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/fingerprint_map.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace fulfilld::journal {

void FingerprintMap::insert(std::uint64_t fingerprint, std::uint64_t sequence) {
  if (3 * (size_ + 1) > 2 * slots_.size()) grow();
  place({fingerprint, sequence});
  ++size_;
}

void FingerprintMap::erase(std::uint64_t fingerprint, std::uint64_t sequence) noexcept {
  if (slots_.empty()) return;
  std::size_t hole = home(fingerprint);
  while (slots_[hole].sequence != sequence || slots_[hole].fingerprint != fingerprint) {
    if (slots_[hole].sequence == 0) return;
    hole = next(hole);
  }
  // What follows moves up, unless that would put it before its home slot (Knuth 6.4, algorithm R).
  for (std::size_t at = next(hole); slots_[at].sequence != 0; at = next(at)) {
    const std::size_t mask = slots_.size() - 1;
    const std::size_t wanted = home(slots_[at].fingerprint);
    if (((at - wanted) & mask) >= ((at - hole) & mask)) {
      slots_[hole] = slots_[at];
      hole = at;
    }
  }
  slots_[hole] = {};
  --size_;
}

std::vector<FingerprintMap::Entry> FingerprintMap::sorted() const {
  std::vector<Entry> entries;
  entries.reserve(size_);
  std::copy_if(slots_.begin(), slots_.end(), std::back_inserter(entries),
               [](const Entry& e) { return e.sequence != 0; });
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(static_cast<std::int64_t>(a.fingerprint), a.sequence) <
           std::pair(static_cast<std::int64_t>(b.fingerprint), b.sequence);
  });
  return entries;
}

void FingerprintMap::place(const Entry& entry) noexcept {
  std::size_t at = home(entry.fingerprint);
  while (slots_[at].sequence != 0) at = next(at);
  slots_[at] = entry;
}

void FingerprintMap::grow() {
  const auto old = std::exchange(slots_, std::vector<Entry>(std::max<std::size_t>(1024, 2 * slots_.size())));
  for (const auto& entry : old)
    if (entry.sequence != 0) place(entry);
}

}  // namespace fulfilld::journal
