// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "actors/admission.hpp"
#include "actors/ports/journal.hpp"
#include "actors/ports/observer.hpp"
#include "actors/time.hpp"
#include "runtime/config/config.hpp"
#include "runtime/ingress/waiting_line.hpp"
#include "runtime/url/host_allow_list.hpp"

namespace fulfilld {

/// One line of `GET /readyz`.
struct ReadinessCheck {
  std::string name;  ///< e.g. `journal`
  bool ready = false;
  std::string problem;  ///< why it is not ready, as a sentence; empty if it is
};

/// Asked for each `GET /readyz`, by several threads at once.
using Readiness = std::function<std::vector<ReadinessCheck>()>;

/// What the ingress is told by the configuration.
struct IngressOptions {
  ServerSettings server;
  std::set<std::string, std::less<>> actions;  ///< names that `POST /execute/{action}` takes
  /// Has the action of that name an adapter now? Asked by several threads at once.
  std::function<bool(std::string_view)> can_run = [](std::string_view) { return true; };
  WaitingLimits waiting = {};  ///< of connections beyond `server.max_connections`
};

/// The HTTP edge where executions come in: checks a request, takes a place from `Admission`, waits until the journal
/// has it and answers 202. One thread per connection, created on demand, `max_connections` at most; one more waits.
class Ingress {
 public:
  /// The references must outlive this object. Reads the TLS files, if any; listens only from `start` on.
  /// Throws std::runtime_error with a sentence if the TLS files are unusable.
  Ingress(IngressOptions options, Journal& journal, Admission& admission, const HostAllowList& allowed_hosts,
          Observer& observer, Readiness readiness);
  Ingress(const Ingress&) = delete;
  Ingress& operator=(const Ingress&) = delete;
  ~Ingress();

  /// Listens and serves. Throws std::runtime_error with a sentence if the address cannot be had.
  void start();

  /// The port in use, valid after `start`.
  [[nodiscard]] std::uint16_t port() const noexcept;

  /// Connections that wait for a place now.
  [[nodiscard]] std::size_t waiting() const noexcept;

  /// Reads the TLS files, if any, anew: connections that come from now on are shown what they hold. If they cannot be
  /// used the old ones stay, and the log says why. Connections under way go on as they are.
  void renew_certificate();

  /// To be called about once a second: tells the log of what is told by the minute.
  void tick(MonotonicTime now);

  /// Closes the listening socket and every idle connection. A request under way goes on to its answer, which closes
  /// its connection. Returns at once. May be called more than once.
  void stop_accepting();

  /// `stop_accepting`, then cuts requests that are still being received and waits for those that wait for the
  /// journal (as long as the journal's own time limit). May be called more than once.
  void stop();

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace fulfilld
