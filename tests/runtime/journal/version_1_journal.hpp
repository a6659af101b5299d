// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace fulfilld::testing {

/// An execution as schema 1 holds it.
struct Version1Execution {
  struct Outcome {
    std::int64_t reason = 0;  ///< 0: complete
    std::string body;
  };
  struct Ending {
    std::int64_t reason = 0;  ///< 0: delivered
    std::int64_t attempts = 1;
  };
  std::string id;
  std::string url;
  std::string token;
  std::string action;
  std::string correlation_id;
  std::int64_t accepted_at = 0;  ///< milliseconds since 1970
  std::string data;
  std::optional<Outcome> outcome;
  std::optional<Ending> ending;
};

/// Writes `directory`/journal.db exactly as a fulfilld of schema 1 left it after an orderly end: `count` executions,
/// numbered from 1, what `execution` answers for 0, 1, 2 ... A partition for each `partition_rows` of them; the first
/// one is closed and indexed (and ended, if all of it has ended), the next ones are closed, the last one is open.
/// `directory` is made if absent. Throws `SQLite::Exception`.
void write_version_1_journal(const std::filesystem::path& directory, std::size_t count,
                             const std::function<Version1Execution(std::size_t)>& execution,
                             std::size_t partition_rows = 4000);

}  // namespace fulfilld::testing
