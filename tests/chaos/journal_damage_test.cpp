// SPDX-License-Identifier: Apache-2.0
// The journal's files, cut off and with bits that flipped.
#include <algorithm>
#include <cstddef>
#include <string>

#include "tests/chaos/chaos_run.hpp"
#include "tests/runtime/journal/damaged_journal.hpp"

namespace fulfilld::chaos {
namespace {

using testing::DamagedJournal;

constexpr std::size_t page = 4096;
constexpr std::size_t tail = 64 << 10;

class JournalDamage : public DamagedJournal {
 protected:
  using DamagedJournal::DamagedJournal;

  /// Puts damaged files in place and opens them: that must work, and what is read must be what was written. Answers
  /// the unfinished executions that are missing.
  std::set<std::string> missing_after(const std::string& database, const std::string& log) {
    put(database, log);
    testing::RecordedNotices heard;
    options.notice = heard.sink();
    const bool opened = opens();
    EXPECT_TRUE(opened) << refusal;
    reported = heard.has("");
    journal.reset();
    options.notice = notices.sink();
    if (!opened) {
      ++refused;
      return {};
    }
    auto missing = expected();
    for (const auto& id : found()) missing.erase(id);
    for (const auto& one : unfinished) EXPECT_EQ(one.execution->data, data_of(std::stoi(one.execution->id)));
    return missing;
  }

  bool reported = false;    ///< there was a notice at the last opening
  std::size_t refused = 0;  ///< how often it did not open
};

class Cut : public JournalDamage {
 protected:
  static constexpr int step_of_short_run = 127;  // a prime: all places within a page come about

  Cut() : JournalDamage(60) {}

  /// Cuts a file at every byte of its end. `open_cut` is given the size that is left, and answers what is missing then;
  /// `end_of` says of each execution where it ends in the file.
  template <class OpenCut>
  void cut(const std::string& name, std::size_t size, const std::vector<std::size_t>& end_of, const OpenCut& open_cut) {
    Figures figures("cut of " + name);
    std::size_t cuts = 0;
    std::size_t cut_off = 0;
    std::size_t lost = 0;
    const auto step = static_cast<std::size_t>(times(step_of_short_run, 1));
    // An empty file is a new journal.
    for (auto at = std::max<std::size_t>(1, size - std::min(size, tail)); at < size; at += step, ++cuts)
      for (const auto& id : open_cut(at)) {
        const bool intact = end_of[std::stoul(id)] <= at;
        EXPECT_FALSE(intact) << id << " is lost by a cut at " << at;
        ++(intact ? lost : cut_off);
      }
    figures.add(cuts, "cuts");
    figures.add(refused, "refused to open");
    figures.add(cut_off, "rows cut off");
    figures.add(lost, "intact rows lost");
    figures.print();
  }
};

TEST_F(Cut, OfTheLogLosesOnlyWhatWasCommittedBehindIt) {
  cut("the log", log_.size(), log_size_after_,
      [&](std::size_t at) { return missing_after(database_, log_.substr(0, at)); });
}

TEST_F(Cut, OfTheDatabaseLosesOnlyWhatStoodBehindItAndSaysSo) {
  const auto whole = settled();
  // The end of the page with an execution's row. A row that has moved left an old copy behind: the last one counts.
  std::vector<std::size_t> end_of_page;
  for (int i = 0; i < executions; ++i)
    end_of_page.push_back((whole.rfind("token-of-" + std::to_string(i) + "default") / page + 1) * page);
  cut("the database", whole.size(), end_of_page, [&](std::size_t at) {
    auto missing = missing_after(whole.substr(0, at), "");
    EXPECT_TRUE(reported) << "nobody heard of a cut at " << at;
    return missing;
  });
}

class FlippedBits : public JournalDamage {};

TEST_F(FlippedBits, LoseLittleAndNothingInSilence) {
  // A row takes so much at least, in a page that may be lost as a whole.
  constexpr std::size_t rows_of_a_page = page / 200;
  const auto whole = settled();
  Chance chance(seed());
  Figures figures("flipped bits");
  const int runs = times(200, 10'000);
  std::size_t missed = 0;
  std::size_t silent = 0;
  for (int run = 0; run < runs; ++run) {
    const bool in_log = run % 2 != 0;
    auto database = in_log ? database_ : whole;
    auto log = in_log ? log_ : std::string();
    auto& target = in_log ? log : database;
    const auto flips = 1 + static_cast<std::size_t>(below(chance, 3));
    for (std::size_t flip = 0; flip < flips; ++flip) {
      const auto at = chance() % target.size();
      target[at] = static_cast<char>(static_cast<unsigned char>(target[at]) ^ (1U << (chance() % 8)));
    }
    const auto missing = missing_after(database, log);
    EXPECT_TRUE(missing.empty() || reported) << *missing.begin() << " is lost, and nobody heard of it";
    if (!reported) silent += missing.size();
    EXPECT_LE(missing.size(), flips * rows_of_a_page) << "in run " << run;
    missed += missing.size();
  }
  figures.add(static_cast<std::uint64_t>(runs), "runs");
  figures.add(refused, "refused to open");
  figures.add(missed, "rows hit");
  figures.add(silent, "lost in silence");
  figures.print();
}

}  // namespace
}  // namespace fulfilld::chaos
