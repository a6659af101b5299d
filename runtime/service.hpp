// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor_system.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "actors/admission.hpp"
#include "actors/delivery_book.hpp"
#include "actors/interfaces.hpp"
#include "actors/journal_relay.hpp"
#include "actors/ports/observer.hpp"
#include "actors/redaction.hpp"
#include "runtime/action_table.hpp"
#include "runtime/actor_system_settings.hpp"
#include "runtime/blocking/thread_lanes.hpp"
#include "runtime/config/load_config.hpp"
#include "runtime/egress/asio_clock.hpp"
#include "runtime/egress/asio_http_engine.hpp"
#include "runtime/egress/io_loop.hpp"
#include "runtime/flight_recorder/mapped_flight_recorder.hpp"
#include "runtime/health/adapter_watch.hpp"
#include "runtime/health/alarm_probe.hpp"
#include "runtime/health/heartbeat.hpp"
#include "runtime/ingress/ingress.hpp"
#include "runtime/journal/sqlite_journal.hpp"
#include "runtime/routes_factory.hpp"
#include "runtime/url/host_allow_list.hpp"

namespace fulfilld {

/// The service cannot start. `what()` is one sentence that says what to do.
class StartError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// All parts, put together. Not thread-safe: one thread makes, starts, drains and destroys it.
class Service {
 public:
  /// Opens the journal, loads the adapters, makes the actors. Throws `StartError` or `JournalError`.
  /// `redaction` knows the secrets of the configuration. `observer` outlives the service.
  Service(const LoadedConfig& loaded, Redaction redaction, Observer& observer);

  /// Ends at once, in good order. What is under way stays in the journal.
  ~Service();

  /// Takes up what an earlier process left, then opens the door. Throws `StartError`.
  void start();

  /// The port in use, valid after `start`.
  [[nodiscard]] std::uint16_t port() const noexcept { return ingress_.port(); }

  /// Admits nothing more, so that what is under way can end.
  void close_the_door();

  /// Executions that have not ended.
  [[nodiscard]] std::size_t in_flight() const noexcept { return admission_.in_flight(); }

  /// Reads the secrets of all credentials anew and has tokens fetched with them, and the TLS certificate of new
  /// connections; looks for new builds of adapters, which executions use that begin from now on.
  void reload();

  /// To be called about once a second: asks all parts whether they are alive, and reports those that are not.
  void tick();

  /// True as long as every part has answered in time.
  [[nodiscard]] bool alive() const { return heartbeat_.alive(); }

  /// Why the process had better be started anew, once something is broken that cannot be replaced. Any thread.
  [[nodiscard]] std::optional<std::string> failure() const;

  /// Stays in adapter code that do not let their threads go any more. If there are some, nothing here can be destroyed
  /// in good order: the process has to end at once. For the thread that ticks.
  [[nodiscard]] const std::vector<Stay>& hung() const noexcept { return hung_; }

  /// Lays the end of the process to the executions of `hung`.
  void blame_the_hung() noexcept;

 private:
  void spawn_actors();
  /// Has the adapters looked for, and tells what is new of them.
  [[nodiscard]] ActionsPtr load_adapters();
  [[nodiscard]] std::vector<Heartbeat::Subject> pulse_subjects();
  void fail(std::string why);
  void watch_adapters();
  void recover();
  [[nodiscard]] std::vector<ReadinessCheck> readiness() const;

  // In this order, as each may use those above it, also while it is destroyed.
  const Config config_;
  const WrittenPlaces places_;
  const Redaction redaction_;
  Observer& observer_;
  Admission admission_;  ///< outlives all that may hold an execution
  ActorSystemSettings actor_settings_;
  caf::actor_system actors_;
  HostAllowList allowed_hosts_;
  ActionTable action_table_;
  ThreadLanes blocking_;
  IoLoop loop_;
  AsioClock clock_;
  AsioHttpEngine engine_;
  JournalRelay relay_;
  SqliteJournal journal_;
  MappedFlightRecorder recorder_;  ///< in the journal's directory, so after the journal that locks it
  const std::shared_ptr<DeliveryBook> deliveries_ = std::make_shared<DeliveryBook>();
  RoutesFactory routes_factory_;
  supervisor_actor supervisor_;
  Ingress ingress_;
  Heartbeat heartbeat_;
  AlarmProbe alarm_probe_;
  AdapterWatch adapter_watch_;
  std::vector<Stay> hung_;
  mutable std::mutex failure_mutex_;
  std::optional<std::string> failure_;  ///< guarded by `failure_mutex_`
};

}  // namespace fulfilld
