// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fulfilld {

/// Who is at work while a thread is in adapter code. What it refers to outlives the stay.
struct AdapterStay {
  std::uint64_t sequence = 0;  ///< of the execution
  std::string_view execution;  ///< its id
  std::string_view action{};   ///< its name
  std::string_view adapter{};  ///< name and version
  bool may_block = false;      ///< on a thread for blocking work, not on that of an actor
};

/// Remembers beyond the death of the process in which executions' adapter code its threads are. Any thread; never
/// blocks.
class FlightRecorder {
 public:
  /// One stay in an execution's adapter code, by the thread that holds it.
  class InAdapter {
   public:
    InAdapter(FlightRecorder& recorder, const AdapterStay& stay) noexcept
        : recorder_(recorder), slot_(recorder.enter(stay)) {}
    InAdapter(const InAdapter&) = delete;
    InAdapter& operator=(const InAdapter&) = delete;
    ~InAdapter() { recorder_.leave(slot_); }

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
