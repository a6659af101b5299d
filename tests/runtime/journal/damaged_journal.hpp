// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "runtime/journal/journal_store.hpp"
#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {

[[nodiscard]] inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// The files of a journal whose process was killed, to be damaged. Every third execution has an outcome, every sixth
/// has ended; each was accepted, decided and ended in one commit.
class DamagedJournal : public JournalTest {
 protected:
  explicit DamagedJournal(int count = 300) : executions(count) {
    options.partition_rows = 120;
    options.full_sync = false;
    std::filesystem::create_directories(options.directory);
    journal::JournalStore store(options);
    for (int i = 0; i < executions; ++i) {
      store.begin_group();
      const auto id = std::to_string(i);
      const auto execution = make_execution(id, url_of(id), data_of(i));
      EXPECT_EQ(store.accept(*execution).status, Status::accepted);
      EXPECT_TRUE(i % 3 != 0 || store.decide(execution->sequence, completed()));
      EXPECT_TRUE(i % 6 != 0 || store.end(execution->sequence, {}));
      store.commit_group();
      log_size_after_.push_back(std::filesystem::file_size(log_path()));
      while (store.upkeep()) continue;
    }
    log_ = read_file(log_path());
    database_ = read_file(database_path());
    EXPECT_FALSE(log_.empty());
  }

  [[nodiscard]] std::filesystem::path database_path() const { return options.directory / "journal.db"; }
  [[nodiscard]] std::filesystem::path log_path() const { return options.directory / "journal.db-wal"; }

  /// The `data` of an execution; one is long enough for overflow pages.
  [[nodiscard]] static std::string data_of(int number) { return std::string(number == 200 ? 30'000U : 100U, 'd'); }

  void put(const std::string& database, const std::string& log) {
    journal.reset();
    std::filesystem::remove_all(options.directory);
    std::filesystem::create_directories(options.directory);
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
  [[nodiscard]] std::set<std::string> expected() const {
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
      refusal = error.what();
      EXPECT_NE(refusal, "");
      return false;
    }
    EXPECT_EQ(journal->accept(make_execution("afterwards")).status, Status::accepted);
    return true;
  }

  const int executions;
  std::string refusal;  ///< why it did not open the last time
  std::string database_;
  std::string log_;
  std::vector<std::size_t> log_size_after_;  ///< bytes of the log once the commit of each execution was in it
};

}  // namespace fulfilld::testing
