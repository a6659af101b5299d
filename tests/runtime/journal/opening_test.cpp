// SPDX-License-Identifier: Apache-2.0
#include <SQLiteCpp/Database.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {
namespace {

using ::testing::HasSubstr;

class Opening : public JournalTest {
 protected:
  std::string problem() {
    try {
      SqliteJournal second(options, events);
    } catch (const JournalError& error) {
      return error.what();
    }
    return "none";
  }

  static unsigned mode_of(const std::filesystem::path& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777U;
  }
};

TEST_F(Opening, KeepsDirectoryAndFilesToTheOwner) {
  open().accept(make_execution("one"));
  EXPECT_EQ(mode_of(options.directory), 0700U);
  EXPECT_EQ(mode_of(options.directory / "journal.db"), 0600U);
  EXPECT_EQ(mode_of(options.directory / "journal.db-wal"), 0600U);
  EXPECT_EQ(mode_of(options.directory / "journal.lock"), 0600U);
}

TEST_F(Opening, RefusesASecondOwnerByNameAndPid) {
  open();
  EXPECT_THAT(problem(), HasSubstr(options.directory.string()));
  EXPECT_THAT(problem(), HasSubstr("process " + std::to_string(getpid())));
  journal.reset();
  EXPECT_EQ(problem(), "none");
}

TEST_F(Opening, RefusesAnOwnerInAnotherProcess) {
  int ready[2];
  int finish[2];
  ASSERT_EQ(pipe(ready), 0);
  ASSERT_EQ(pipe(finish), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(finish[1]);
    char byte = 'x';
    const SqliteJournal owner(options, events);
    if (write(ready[1], &byte, 1) != 1 || read(finish[0], &byte, 1) != 0) _exit(1);
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_THAT(problem(), HasSubstr("process " + std::to_string(child)));
  close(finish[1]);
  close(finish[0]);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(problem(), "none") << "the kernel gave the lock back";
  close(ready[0]);
  close(ready[1]);
}

TEST_F(Opening, RefusesAProgramThatHasTheDatabaseOpen) {
  open();
  journal.reset();
  SQLite::Database other((options.directory / "journal.db").string(), SQLite::OPEN_READWRITE);
  other.exec("PRAGMA locking_mode=EXCLUSIVE; BEGIN IMMEDIATE; UPDATE meta SET value = value; COMMIT");
  EXPECT_THAT(problem(), HasSubstr("close the other program"));
}

TEST_F(Opening, RefusesANewerSchema) {
  open();
  journal.reset();
  {
    SQLite::Database database((options.directory / "journal.db").string(), SQLite::OPEN_READWRITE);
    database.exec("UPDATE meta SET value = 7 WHERE name = 'schema_version'; PRAGMA user_version = 7");
  }
  EXPECT_THAT(problem(), HasSubstr("schema version 7"));
  EXPECT_THAT(problem(), HasSubstr("versions up to 2"));
}

TEST_F(Opening, SaysWhatToDoAboutADirectoryThatCannotBeMade) {
  std::ofstream(options.directory) << "a file is in the way";
  EXPECT_THAT(problem(), HasSubstr("cannot be made"));
}

TEST_F(Opening, RefusesAnUnknownVfs) {
  open().accept(make_execution("one"));
  journal.reset();
  options.vfs = "no-such-vfs";
  EXPECT_THAT(problem(), HasSubstr("no-such-vfs"));
  options.vfs.clear();
  open();
  EXPECT_EQ(unfinished.size(), 1U) << "and leaves the journal alone";
}

TEST_F(Opening, WorksWithoutFullSync) {
  options.full_sync = false;
  open().accept(make_execution("one"));
  open();
  EXPECT_EQ(unfinished.size(), 1U);
}

}  // namespace
}  // namespace fulfilld::testing
