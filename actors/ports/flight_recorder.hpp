// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fulfilld {

/// Remembers beyond the death of the process which executions its threads are working on: in whose adapter's code they
/// are, and whose results they have in their hands. Any thread; never blocks.
class FlightRecorder {
 public:
  /// As long as it lives its thread is at work on that execution. `where`: the action whose adapter's code it is in, or
  /// another word for where it is.
  class AtWork {
   public:
    AtWork(FlightRecorder& recorder, std::uint64_t sequence, std::string_view where) noexcept
        : recorder_(recorder), slot_(recorder.enter(sequence, where)) {}
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;
    ~AtWork() { recorder_.leave(slot_); }

   private:
    FlightRecorder& recorder_;
    const std::size_t slot_;
  };

  virtual ~FlightRecorder() = default;

  /// Answers what `leave` is to be told.
  [[nodiscard]] virtual std::size_t enter(std::uint64_t sequence, std::string_view where) noexcept = 0;
  virtual void leave(std::size_t slot) noexcept = 0;
};

}  // namespace fulfilld
