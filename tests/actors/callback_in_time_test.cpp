// SPDX-License-Identifier: Apache-2.0
// Results on their way to a platform that refuses some of them, through the real lane, limiter and pool, in virtual
// time.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "actors/call.hpp"
#include "actors/callback_lane.hpp"
#include "actors/http_pool.hpp"
#include "actors/rate_limiter.hpp"
#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/answers.hpp"
#include "tests/actors/doubles/sample_execution.hpp"

namespace fulfilld::test {
namespace {

using namespace std::chrono_literals;

/// Answers after 50 ms: 503 to 20 %, 429 with a Retry-After of 2 s to 10 %, else 200.
class ErrantPlatform final : public HttpEngine {
 public:
  ErrantPlatform(Clock& clock, unsigned seed) : clock_(clock), random_(seed) {}

  void start(std::shared_ptr<HttpExchange> exchange) override {
    clock_.schedule(clock_.now() + 50ms, [this, exchange = std::move(exchange)] {
      const auto drawn = random_() % 10;
      exchange->answer = drawn < 2 ? status(503) : drawn < 3 ? status(429, {}, "2") : status(200);
      exchange->answer.elapsed = 50ms;
      if (drawn >= 3) taken_[static_cast<Call&>(*exchange).tag] = clock_.now();
      exchange->finished(exchange);
    });
  }

  [[nodiscard]] const std::map<std::uint64_t, MonotonicTime>& taken() const noexcept { return taken_; }

 private:
  Clock& clock_;
  std::mt19937 random_;
  std::map<std::uint64_t, MonotonicTime> taken_;
};

class CallbackInTime : public ActorTest, public testing::WithParamInterface<unsigned> {
 protected:
  CallbackInTime() {
    const auto pool = keep(system_.spawn(http_pool, HttpPoolConfig{.engine = &platform_, .clock = &clock_}));
    RateLimiterConfig limiter;
    limiter.clock = &clock_;
    limiter.observer = &observer_;
    auto& policy = limiter.lanes[CallbackLaneConfig::lane].policy;
    policy.max_waiting = 20000;
    policy.breaker.enabled = false;
    policy.retry_budget.per_second = 1000000;

    CallbackLaneConfig lane;
    lane.clock = &clock_;
    lane.journal = &journal_;
    lane.observer = &observer_;
    lane.recorder = &recorder_;
    lane.authorization = CallbackAuthorization::fulfillment_token;
    lane.retry = {.attempts = 1000000, .attempt_timeout = 8s, .backoff = 2s, .backoff_max = 30s};
    lane.deadlines["default"] = 60s;
    lane.deliveries = std::make_shared<DeliveryBook>();
    lane_ = keep(system_.spawn(callback_lane, lane, keep(system_.spawn(rate_limiter, limiter, pool))));
  }

  ErrantPlatform platform_{clock_, GetParam()};
  callback_lane_actor lane_;
};

TEST_P(CallbackInTime, EachOf500ResultsArrivesWithin15Seconds) {
  constexpr std::uint64_t results = 500;
  std::map<std::uint64_t, MonotonicTime> decided;
  for (std::uint64_t sequence = 1; sequence <= results; ++sequence) {
    decided[sequence] = clock_.now();
    auto execution = make_execution(sequence);
    execution->accepted = clock_.now();
    const auto outcome = std::make_shared<const Outcome>(Outcome{Reason::none, "{}"});
    send(lane_, run_atom_v, DecidedBatch{{{std::move(execution), outcome}}});
    advance(5ms);
  }
  advance(30s);
  ASSERT_EQ(platform_.taken().size(), results);
  std::chrono::nanoseconds slowest{0};
  for (const auto& [sequence, when] : platform_.taken()) slowest = std::max(slowest, when - decided[sequence]);
  EXPECT_LE(slowest, 15s);
}

INSTANTIATE_TEST_SUITE_P(Seeds, CallbackInTime, testing::Range(1u, 11u));

}  // namespace
}  // namespace fulfilld::test
