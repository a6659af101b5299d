// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>
#include <string>

#include "tests/runtime/journal/damaged_journal.hpp"

namespace fulfilld::testing {
namespace {

namespace fs = std::filesystem;

class Damaged : public DamagedJournal {};

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

}  // namespace
}  // namespace fulfilld::testing
