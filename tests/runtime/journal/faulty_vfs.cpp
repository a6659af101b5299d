// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/journal/faulty_vfs.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace fulfilld::testing {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

/// What SQLite sees as an open file; the real one follows it in memory.
struct FaultyVfs::File {
  sqlite3_file base;
  FaultyVfs* owner;
  std::string* path;

  static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods& calls() { return *real()->pMethods; }
};

struct FaultyVfs::Calls {
  static FaultyVfs& of(sqlite3_vfs* vfs) { return *static_cast<FaultyVfs*>(vfs->pAppData); }

  static int close(sqlite3_file* file) {
    auto& self = File::of(file);
    const int result = self.calls().xClose(self.real());
    delete self.path;
    return result;
  }
  static int read(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
    auto& self = File::of(file);
    return self.calls().xRead(self.real(), into, size, offset);
  }
  static int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
    auto& self = File::of(file);
    const std::string bytes(static_cast<const char*>(from), static_cast<std::size_t>(size));
    const int code = self.owner->before_write(*self.path, {offset, bytes, false});
    return code != SQLITE_OK ? code : self.calls().xWrite(self.real(), from, size, offset);
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    auto& self = File::of(file);
    const int code = self.owner->before_write(*self.path, {size, {}, true});
    return code != SQLITE_OK ? code : self.calls().xTruncate(self.real(), size);
  }
  static int sync(sqlite3_file* file, int flags) {
    auto& self = File::of(file);
    const int code = self.owner->before_sync();
    if (code != SQLITE_OK) return code;
    const int result = self.calls().xSync(self.real(), flags);
    if (result == SQLITE_OK) self.owner->synced(*self.path);
    return result;
  }
  static int file_size(sqlite3_file* file, sqlite3_int64* size) {
    auto& self = File::of(file);
    return self.calls().xFileSize(self.real(), size);
  }
  static int lock(sqlite3_file* file, int level) {
    auto& self = File::of(file);
    return self.calls().xLock(self.real(), level);
  }
  static int unlock(sqlite3_file* file, int level) {
    auto& self = File::of(file);
    return self.calls().xUnlock(self.real(), level);
  }
  static int check_reserved_lock(sqlite3_file* file, int* result) {
    auto& self = File::of(file);
    return self.calls().xCheckReservedLock(self.real(), result);
  }
  static int file_control(sqlite3_file* file, int operation, void* argument) {
    auto& self = File::of(file);
    return self.calls().xFileControl(self.real(), operation, argument);
  }
  static int sector_size(sqlite3_file* file) {
    auto& self = File::of(file);
    return self.calls().xSectorSize(self.real());
  }
  static int device_characteristics(sqlite3_file* file) {
    auto& self = File::of(file);
    return self.calls().xDeviceCharacteristics(self.real());
  }

  static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
    static const sqlite3_io_methods methods{
        .iVersion = 1,
        .xClose = close,
        .xRead = read,
        .xWrite = write,
        .xTruncate = truncate,
        .xSync = sync,
        .xFileSize = file_size,
        .xLock = lock,
        .xUnlock = unlock,
        .xCheckReservedLock = check_reserved_lock,
        .xFileControl = file_control,
        .xSectorSize = sector_size,
        .xDeviceCharacteristics = device_characteristics,
        .xShmMap = nullptr,
        .xShmLock = nullptr,
        .xShmBarrier = nullptr,
        .xShmUnmap = nullptr,
        .xFetch = nullptr,
        .xUnfetch = nullptr,
    };
    auto& owner = of(vfs);
    auto& self = File::of(file);
    self.base.pMethods = nullptr;
    const int result = owner.real_->xOpen(owner.real_, name, self.real(), flags, out_flags);
    if (self.real()->pMethods == nullptr) return result;
    self.base.pMethods = &methods;
    self.owner = &owner;
    self.path = new std::string(name == nullptr ? "" : name);
    if (result == SQLITE_OK) owner.opened(*self.path);
    return result;
  }
  static int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    auto& owner = of(vfs);
    {
      const std::lock_guard lock(owner.mutex_);
      if (owner.dark_) return SQLITE_IOERR_DELETE;
    }
    const int result = owner.real_->xDelete(owner.real_, name, sync_directory);
    if (result == SQLITE_OK) owner.removed(name);
    return result;
  }
  static int access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
    return of(vfs).real_->xAccess(of(vfs).real_, name, flags, result);
  }
  static int full_pathname(sqlite3_vfs* vfs, const char* name, int size, char* out) {
    return of(vfs).real_->xFullPathname(of(vfs).real_, name, size, out);
  }
};

FaultyVfs::FaultyVfs(std::string name) : name_(std::move(name)), real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = Calls::open;
  vfs_.xDelete = Calls::remove;
  vfs_.xAccess = Calls::access;
  vfs_.xFullPathname = Calls::full_pathname;
  if (sqlite3_vfs_register(&vfs_, 0) != SQLITE_OK) throw std::runtime_error("cannot register the VFS");
}

FaultyVfs::~FaultyVfs() { sqlite3_vfs_unregister(&vfs_); }

void FaultyVfs::fail_writes(int code, std::size_t after) {
  const std::lock_guard lock(mutex_);
  write_code_ = code;
  writes_before_failure_ = after;
}

void FaultyVfs::fail_syncs(int code) {
  const std::lock_guard lock(mutex_);
  sync_code_ = code;
}

void FaultyVfs::on_sync(std::function<void()> action) {
  const std::lock_guard lock(mutex_);
  on_sync_ = std::move(action);
}

std::size_t FaultyVfs::writes() const {
  const std::lock_guard lock(mutex_);
  return writes_;
}

std::size_t FaultyVfs::syncs() const {
  const std::lock_guard lock(mutex_);
  return syncs_;
}

void FaultyVfs::watch_power() {
  const std::lock_guard lock(mutex_);
  watching_ = true;
}

void FaultyVfs::lose_power() {
  const std::lock_guard lock(mutex_);
  dark_ = true;
}

void FaultyVfs::restore_power(std::mt19937_64& chance) {
  constexpr std::size_t sector = 512;
  const std::lock_guard lock(mutex_);
  for (auto& [path, content] : contents_) {
    std::string left = content.synced;
    for (auto& change : content.unsynced) {
      const auto fate = chance() % 3;
      if (fate == 0) continue;
      if (fate == 1) change.bytes.resize(chance() % (change.bytes.size() / sector + 1) * sector);
      apply(change, left);
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(left.data(), static_cast<std::streamsize>(left.size()));
  }
  contents_.clear();
  dark_ = false;
}

void FaultyVfs::apply(const Change& change, std::string& content) {
  const auto offset = static_cast<std::size_t>(change.offset);
  if (change.truncate) {
    if (offset < content.size()) content.resize(offset);
    return;
  }
  if (content.size() < offset + change.bytes.size()) content.resize(offset + change.bytes.size(), '\0');
  content.replace(offset, change.bytes.size(), change.bytes);
}

int FaultyVfs::before_write(const std::string& path, Change change) {
  const std::lock_guard lock(mutex_);
  if (dark_) return SQLITE_IOERR_WRITE;
  ++writes_;
  if (write_code_ != SQLITE_OK) {
    if (writes_before_failure_ == 0) return write_code_;
    --writes_before_failure_;
  }
  if (watching_) contents_[path].unsynced.push_back(std::move(change));
  return SQLITE_OK;
}

int FaultyVfs::before_sync() {
  std::function<void()> action;
  {
    const std::lock_guard lock(mutex_);
    ++syncs_;
    action = on_sync_;
  }
  if (action) action();
  const std::lock_guard lock(mutex_);
  return dark_ ? SQLITE_IOERR_FSYNC : sync_code_;
}

void FaultyVfs::synced(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (!watching_) return;
  Content& content = contents_[path];
  for (const auto& change : content.unsynced) apply(change, content.synced);
  content.unsynced.clear();
}

void FaultyVfs::opened(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (watching_ && contents_.count(path) == 0) contents_[path].synced = read_file(path);
}

void FaultyVfs::removed(const std::string& path) {
  const std::lock_guard lock(mutex_);
  contents_.erase(path);
}

}  // namespace fulfilld::testing
