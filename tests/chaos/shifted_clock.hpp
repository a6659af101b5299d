// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <utility>

#include "tests/integration/process.hpp"

namespace fulfilld::chaos {

/// The wall clock of the programs that are started with it; at first it is right.
class ShiftedClock {
 public:
  /// The file `control` is made anew.
  explicit ShiftedClock(std::filesystem::path control) : control_(std::move(control)) {
    std::ofstream{control_};
    jump_to(std::chrono::seconds{0});
  }

  /// From now on it is wrong by so much, also for programs that run already.
  void jump_to(std::chrono::seconds shift) const {
    const std::int64_t seconds = shift.count();
    std::fstream file(control_, std::ios::in | std::ios::out | std::ios::binary);
    file.write(reinterpret_cast<const char*>(&seconds), sizeof seconds);
  }

  /// Puts the shim under a program.
  void put_under(integration::Command& command) const {
    command.environment["LD_PRELOAD"] = FULFILLD_SHIFTED_CLOCK_SHIM;
    command.environment["FULFILLD_SHIFTED_CLOCK"] = control_;
    // AddressSanitizer wants to be loaded first, and does not need to be.
    command.environment["ASAN_OPTIONS"] = "verify_asan_link_order=0";
  }

 private:
  const std::filesystem::path control_;
};

}  // namespace fulfilld::chaos
