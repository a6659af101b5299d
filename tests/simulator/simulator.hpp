// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>  // boost/asio/awaitable.hpp of 1.74 uses std::exchange without it

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdint>
#include <memory>
#include <string>

#include "tests/simulator/backend.hpp"
#include "tests/simulator/control.hpp"
#include "tests/simulator/fault_plan.hpp"
#include "tests/simulator/fulfillment_endpoint.hpp"
#include "tests/simulator/listener.hpp"
#include "tests/simulator/record.hpp"
#include "tests/simulator/signal.hpp"
#include "tests/simulator/token_endpoint.hpp"

namespace fulfilld::simulator {

/// The command line.
struct Options {
  std::uint16_t genesys_port = 0;
  std::uint16_t backend_port = 0;
  std::uint16_t control_port = 0;
  std::uint64_t seed = 1;
  std::string tls_certificate;  ///< PEM file; with `tls_key` the genesys and backend origins speak https
  std::string tls_key;
};

/// The parts of the simulator, put together. All of it runs on the thread that calls `run`.
class Simulator {
 public:
  /// Listens on all three origins at once. Throws what Asio throws if it cannot.
  explicit Simulator(const Options& options);
  ~Simulator();

  /// `ready genesys=URL backend=URL control=URL`
  [[nodiscard]] std::string ready_line() const;

  /// Serves until SIGINT or SIGTERM.
  void run();

 private:
  asio::awaitable<Exchange> genesys(const Request& request, std::uint64_t connection);
  asio::awaitable<Exchange> backend(const Request& request, std::uint64_t connection);

  // The parts come before the io_context: connections that are open at the end die with it, and refer to the parts.
  Signal changed_;
  Signal release_;
  Record record_;
  FaultPlan faults_;
  TokenEndpoint tokens_;
  FulfillmentEndpoint callbacks_;
  Backend backend_;
  Control control_;
  std::unique_ptr<asio::ssl::context> tls_;
  asio::io_context io_{1};
  asio::signal_set signals_{io_, SIGINT, SIGTERM};
  Listener genesys_listener_;
  Listener backend_listener_;
  Listener control_listener_;
};

}  // namespace fulfilld::simulator
