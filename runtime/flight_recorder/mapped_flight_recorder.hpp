// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "actors/policy/blame.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/flight_recorder.hpp"
#include "runtime/flight_recorder/record_mapping.hpp"

namespace fulfilld {

/// An execution whose adapter code holds the thread of an actor.
struct Stay {
  std::uint64_t sequence = 0;
  std::string action;     ///< at most its first 40 bytes
  std::string adapter;    ///< name and version, at most their first 48 bytes
  std::string execution;  ///< at most the first 72 bytes of its id
  std::chrono::milliseconds lasts{0};
};

/// The stay in adapter code of a thread that ends the process. Its texts end with a zero.
struct LastStay {
  std::uint64_t sequence = 0;  ///< 0: the thread was in none
  std::array<char, 41> action{};
  std::array<char, 49> adapter{};
  std::array<char, 73> execution{};
};

/// The flight recorder as a small file in the journal's directory, mapped into memory: what a thread notes there is
/// read by the next process, however this one ends. README.md says which ends count as deaths.
class MappedFlightRecorder final : public FlightRecorder {
 public:
  /// Hears why the record is lost with the process, as a sentence. Called by the constructor only.
  using Notice = std::function<void(const std::string&)>;

  /// Reads what the last process left in `directory`, which exists, then begins a new record. Never fails: without a
  /// usable file the record lives in memory only. `boot` identifies the boot of the machine; empty: not known.
  MappedFlightRecorder(const std::filesystem::path& directory, const Notice& notice, std::string boot = this_boot());

  /// An orderly end, unless the process dies before.
  ~MappedFlightRecorder() override;

  MappedFlightRecorder(const MappedFlightRecorder&) = delete;
  MappedFlightRecorder& operator=(const MappedFlightRecorder&) = delete;

  /// How the process before this one ended.
  [[nodiscard]] const LastProcess& last() const noexcept { return last_; }

  /// Marks that the process ends because it was told to, or chose to: whatever comes now, no execution is to blame.
  void end_orderly() noexcept;

  /// Lays the end of the process to that execution, if it is in adapter code, and to no other that is not blamed so,
  /// too. To be called once the process is about to end. Any thread.
  void blame(std::uint64_t sequence) noexcept;

  /// The stay of the calling thread, in whatever recorder. Lays the end of the process to it, if `to_blame`.
  /// Async-signal-safe.
  [[nodiscard]] static LastStay last_stay_of_this_thread(bool to_blame) noexcept;

  /// Which executions have held the thread of an actor in adapter code for `longer_than`, the longest first. Any
  /// thread.
  [[nodiscard]] std::vector<Stay> busy(MonotonicTime now, std::chrono::milliseconds longer_than) const;

  [[nodiscard]] std::size_t enter(const AdapterStay& stay) noexcept override;
  void leave(std::size_t slot) noexcept override;

  /// The kernel's id of this boot, or empty.
  [[nodiscard]] static std::string this_boot();

 private:
  flight_recorder::RecordMapping mapping_;
  LastProcess last_;
};

}  // namespace fulfilld
