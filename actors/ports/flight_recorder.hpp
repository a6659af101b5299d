// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fulfilld {

/// Remembers beyond the death of the process in which executions' adapter code its threads are. Any thread; never
/// blocks.
class FlightRecorder {
 public:
  /// One stay in an execution's adapter code, by the thread that holds it.
  class InAdapter {
   public:
    InAdapter(FlightRecorder& recorder, std::uint64_t sequence, std::string_view action) noexcept
        : recorder_(recorder), slot_(recorder.enter(sequence, action)) {}
    InAdapter(const InAdapter&) = delete;
    InAdapter& operator=(const InAdapter&) = delete;
    ~InAdapter() { recorder_.leave(slot_); }

   private:
    FlightRecorder& recorder_;
    const std::size_t slot_;
  };

  virtual ~FlightRecorder() = default;

  /// Answers what `leave` is to be told.
  [[nodiscard]] virtual std::size_t enter(std::uint64_t sequence, std::string_view action) noexcept = 0;
  virtual void leave(std::size_t slot) noexcept = 0;
};

}  // namespace fulfilld
