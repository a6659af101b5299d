// SPDX-License-Identifier: Apache-2.0
#pragma once

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
  explicit IngressUnderTest(ServerSettings settings = {}, FakeJournal::Accept accept = {}, AdmissionLimits limits = {})
      : admission(limits, {}, clock),
        journal(std::move(accept)),
        ingress(options(settings), journal, admission, allowed, events, [this] { return checks; }) {
    ingress.start();
  }

  static IngressOptions options(ServerSettings settings) {
    settings.address = "127.0.0.1";
    settings.port = 0;
    return {std::move(settings), {"default", "crm"}};
  }

  /// One request on a connection of its own.
  [[nodiscard]] RawAnswer answer_to(std::string_view bytes) const {
    RawClient client(ingress.port());
    client.send(bytes);
    return client.receive();
  }

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
