// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace fulfilld::journal {

/// One process at a time owns a journal directory: an flock on `journal.lock`, which also names the owner's pid.
/// The kernel gives it up when the process ends, however it ends.
class OwnerLock {
 public:
  /// Makes the directory if it is absent, readable for its owner only. Throws `JournalError` if another process (or
  /// another journal in this one) owns it.
  explicit OwnerLock(const std::filesystem::path& directory);
  OwnerLock(const OwnerLock&) = delete;
  OwnerLock& operator=(const OwnerLock&) = delete;
  ~OwnerLock();

 private:
  int file_;
};

}  // namespace fulfilld::journal
