// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/fingerprint_map.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace fulfilld::journal {
namespace {

std::set<std::uint64_t> sequences_of(const FingerprintMap& map, std::uint64_t fingerprint) {
  std::set<std::uint64_t> found;
  map.any_of(fingerprint, [&](std::uint64_t sequence) {
    found.insert(sequence);
    return false;
  });
  return found;
}

TEST(FingerprintMap, FindsNothingWhenEmpty) { EXPECT_TRUE(sequences_of(FingerprintMap(), 1).empty()); }

TEST(FingerprintMap, KeepsSeveralSequencesUnderOneFingerprint) {
  FingerprintMap map;
  map.insert(7, 1);
  map.insert(7, 2);
  EXPECT_EQ(sequences_of(map, 7), (std::set<std::uint64_t>{1, 2}));
  map.erase(7, 1);
  EXPECT_EQ(sequences_of(map, 7), (std::set<std::uint64_t>{2}));
}

TEST(FingerprintMap, StopsAtTheFirstEntryThatIsTaken) {
  FingerprintMap map;
  map.insert(7, 1);
  map.insert(7, 2);
  int calls = 0;
  EXPECT_TRUE(map.any_of(7, [&](std::uint64_t) { return ++calls == 1; }));
  EXPECT_EQ(calls, 1);
}

TEST(FingerprintMap, AgreesWithAMultimapThroughInsertionsAndErasures) {
  std::mt19937_64 chance(1);
  FingerprintMap map;
  std::map<std::uint64_t, std::set<std::uint64_t>> expected;
  // Few low bits in use: long runs of occupied slots, and wrapping round the end.
  const auto fingerprint = [&] { return (chance() % 4) << 40U | (1020 + chance() % 8); };
  for (std::uint64_t sequence = 1; sequence < 3000; ++sequence) {
    const auto added = fingerprint();
    map.insert(added, sequence);
    expected[added].insert(sequence);
    const auto shrunk = fingerprint();
    if (sequence % 3 != 0 && !expected[shrunk].empty()) {
      const auto gone = *expected[shrunk].begin();
      map.erase(shrunk, gone);
      expected[shrunk].erase(gone);
    }
  }
  std::size_t size = 0;
  for (const auto& [key, sequences] : expected) {
    EXPECT_EQ(sequences_of(map, key), sequences);
    size += sequences.size();
  }
  EXPECT_EQ(map.size(), size);
  EXPECT_EQ(map.sorted().size(), size);
}

TEST(FingerprintMap, SortsAsSigned) {
  FingerprintMap map;
  map.insert(~std::uint64_t{0}, 1);
  map.insert(5, 2);
  const auto sorted = map.sorted();
  EXPECT_EQ(sorted.front().sequence, 1U);
  EXPECT_EQ(sorted.back().sequence, 2U);
}

}  // namespace
}  // namespace fulfilld::journal
