// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace fulfilld::testing {

/// A disk that fails on demand: an SQLite VFS around the default one, registered under `name` for as long as the
/// object lives. Any thread may turn the faults on and off. Databases must be in exclusive locking mode (there is
/// no shared memory), and closed before the object goes.
class FaultyVfs {
 public:
  explicit FaultyVfs(std::string name);
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;
  ~FaultyVfs();

  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// Answers this SQLite error code to every write (SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_READONLY); SQLITE_OK
  /// makes the disk whole again. The first `after` writes still succeed.
  void fail_writes(int code, std::size_t after = 0);

  /// Answers this SQLite error code to every sync; what was written before stays written.
  void fail_syncs(int code);

  /// Called at the beginning of every sync, on the thread that syncs: it may wait there. Empty: nothing.
  void on_sync(std::function<void()> action);

  [[nodiscard]] std::size_t writes() const;
  [[nodiscard]] std::size_t syncs() const;

  /// Remembers from now on what was written and not yet synced, so that `lose_power` can forget it.
  void watch_power();

  /// From here on nothing reaches the disk, and every call fails: close the databases, then `restore_power`.
  void lose_power();

  /// Leaves in each file what was synced, and of every later write, as chance has it, all, nothing, or its first
  /// sectors: what a disk may do. New names and deletions are taken to be durable at once.
  void restore_power(std::mt19937_64& chance);

 private:
  struct Change {
    std::int64_t offset = 0;
    std::string bytes;
    bool truncate = false;
  };
  struct Content {
    std::string synced;
    std::vector<Change> unsynced;
  };
  struct File;
  struct Calls;

  static void apply(const Change& change, std::string& content);
  [[nodiscard]] int before_write(const std::string& path, Change change);
  [[nodiscard]] int before_sync();
  void synced(const std::string& path);
  void opened(const std::string& path);
  void removed(const std::string& path);

  const std::string name_;
  sqlite3_vfs* const real_;
  sqlite3_vfs vfs_;
  mutable std::mutex mutex_;
  int write_code_ = SQLITE_OK;
  std::size_t writes_before_failure_ = 0;
  int sync_code_ = SQLITE_OK;
  std::function<void()> on_sync_;
  std::size_t writes_ = 0;
  std::size_t syncs_ = 0;
  bool watching_ = false;
  bool dark_ = false;
  std::map<std::string, Content> contents_;
};

}  // namespace fulfilld::testing
