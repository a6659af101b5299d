// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "runtime/journal/journal_store.hpp"
#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

class Damaged : public JournalTest {
 protected:
  static constexpr int executions = 300;

  /// Files as a process leaves them that was killed: with a log. One body is long enough for overflow pages.
  Damaged() {
    options.partition_rows = 120;
    options.full_sync = false;
    fs::create_directories(options.directory);
    journal::JournalStore store(options);
    for (int i = 0; i < executions; ++i) {
      store.begin_group();
      const auto id = std::to_string(i);
      const auto execution = make_execution(id, url_of(id), std::string(i == 200 ? 30'000U : 100U, 'd'));
      EXPECT_EQ(store.accept(*execution).status, Status::accepted);
      EXPECT_TRUE(i % 3 != 0 || store.decide(execution->sequence, completed()));
      EXPECT_TRUE(i % 6 != 0 || store.end(execution->sequence, {}));
      store.commit_group();
      while (store.upkeep()) continue;
    }
    log_ = read_file(log_path());
    database_ = read_file(database_path());
    EXPECT_FALSE(log_.empty());
  }

  [[nodiscard]] fs::path database_path() const { return options.directory / "journal.db"; }
  [[nodiscard]] fs::path log_path() const { return options.directory / "journal.db-wal"; }

  void put(const std::string& database, const std::string& log) {
    journal.reset();
    fs::remove_all(options.directory);
    fs::create_directories(options.directory);
    write_file(database_path(), database);
    write_file(log_path(), log);
  }

  /// All in the database, no log.
  std::string settled() {
    put(database_, log_);
    open();
    journal.reset();
    return read_file(database_path());
  }

  [[nodiscard]] std::set<std::string> found() const {
    std::set<std::string> ids;
    for (const auto& one : unfinished) ids.insert(one.execution->id);
    return ids;
  }

  /// All that is to be found in an undamaged one.
  static std::set<std::string> expected() {
    std::set<std::string> ids;
    for (int i = 0; i < executions; ++i)
      if (i % 6 != 0) ids.insert(std::to_string(i));
    return ids;
  }

  /// The journal opens, or says in a sentence why not. True if it opened.
  bool opens() {
    try {
      open();
    } catch (const JournalError& error) {
      EXPECT_NE(std::string(error.what()), "");
      return false;
    }
    EXPECT_EQ(journal->accept(make_execution("afterwards")).status, Status::accepted);
    return true;
  }

  std::string database_;
  std::string log_;
};

TEST_F(Damaged, NotAtAllIsReadCompletely) {
  put(database_, log_);
  open();
  EXPECT_EQ(found(), expected());
  EXPECT_FALSE(notices.has("damaged"));
}

TEST_F(Damaged, HeaderLosesNothing) {
  auto bytes = settled();
  bytes.replace(0, 100, std::string(100, '!'));
  put(bytes, "");
  ASSERT_TRUE(opens());
  EXPECT_EQ(found(), expected());
  EXPECT_TRUE(notices.has("is set aside"));
  EXPECT_TRUE(notices.has("journal.db.damaged-1"));
  EXPECT_TRUE(fs::exists(options.directory / "journal.db.damaged-1"));
  EXPECT_EQ(journal->accept(make_execution("0", url_of("0"), std::string(100, 'd'))).status, Status::repeated)
      << "what has ended is saved too";
  open();
  EXPECT_EQ(unfinished.size(), expected().size() + 1) << "and is there at the next start";
}

TEST_F(Damaged, FirstPageLosesNothingButWhatItHeld) {
  auto bytes = settled();
  bytes.replace(0, 4096, std::string(4096, '\0'));
  put(bytes, "");
  ASSERT_TRUE(opens());
  EXPECT_EQ(found(), expected());
}

TEST_F(Damaged, APageInTheMiddleLosesOnlyItsRows) {
  auto bytes = settled();
  const auto at = bytes.find("correlation-100");
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at / 4096 * 4096, 4096, std::string(4096, '\xff'));
  put(bytes, "");
  ASSERT_TRUE(opens());
  EXPECT_LT(found().size(), expected().size());
  EXPECT_GT(found().size(), expected().size() - 20);
  EXPECT_TRUE(notices.has("is set aside"));
}

TEST_F(Damaged, EmptyDatabaseIsSavedFromItsLog) {
  put("", log_);
  ASSERT_TRUE(opens());
  EXPECT_GT(found().size(), 0U);
  EXPECT_TRUE(notices.has("is set aside"));
}

TEST_F(Damaged, SalvageBeginsAgainIfItWasInterrupted) {
  auto bytes = settled();
  journal.reset();
  fs::remove_all(options.directory);
  fs::create_directories(options.directory);
  write_file(options.directory / "journal.db.salvage", bytes);
  write_file(database_path(), "half of a new journal");
  ASSERT_TRUE(opens());
  EXPECT_EQ(found(), expected());
  EXPECT_FALSE(fs::exists(options.directory / "journal.db.salvage"));
}

TEST_F(Damaged, LogKeepsWhatFollowsTheDamage) {
  constexpr std::size_t frame = 24 + 4096;
  auto log = log_;
  ASSERT_GT(log.size(), 40 * frame);
  log[32 + 10 * frame + 2000] = static_cast<char>(log[32 + 10 * frame + 2000] ^ 1);
  put(database_, log);
  ASSERT_TRUE(opens());
  EXPECT_GE(found().size(), expected().size() - 40) << "at most the rows of one page are lost";
  EXPECT_TRUE(notices.has("log"));
  open();
  EXPECT_GE(found().size(), expected().size() - 40);
}

TEST_F(Damaged, LogHeaderLosesNothing) {
  auto log = log_;
  log[9] = static_cast<char>(log[9] ^ 0x40);
  put(database_, log);
  ASSERT_TRUE(opens());
  EXPECT_EQ(found(), expected());
}

TEST_F(Damaged, CutAnywhereNeverCrashes) {
  const auto whole = settled();
  std::mt19937 chance(5);
  for (int i = 0; i < 40; ++i) {
    put(whole.substr(0, chance() % whole.size()), "");
    EXPECT_TRUE(opens());
    put(database_, log_.substr(0, chance() % log_.size()));
    EXPECT_TRUE(opens());
  }
}

TEST_F(Damaged, FlippedBitsNeverCrashAndLoseNothingInSilence) {
  const auto whole = settled();
  std::mt19937 chance(6);
  for (int i = 0; i < 150; ++i) {
    auto bytes = whole;
    auto log = std::string();
    auto& target = i % 2 == 0 ? bytes : log;
    if (i % 2 != 0) {
      bytes = database_;
      log = log_;
    }
    for (unsigned flips = 1 + chance() % 3; flips > 0; --flips) {
      const auto at = chance() % target.size();
      target[at] = static_cast<char>(static_cast<unsigned char>(target[at]) ^ (1U << (chance() % 8)));
    }
    put(bytes, log);
    RecordedNotices heard;
    options.notice = heard.sink();
    if (!opens()) continue;
    auto missing = expected();
    for (const auto& id : found()) missing.erase(id);
    EXPECT_TRUE(missing.empty() || heard.has("")) << *missing.begin() << " is lost, and nobody heard of it";
    for (const auto& one : unfinished)
      EXPECT_EQ(one.execution->data, std::string(one.execution->id == "200" ? 30'000U : 100U, 'd'));
  }
  options.notice = notices.sink();
}

}  // namespace
}  // namespace fulfilld::testing
