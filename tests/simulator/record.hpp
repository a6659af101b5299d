// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulator/message.hpp"
#include "tests/simulator/side.hpp"

namespace fulfilld::simulator {

/// One request that came in, and what became of it. Times are milliseconds since the simulator started, monotonic.
struct Entry {
  std::uint64_t number = 0;  ///< over all sides, from 1
  Side side = Side::token;
  double at_ms = 0;
  std::uint64_t connection = 0;
  Request request;
  std::string execution;      ///< id that groups the attempts of one execution; empty for the token side
  std::uint64_t attempt = 0;  ///< within `execution`, from 1
  std::string fault;          ///< the fault that met it, as it was asked for; empty: none
  int status = 0;             ///< as answered; 0: no answer has begun
  std::optional<double> answered_ms;
  std::optional<double> abandoned_ms;  ///< the client went away before its answer was complete
  std::string result;                  ///< callback: `complete`, `failed` or `in-progress`
  bool taken = false;                  ///< callback: the platform has this result
};

/// All that the simulator saw since its start or the last `clear`. Not thread-safe: one thread.
class Record {
 public:
  /// `changed` is called after every change of a counter.
  explicit Record(std::function<void()> changed) : changed_(std::move(changed)) {}

  [[nodiscard]] std::shared_ptr<Entry> arrived(Side side, std::uint64_t connection, Request request,
                                               std::string execution);
  void answered(Entry& entry, int status);
  void abandoned(Entry& entry);
  void closed(const Entry& entry);  ///< the exchange is over, in whatever way
  void token_issued();

  /// The platform takes the result of a callback: a `complete` or `failed` ends the execution.
  void take(Entry& entry);

  [[nodiscard]] std::uint64_t connected(Origin origin);  ///< a new connection; returns its number, from 1
  void disconnected(Origin origin);

  /// Forgets everything but the connections that are open. Exchanges under way are not counted any more.
  void clear();

  /// The oldest entries are dropped above this.
  void set_limit(std::size_t entries) { limit_ = entries; }

  /// A counter by its name in `counts`; empty if there is none of that name.
  [[nodiscard]] std::optional<std::uint64_t> counter(std::string_view name) const;

  [[nodiscard]] nlohmann::ordered_json counts() const;
  [[nodiscard]] nlohmann::ordered_json entries(Side side) const;
  [[nodiscard]] nlohmann::ordered_json callbacks_of(const std::string& execution) const;

  /// How often each execution's `complete` and `failed` was taken: `{"ID": {"complete": 1, "failed": 0}}`.
  [[nodiscard]] nlohmann::ordered_json outcomes() const;

  /// How often each execution was asked for, on each side: `{"callback": {"ID": 1}, ...}`. Not bounded by the limit.
  [[nodiscard]] nlohmann::ordered_json attempts() const;

 private:
  struct Outcomes {
    std::uint64_t complete = 0;
    std::uint64_t failed = 0;
    std::size_t first_body = 0;  ///< its hash
  };

  [[nodiscard]] double now_ms() const;

  std::function<void()> changed_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::size_t limit_ = 200000;
  std::deque<std::shared_ptr<Entry>> entries_;
  std::uint64_t next_number_ = 1;
  std::uint64_t first_number_ = 1;  ///< entries below belong to the time before the last `clear`
  std::array<std::map<std::string, std::uint64_t>, all_sides.size()> attempts_;
  std::map<std::string, Outcomes> outcomes_;

  std::array<std::uint64_t, all_sides.size()> requests_{};
  std::array<std::uint64_t, all_sides.size()> open_{};
  std::array<std::uint64_t, all_sides.size()> abandoned_{};
  std::array<std::uint64_t, all_origins.size()> connections_{};
  std::array<std::uint64_t, all_origins.size()> connections_open_{};
  std::uint64_t next_connection_ = 1;
  std::uint64_t tokens_issued_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t contradictions_ = 0;
  std::uint64_t progress_ = 0;
};

}  // namespace fulfilld::simulator
