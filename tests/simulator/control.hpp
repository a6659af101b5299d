// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>  // boost/asio/awaitable.hpp of 1.74 uses std::exchange without it

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <nlohmann/json_fwd.hpp>

#include "tests/simulator/backend.hpp"
#include "tests/simulator/fault_plan.hpp"
#include "tests/simulator/fulfillment_endpoint.hpp"
#include "tests/simulator/record.hpp"
#include "tests/simulator/session.hpp"
#include "tests/simulator/settings.hpp"
#include "tests/simulator/signal.hpp"
#include "tests/simulator/token_endpoint.hpp"

namespace fulfilld::simulator {

/// What tests say to the simulator: `/simulator/...`, on an origin of its own that no fault ever touches.
class Control {
 public:
  using SetAccept = std::function<void(Origin, AcceptSettings)>;

  Control(Record& record, FaultPlan& faults, TokenEndpoint& tokens, FulfillmentEndpoint& callbacks, Backend& backend,
          Signal& changed, Signal& release, SetAccept set_accept)
      : record_(record),
        faults_(faults),
        tokens_(tokens),
        callbacks_(callbacks),
        backend_(backend),
        changed_(changed),
        release_(release),
        set_accept_(std::move(set_accept)) {}

  asio::awaitable<Exchange> handle(const Request& request);

 private:
  [[nodiscard]] Reply command(const Request& request);
  [[nodiscard]] Reply query(const Request& request) const;
  [[nodiscard]] asio::awaitable<Reply> wait(const Request& request);
  void configure(const nlohmann::json& json);
  void reset();

  Record& record_;
  FaultPlan& faults_;
  TokenEndpoint& tokens_;
  FulfillmentEndpoint& callbacks_;
  Backend& backend_;
  Signal& changed_;
  Signal& release_;
  const SetAccept set_accept_;
};

}  // namespace fulfilld::simulator
