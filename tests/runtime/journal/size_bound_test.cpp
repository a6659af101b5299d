// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "runtime/journal/journal_store.hpp"
#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {
namespace {

constexpr std::uint64_t bound = 4U << 20U;

/// The store alone, bounded to 4 MiB; each execution takes 10 kB.
class SizeBound : public ::testing::Test {
 protected:
  SizeBound() {
    options.directory = directory.path();
    options.max_bytes = bound;
    options.notice = [this](LogLevel, const std::string& text) { said += text.find("more than") != text.npos ? 1 : 0; };
    reopen();
  }

  void reopen() {
    store.reset();
    store = std::make_unique<journal::JournalStore>(options);
  }

  std::uint64_t accept(const std::string& id) {
    const auto execution = make_execution(id, url_of(id), std::string(10'000, 'x'));
    store->begin_group();
    EXPECT_EQ(store->accept(*execution).status, Status::accepted);
    store->commit_group();
    upkeep();
    return execution->sequence;
  }

  void end(std::uint64_t sequence) {
    store->begin_group();
    EXPECT_TRUE(store->end(sequence, {}));
    store->commit_group();
    upkeep();
  }

  bool is_known(const std::string& id) {
    store->begin_group();
    const auto status = store->accept(*make_execution(id, url_of(id), std::string(10'000, 'x'))).status;
    store->rollback_group();
    return status == Status::repeated;
  }

  void upkeep() {
    int steps = 0;
    while (store->upkeep()) ASSERT_LT(++steps, 1000) << "upkeep never comes to its end";
  }

  std::uint64_t bytes_in_use() {
    store.reset();
    std::uint64_t pages = 0;
    {
      SQLite::Database database((directory.path() / "journal.db").string());
      SQLite::Statement used(database,
                             "SELECT page_count - freelist_count FROM pragma_page_count(), pragma_freelist_count()");
      if (used.executeStep()) pages = static_cast<std::uint64_t>(used.getColumn(0).getInt64());
    }
    reopen();
    return pages * 4096;
  }

  ScratchDirectory directory;
  SqliteJournalOptions options;
  int said = 0;
  std::unique_ptr<journal::JournalStore> store;
};

TEST_F(SizeBound, PurgesTheOldestThatHasEnded) {
  for (int i = 0; i < 2000; ++i) end(accept(std::to_string(i)));
  EXPECT_LT(bytes_in_use(), bound + bound / 8);
  EXPECT_GT(bytes_in_use(), bound / 2) << "no more than it must";
  EXPECT_FALSE(is_known("0"));
  EXPECT_TRUE(is_known("1999"));
  EXPECT_TRUE(is_known("1800"));
  EXPECT_EQ(said, 0);
}

TEST_F(SizeBound, ClosesAPartitionAtItsBytesAlsoAfterARestart) {
  for (int i = 0; i < 20; ++i) accept(std::to_string(i));
  EXPECT_EQ(store->partition_count(), 1U);
  reopen();
  for (int i = 20; i < 30; ++i) accept(std::to_string(i));
  EXPECT_EQ(store->partition_count(), 2U) << "a sixteenth of 4 MiB";
}

TEST_F(SizeBound, NeverPurgesWhatIsUnfinishedAndSaysSoOnce) {
  std::vector<std::uint64_t> sequences;
  for (int i = 0; i < 600; ++i) sequences.push_back(accept(std::to_string(i)));
  EXPECT_EQ(said, 1);
  EXPECT_GT(bytes_in_use(), bound);
  EXPECT_EQ(store->unfinished(), 600U);
  said = 0;
  for (const auto sequence : sequences) end(sequence);
  EXPECT_LT(bytes_in_use(), bound + bound / 8) << "as soon as it has ended";
  EXPECT_TRUE(is_known("599"));
}

TEST_F(SizeBound, SaysItAgainAfterItWasBelow) {
  std::vector<std::uint64_t> sequences;
  for (int i = 0; i < 600; ++i) sequences.push_back(accept(std::to_string(i)));
  for (const auto sequence : sequences) end(sequence);
  for (int i = 0; i < 600; ++i) end(accept("between-" + std::to_string(i)));
  for (int i = 0; i < 600; ++i) accept("later-" + std::to_string(i));
  EXPECT_EQ(said, 2);
}

TEST_F(SizeBound, CountsOutcomesToo) {
  for (int i = 0; i < 1000; ++i) {
    const auto execution = make_execution(std::to_string(i));
    store->begin_group();
    ASSERT_EQ(store->accept(*execution).status, Status::accepted);
    ASSERT_TRUE(store->decide(execution->sequence, {Reason::none, std::string(10'000, 'o')}));
    ASSERT_TRUE(store->end(execution->sequence, {}));
    store->commit_group();
    upkeep();
  }
  EXPECT_LT(bytes_in_use(), bound + bound / 8);
}

TEST_F(SizeBound, IsNoneByDefault) {
  options.max_bytes = 0;
  reopen();
  for (int i = 0; i < 600; ++i) end(accept(std::to_string(i)));
  EXPECT_GT(bytes_in_use(), bound);
  EXPECT_TRUE(is_known("0"));
}

}  // namespace
}  // namespace fulfilld::testing
