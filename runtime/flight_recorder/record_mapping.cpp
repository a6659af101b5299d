// SPDX-License-Identifier: Apache-2.0
#include "runtime/flight_recorder/record_mapping.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace fulfilld::flight_recorder {
namespace {

[[noreturn]] void fail(int error, const char* what) { throw std::system_error(error, std::generic_category(), what); }

void* map(int file, int flags) {
  void* const bytes = mmap(nullptr, sizeof(Record), PROT_READ | PROT_WRITE, flags | MAP_POPULATE, file, 0);
  if (bytes == MAP_FAILED) fail(errno, "mmap");
  return bytes;
}

/// An open file that is closed unless it is kept.
struct OpenFile {
  int descriptor;
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  explicit OpenFile(const std::filesystem::path& path)
      : descriptor(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600)) {
    if (descriptor < 0) fail(errno, "open");
  }
  ~OpenFile() {
    if (descriptor >= 0) close(descriptor);
  }
  int keep() noexcept {
    const int kept = descriptor;
    descriptor = -1;
    return kept;
  }
};

/// Gives the file its size, with all its blocks: a store to a page for which the disk has no room is a SIGBUS.
bool reserve(int file) {
  struct stat status {};
  if (fstat(file, &status) != 0) fail(errno, "fstat");
  if (!S_ISREG(status.st_mode)) fail(EINVAL, "it is no regular file");
  if (const int error = posix_fallocate(file, 0, sizeof(Record)); error != 0) fail(error, "posix_fallocate");
  return status.st_size >= static_cast<off_t>(sizeof(Record));
}

}  // namespace

RecordMapping::RecordMapping(const std::filesystem::path& path, const std::function<void(const std::string&)>& notice) {
  void* bytes = nullptr;
  try {
    OpenFile file(path);
    if (flock(file.descriptor, LOCK_EX | LOCK_NB) != 0) fail(errno, "flock");
    has_history_ = reserve(file.descriptor);
    bytes = map(file.descriptor, MAP_SHARED);
    file_ = file.keep();
  } catch (const std::system_error& error) {
    has_history_ = false;
    notice("the flight recorder " + path.string() + " cannot be used (" + error.what() +
           "): should the process crash, it will not be known which execution was at work");
    bytes = map(-1, MAP_PRIVATE | MAP_ANONYMOUS);
  }
  // A page that had to be read again from a failing disk would be a SIGBUS.
  mlock(bytes, sizeof(Record));
  record_ = static_cast<Record*>(bytes);
}

RecordMapping::~RecordMapping() {
  munmap(record_, sizeof(Record));
  if (file_ >= 0) close(file_);
}

}  // namespace fulfilld::flight_recorder
