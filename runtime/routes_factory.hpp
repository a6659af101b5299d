// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor_system.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/delivery_book.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/flight_recorder.hpp"
#include "actors/ports/http_engine.hpp"
#include "actors/ports/journal.hpp"
#include "actors/ports/observer.hpp"
#include "actors/redaction.hpp"
#include "actors/routes.hpp"
#include "runtime/config/config.hpp"

namespace fulfilld {

/// Makes the service actors as the configuration wants them, wired to each other. All that it is given outlives it,
/// and the actors.
class RoutesFactory {
 public:
  RoutesFactory(caf::actor_system& actors, const Config& config, Clock& clock, HttpEngine& engine, Journal& journal,
                Observer& observer, FlightRecorder& recorder, Redaction redaction,
                std::shared_ptr<DeliveryBook> deliveries)
      : actors_(actors),
        config_(config),
        clock_(clock),
        engine_(engine),
        journal_(journal),
        observer_(observer),
        recorder_(recorder),
        redaction_(std::move(redaction)),
        deliveries_(std::move(deliveries)) {}

  /// A new set. Any thread, one at a time.
  [[nodiscard]] RoutesPtr make() const;

  /// The names that the actors of a set have, for who wants to ask them something.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  [[nodiscard]] std::map<std::string, token_actor> spawn_tokens(const rate_limiter_actor& limiter) const;
  /// Gives the limiter the tokens that are not fetched, as they are now.
  void push_fixed_tokens(const rate_limiter_actor& limiter) const;
  [[nodiscard]] callback_lane_actor spawn_callback_lane(const Routes& routes) const;

  caf::actor_system& actors_;
  const Config& config_;
  Clock& clock_;
  HttpEngine& engine_;
  Journal& journal_;
  Observer& observer_;
  FlightRecorder& recorder_;
  const Redaction redaction_;
  std::shared_ptr<DeliveryBook> deliveries_;
};

}  // namespace fulfilld
