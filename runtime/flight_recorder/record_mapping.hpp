// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "runtime/flight_recorder/record_layout.hpp"

namespace fulfilld::flight_recorder {

/// The bytes of the file `flight.recorder`, shared with the kernel's page cache; where that cannot be, plain memory.
/// One process at a time has the file: it is locked.
class RecordMapping {
 public:
  /// `notice` hears, as a sentence, why it is plain memory. What is new in the file is zero.
  RecordMapping(const std::filesystem::path& file, const std::function<void(const std::string&)>& notice);
  RecordMapping(const RecordMapping&) = delete;
  RecordMapping& operator=(const RecordMapping&) = delete;
  ~RecordMapping();

  /// True if the file was there before, in full.
  [[nodiscard]] bool has_history() const noexcept { return has_history_; }

  [[nodiscard]] Record& record() noexcept { return *record_; }
  [[nodiscard]] const Record& record() const noexcept { return *record_; }

 private:
  int file_ = -1;
  bool has_history_ = false;
  Record* record_ = nullptr;
};

}  // namespace fulfilld::flight_recorder
