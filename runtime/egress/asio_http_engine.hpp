// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "actors/ports/http_engine.hpp"
#include "runtime/egress/io_loop.hpp"
#include "runtime/egress/lookup_threads.hpp"
#include "runtime/egress/name_lookup.hpp"

namespace fulfilld {

/// How the engine treats its connections and names.
struct EgressSettings {
  std::string user_agent = "fulfilld";              ///< of requests that name none; empty: none; no control characters
  std::size_t max_idle = 1024;                      ///< unused connections kept, over all origins
  std::string ca_file;                              ///< PEM file of the authorities to trust in place of the system's
  LookUp look_up = system_look_up;                  ///< how names become addresses; may block
  LookUpLimits look_ups;                            ///< how many at the same time
  std::chrono::milliseconds name_ttl{30000};        ///< how long addresses are used again
  std::chrono::milliseconds failed_name_ttl{1000};  ///< how long a failed lookup is believed
};

/// The HTTP/1.1 engine on Asio: everything happens on the loop's thread. What is repeated, refused and bounded:
/// README.md beside this file. Destroyed before its loop.
class AsioHttpEngine final : public HttpEngine {
 public:
  /// Throws std::runtime_error with a sentence if `ca_file` cannot be used.
  explicit AsioHttpEngine(IoLoop& loop, EgressSettings settings = {});

  /// As `stop`. Not from within `finished()`.
  ~AsioHttpEngine() override;

  void start(std::shared_ptr<HttpExchange> exchange) override;

  /// Ends all that is in flight with `cancelled`, closes all connections, and returns when all that was started
  /// before has had its `finished()`. What is started later ends with `cancelled` at once. Any thread, repeatable.
  void stop();

 private:
  class Inbox;
  IoLoop& loop_;
  std::shared_ptr<Inbox> inbox_;
};

}  // namespace fulfilld
