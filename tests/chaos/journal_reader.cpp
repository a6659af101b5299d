// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/journal_reader.hpp"

#include <SQLiteCpp/Statement.h>

namespace fulfilld::chaos {

JournalReader::JournalReader(const std::filesystem::path& directory)
    : database_((directory / "journal.db").string(), SQLite::OPEN_READONLY) {
  SQLite::Statement query(database_, "SELECT number FROM partition");
  while (query.executeStep()) partitions_.push_back(query.getColumn(0).getString());
}

std::map<std::string, JournalReader::Ending> JournalReader::endings() const {
  std::map<std::string, Ending> found;
  for (const auto& number : partitions_) {
    SQLite::Statement query(database_, "SELECT accept.id, ending.reason FROM accept_" + number +
                                           " AS accept LEFT JOIN ending_" + number + " AS ending USING (seq)");
    while (query.executeStep()) {
      const auto reason = query.getColumn(1);
      found[query.getColumn(0).getString()] = reason.isNull()        ? Ending::none
                                              : reason.getInt() == 0 ? Ending::delivered
                                                                     : Ending::other;
    }
  }
  return found;
}

}  // namespace fulfilld::chaos
