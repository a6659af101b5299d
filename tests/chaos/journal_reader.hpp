// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace fulfilld::chaos {

/// Looks into the journal of a service that has ended.
class JournalReader {
 public:
  /// Throws SQLite::Exception if there is none.
  explicit JournalReader(const std::filesystem::path& directory);

  enum class Ending : std::uint8_t { none, delivered, other };

  /// How each execution in it ended, by id.
  [[nodiscard]] std::map<std::string, Ending> endings() const;

 private:
  SQLite::Database database_;
  std::vector<std::string> partitions_;
};

}  // namespace fulfilld::chaos
