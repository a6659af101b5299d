// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "actors/actions.hpp"
#include "actors/execution.hpp"
#include "tests/actors/doubles/fake_clock.hpp"

namespace fulfilld::test {

/// A URL whose only telling part is its host.
inline Url url_on(const std::string& host) {
  return {.text = "https://" + host + "/path",
          .origin = "https://" + host + ":443",
          .host = host,
          .authority = host,
          .target = "/path",
          .port = 443,
          .tls = true};
}

/// An execution of the action `default`, with a journal sequence, accepted when FakeClock starts.
inline std::shared_ptr<Execution> make_execution(std::uint64_t sequence) {
  auto execution = std::make_shared<Execution>();
  execution->id = "execution-" + std::to_string(sequence);
  execution->action = "default";
  execution->fulfillment_url = url_on("genesys.test");
  execution->data = R"({"n":1})";
  execution->accepted_at = WallTime{std::chrono::milliseconds{1795471464000}};
  execution->accepted = FakeClock::start;
  execution->sequence = sequence;
  return execution;
}

/// The actions of a service that has just the action `default`.
inline ActionsPtr actions_with(Action action) {
  return std::make_shared<const Actions>(Actions{{"default", std::make_shared<const Action>(std::move(action))}});
}

}  // namespace fulfilld::test
