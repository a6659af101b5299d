// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/owner_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "runtime/journal/journal_options.hpp"

namespace fulfilld::journal {
namespace fs = std::filesystem;
namespace {

void make_directory(const fs::path& directory) {
  std::error_code error;
  if (fs::is_directory(directory, error)) return;
  if (!fs::create_directories(directory, error) && error)
    throw JournalError("the journal's directory " + directory.string() + " cannot be made (" + error.message() +
                       "): make it, and give this user write access");
  fs::permissions(directory, fs::perms::owner_all, error);
}

std::string owner_named_in(int file) {
  std::array<char, 32> text{};
  const auto size = pread(file, text.data(), text.size(), 0);
  std::string pid;
  for (ssize_t i = 0; i < size && text[static_cast<std::size_t>(i)] >= '0' && text[static_cast<std::size_t>(i)] <= '9';
       ++i)
    pid += text[static_cast<std::size_t>(i)];
  return pid.empty() ? "another process" : "process " + pid;
}

void name_the_owner(int file) {
  const auto text = std::to_string(getpid()) + "\n";
  // The name is for people; the lock holds without it, for example on a full disk.
  if (ftruncate(file, 0) != 0 || pwrite(file, text.data(), text.size(), 0) < 0) errno = 0;
}

}  // namespace

OwnerLock::OwnerLock(const fs::path& directory) : file_(-1) {
  make_directory(directory);
  const auto path = directory / "journal.lock";
  file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file_ < 0)
    throw JournalError("the journal's lock file " + path.string() + " cannot be opened (" + std::strerror(errno) +
                       "): give this user write access to the directory");
  if (flock(file_, LOCK_EX | LOCK_NB) == 0) {
    name_the_owner(file_);
    return;
  }
  const int error = errno;
  const auto owner = owner_named_in(file_);
  close(file_);
  if (error == EWOULDBLOCK)
    throw JournalError("the journal in " + directory.string() + " is in use by " + owner +
                       ": stop that one first, or choose another journal.directory");
  throw JournalError("the journal's lock file " + path.string() + " cannot be locked (" + std::strerror(error) +
                     "): choose a journal.directory on a local disk");
}

OwnerLock::~OwnerLock() { close(file_); }

}  // namespace fulfilld::journal
