// SPDX-License-Identifier: Apache-2.0
// A fault on a hundred connections is nothing to a healthy target beside it, on the same loop.
#include <gtest/gtest.h>

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <limits>

#include "runtime/egress/asio_clock.hpp"
#include "runtime/egress/asio_http_engine.hpp"
#include "tests/chaos/chaos_run.hpp"
#include "tests/runtime/egress/attempt_series.hpp"
#include "tests/runtime/egress/echo_server.hpp"
#include "tests/runtime/egress/faults.hpp"

namespace fulfilld::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t faulty_at_a_time = 100;
/// Far below the faulty attempts' limit, far above what a busy machine adds to a healthy one.
constexpr auto not_held_up = 250ms;
constexpr auto faulty_limit = 10s;
/// So that what fails at once is on as well, five thousand times a second, and not a measure of a loop at its limit.
constexpr auto pause_after_a_failure = 20ms;

class Bulkhead : public ::testing::TestWithParam<Fault> {
 protected:
  struct Latency {
    std::chrono::microseconds p50;
    std::chrono::microseconds p99;
  };

  /// Calls the healthy target, one call after the other.
  Latency call_healthy() {
    AttemptSeries calls(
        engine_, [url = healthy_.url()](std::size_t, HttpRequest& request) { request.url = url; },
        static_cast<std::size_t>(chaos::times(2000, 50'000)), 1);
    EXPECT_TRUE(calls.wait());
    EXPECT_EQ(describe(calls.ends()), "none " + std::to_string(calls.durations().size()));
    return {share_below(calls.durations(), 0.5), share_below(calls.durations(), 0.99)};
  }

  FaultyTarget target_{GetParam()};
  EchoServer healthy_;
  IoLoop loop_;
  AsioClock clock_{loop_};
  AsioHttpEngine engine_{loop_, target_.settings()};
};

TEST_P(Bulkhead, KeepsAHealthyTargetAsItWas) {
  const Latency before = call_healthy();
  AttemptSeries faulty(
      engine_,
      [this](std::size_t number, HttpRequest& request) {
        request.time_limit = faulty_limit;
        target_.prepare(number, request);
      },
      std::numeric_limits<std::size_t>::max(), faulty_at_a_time, Pause{&clock_, pause_after_a_failure});
  const Latency beside = call_healthy();
  faulty.stop();
  engine_.stop();
  ASSERT_TRUE(faulty.wait());

  std::cout << std::fixed << std::setprecision(2) << "bulkhead, beside " << faulty_at_a_time << " of "
            << GetParam().name << ": ms p50 " << in_ms(before.p50) << " alone, " << in_ms(beside.p50) << " beside; p99 "
            << in_ms(before.p99) << " alone, " << in_ms(beside.p99) << " beside; " << faulty.durations().size()
            << " faulty attempts" << std::endl;
  EXPECT_LT(beside.p99, not_held_up);
}

INSTANTIATE_TEST_SUITE_P(Faults, Bulkhead, ::testing::ValuesIn(all_faults()),
                         [](const auto& fault) { return fault.param.name; });

}  // namespace
}  // namespace fulfilld::testing
