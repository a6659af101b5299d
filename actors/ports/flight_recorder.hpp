// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fulfilld {

/// Who is at work while a thread is in adapter code, or has a result in its hands. What it refers to outlives the stay.
struct AdapterStay {
  std::uint64_t sequence = 0;  ///< of the execution
  std::string_view execution;  ///< its id
  std::string_view action{};   ///< its name, or another word for where the thread is
  std::string_view adapter{};  ///< name and version; empty: it is not in adapter code
  bool may_block = false;      ///< on a thread for blocking work, not on that of an actor
};

/// Remembers beyond the death of the process which executions its threads are working on: in whose adapter's code they
/// are, and whose results they have in their hands. Any thread; never blocks.
class FlightRecorder {
 public:
  /// As long as it lives its thread is at work on that execution.
  class AtWork {
   public:
    AtWork(FlightRecorder& recorder, const AdapterStay& stay) noexcept
        : recorder_(recorder), slot_(recorder.enter(stay)) {}
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;
    ~AtWork() { recorder_.leave(slot_); }

   private:
    FlightRecorder& recorder_;
    const std::size_t slot_;
  };

  virtual ~FlightRecorder() = default;

  /// Answers what `leave` is to be told. Of stays within another the outermost counts.
  [[nodiscard]] virtual std::size_t enter(const AdapterStay& stay) noexcept = 0;
  virtual void leave(std::size_t slot) noexcept = 0;
};

}  // namespace fulfilld
