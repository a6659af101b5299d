// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <utility>

#include "tests/integration/process.hpp"

namespace fulfilld::chaos {

/// What a disk does wrong; the letters are those of faulty_disk_shim.c.
enum class DiskFault : char {
  none = '0',
  full = 'f',
  write_error = 'w',
  sync_error = 's',
  read_only = 'r',
  slow = 'l',
};

/// Makes a directory's disk fail for the programs that are started with it.
class FaultyDisk {
 public:
  /// The file `control` is made anew.
  FaultyDisk(std::filesystem::path directory, std::filesystem::path control)
      : directory_(std::move(directory)), control_(std::move(control)) {
    std::ofstream(control_) << static_cast<char>(DiskFault::none);
  }

  /// From now on, also for programs that run already.
  void turn(DiskFault fault) const { std::fstream(control_, std::ios::in | std::ios::out) << static_cast<char>(fault); }

  /// Puts the shim under a program.
  void put_under(integration::Command& command) const {
    command.environment["LD_PRELOAD"] = FULFILLD_FAULTY_DISK_SHIM;
    command.environment["FULFILLD_FAULTY_DISK"] = directory_;
    command.environment["FULFILLD_FAULTY_DISK_MODE"] = control_;
    // AddressSanitizer wants to be loaded first, and does not need to be.
    command.environment["ASAN_OPTIONS"] = "verify_asan_link_order=0";
  }

 private:
  const std::filesystem::path directory_;
  const std::filesystem::path control_;
};

}  // namespace fulfilld::chaos
