// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

#include "actors/execution.hpp"
#include "actors/ports/adapter.hpp"

namespace fulfilld {

/// The journal cannot be used. `what()` is one sentence that says what to do.
class JournalError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Hears what an operator should know. Called from the thread that opens the journal and from its writer.
using JournalNotice = std::function<void(LogLevel, std::string)>;

struct SqliteJournalOptions {
  std::filesystem::path directory;                     ///< made if absent, mode 0700
  bool full_sync = true;                               ///< false: synchronous=NORMAL, see README.md
  std::chrono::milliseconds accept_timeout{5000};      ///< how long `accept` and `flush` may wait
  std::size_t partition_rows = 100'000;                ///< a partition closes after so many executions,
  std::chrono::milliseconds partition_age{3'600'000};  ///< or when it is so old
  std::chrono::milliseconds retention{604'800'000};    ///< how long a closed partition is kept once all of it ended
  std::uint64_t max_bytes = 0;        ///< beyond it what has ended is purged before its time; 0: no bound
  std::uint64_t partition_bytes = 0;  ///< a partition also closes when it holds so much; 0: a sixteenth of `max_bytes`
  std::string vfs;                    ///< name of a registered SQLite VFS; empty: the default
  JournalNotice notice;               ///< may be empty
  std::function<WallTime()> wall_clock;  ///< empty: the system's
};

/// At how many bytes a partition closes; 0: at no such bound.
[[nodiscard]] constexpr std::uint64_t bytes_until_close(const SqliteJournalOptions& options) noexcept {
  return options.partition_bytes > 0 ? options.partition_bytes : options.max_bytes / 16;
}

}  // namespace fulfilld
