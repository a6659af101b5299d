// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <string_view>
#include <utility>

#include "runtime/ingress/ingress.hpp"
#include "tests/runtime/ingress/fake_journal.hpp"
#include "tests/runtime/ingress/raw_client.hpp"
#include "tests/runtime/ingress/surroundings.hpp"

namespace fulfilld {

/// An ingress on a free port of loopback before a fake journal.
struct IngressUnderTest {
  explicit IngressUnderTest(ServerSettings settings = {}, FakeJournal::Accept accept = {}, AdmissionLimits limits = {},
                            WaitingLimits waiting = {})
      : admission(limits, {}, clock),
        journal(std::move(accept)),
        ingress(with_adapters(options(settings), waiting), journal, admission, allowed, events,
                [this] { return checks; }) {
    ingress.start();
  }

  static IngressOptions options(ServerSettings settings) {
    settings.address = "127.0.0.1";
    settings.port = 0;
    return {std::move(settings), {"default", "crm"}};
  }

  [[nodiscard]] IngressOptions with_adapters(IngressOptions options, const WaitingLimits& waiting) const {
    options.waiting = waiting;
    options.can_run = [this](std::string_view action) { return action != "crm" || crm_has_adapter; };
    return options;
  }

  /// One request on a connection of its own.
  [[nodiscard]] RawAnswer answer_to(std::string_view bytes) const {
    RawClient client(ingress.port());
    client.send(bytes);
    return client.receive();
  }

  std::atomic<bool> crm_has_adapter = true;
  const StandingClock clock;
  EventLog events;
  Admission admission;
  FakeJournal journal;  ///< after the admission whose places its executions hold
  const HostAllowList allowed{genesys_api_hosts()};
  std::vector<ReadinessCheck> checks{{"journal", true, ""}};
  Ingress ingress;
};

inline ServerSettings with_request_timeout(std::chrono::milliseconds limit) {
  ServerSettings settings;
  settings.request_timeout = limit;
  return settings;
}

}  // namespace fulfilld
