// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor_system.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "actors/actions.hpp"
#include "actors/delivery_book.hpp"
#include "actors/fulfillment.hpp"
#include "actors/routes.hpp"
#include "runtime/actor_system_settings.hpp"
#include "runtime/adapter_tool/outcome_journal.hpp"
#include "runtime/adapter_tool/watched_adapter.hpp"
#include "runtime/adapter_tool/watched_engine.hpp"
#include "runtime/adapter_tool/witness_observer.hpp"
#include "runtime/blocking/thread_lanes.hpp"
#include "runtime/config/config.hpp"
#include "runtime/egress/asio_clock.hpp"
#include "runtime/egress/asio_http_engine.hpp"
#include "runtime/egress/io_loop.hpp"
#include "runtime/routes_factory.hpp"

namespace fulfilld {

/// How an execution ended.
struct RunEnd {
  std::vector<Outcome> outcomes;  ///< one, unless the host is broken
  bool stuck = false;             ///< not even the deadline ended it: the adapter holds the thread
  bool work_left = false;         ///< its blocking work went on for seconds after its end
  std::chrono::milliseconds lasted{0};
};

/// Carries out executions of one action, one after the other, by the parts of the service itself: its actors, engine,
/// clock and threads. Only the journal is in memory, and no result is posted. One thread at a time.
class Workbench {
 public:
  /// `config` has the action; `adapter` was made for it. Throws std::runtime_error if the engine cannot be made.
  Workbench(Config config, std::string action, AdapterPtr adapter);

  /// Waits for the adapter's code: not to be destroyed after a run that got stuck.
  ~Workbench();
  Workbench(const Workbench&) = delete;
  Workbench& operator=(const Workbench&) = delete;

  /// From start to outcome, at most a few seconds longer than the action's deadline. `redirect` may be empty.
  [[nodiscard]] RunEnd run(const std::string& data, const Treatment& treatment, WatchedEngine::Redirect redirect);

  /// Ends the execution that runs as its deadline would. Also from within `Treatment::on_suspension`.
  void time_is_up();
  /// The same, a little later.
  void time_is_up_in(std::chrono::milliseconds delay);

 private:
  class NoFlightRecorder;

  [[nodiscard]] RoutesPtr make_routes();
  [[nodiscard]] ExecutionPtr make_execution(const std::string& data);

  const Config config_;
  const std::string action_;
  const AdapterPtr adapter_;
  IoLoop loop_;
  AsioClock clock_;
  AsioHttpEngine engine_;
  WatchedEngine watched_engine_;
  WitnessObserver observer_;
  OutcomeJournal journal_;
  std::unique_ptr<FlightRecorder> recorder_;
  ThreadLanes lanes_;
  ActorSystemSettings actor_settings_;
  caf::actor_system actors_;
  RoutesFactory routes_factory_;
  std::uint64_t executions_ = 0;
  std::mutex running_mutex_;
  fulfillment_actor running_;
};

}  // namespace fulfilld
