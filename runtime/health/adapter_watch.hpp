// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/time.hpp"
#include "runtime/flight_recorder/mapped_flight_recorder.hpp"

namespace fulfilld {

/// Watches adapter code that keeps the threads of actors: nobody can take a thread back from it, and nothing else runs
/// there. Pure: time comes in as an argument.
class AdapterWatch {
 public:
  struct Limits {
    std::chrono::milliseconds hold_after{2000};   ///< nothing is accepted while no thread is free for so long
    std::chrono::milliseconds hung_after{10000};  ///< it does not let the thread go any more; 0: that is never assumed
    std::size_t threads = 1;                      ///< that actors run on
  };

  /// What there is to be done.
  struct Verdict {
    std::optional<Stay> hold;              ///< accept nothing: the stay that is to blame
    std::vector<Stay> hung;                ///< end the process, and lay it to these
    std::chrono::milliseconds hung_in{0};  ///< when that will be, at the earliest; 0: never

    [[nodiscard]] bool must_end() const noexcept { return !hung.empty(); }
  };

  explicit AdapterWatch(const Limits& limits) noexcept : limits_(limits) {}

  /// To be told about once a second which stays there are. A look that comes late (the process or its machine was
  /// halted) counts as no more than a second and a half: nobody worked meanwhile.
  [[nodiscard]] Verdict look(const std::vector<Stay>& stays, MonotonicTime now);

 private:
  struct Seen {
    std::uint64_t sequence = 0;
    MonotonicTime since{};
    std::chrono::milliseconds held{0};
  };

  const Limits limits_;
  std::vector<Seen> seen_;
  std::optional<MonotonicTime> last_look_;
};

}  // namespace fulfilld
