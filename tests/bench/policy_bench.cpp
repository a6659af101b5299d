// SPDX-License-Identifier: Apache-2.0
// What the decisions cost that are made for every execution.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "actors/admission.hpp"
#include "actors/policy/callback_body.hpp"
#include "actors/policy/retry_after.hpp"
#include "actors/policy/retry_plan.hpp"
#include "actors/policy/target_gate.hpp"
#include "actors/policy/token_bucket.hpp"
#include "runtime/url/host_allow_list.hpp"
#include "runtime/url/parse_url.hpp"

namespace {

using namespace fulfilld;
using namespace std::chrono_literals;

/// The time as the service reads it.
class SteadyClock final : public Clock {
 public:
  [[nodiscard]] MonotonicTime now() const override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] WallTime wall_now() const override { return {}; }
  AlarmId schedule(MonotonicTime /*when*/, Alarm /*alarm*/) override { return 1; }
  void cancel(AlarmId /*id*/) override {}
};

// try_enter, decided and the place's end; so many others wait.
void an_execution_is_admitted_and_leaves(benchmark::State& state) {
  static const SteadyClock clock;
  static Admission admission({.executions = 100000}, {{"default", 1min}}, clock);
  static std::vector<Admission::Place> waiting;
  if (state.thread_index() == 0) {
    waiting.clear();
    for (auto i = state.range(0); i > 0; --i) waiting.push_back(admission.enter("default", 1000));
  }
  for (auto _ : state) {
    Admission::Place place;
    benchmark::DoNotOptimize(admission.try_enter("default", 1000, place));
    place.decided(Reason::none);
  }
}
BENCHMARK(an_execution_is_admitted_and_leaves)->Arg(0)->Arg(10000);
BENCHMARK(an_execution_is_admitted_and_leaves)->Arg(10000)->Threads(4);

void an_execution_is_refused(benchmark::State& state) {
  const SteadyClock clock;
  Admission admission({.executions = 1}, {{"default", 1min}}, clock);
  const auto only = admission.enter("default", 1000);
  Admission::Place place;
  for (auto _ : state) benchmark::DoNotOptimize(admission.try_enter("default", 1000, place));
}
BENCHMARK(an_execution_is_refused);

void complete_body_of(benchmark::State& state) {
  const std::string response(static_cast<std::size_t>(state.range(0)), '1');
  for (auto _ : state) benchmark::DoNotOptimize(complete_body(response, WallTime{1795000000000ms}));
}
BENCHMARK(complete_body_of)->Arg(200)->Arg(10240);

void fulfillment_url_is_parsed_and_allowed(benchmark::State& state) {
  const HostAllowList allowed(genesys_api_hosts());
  for (auto _ : state) {
    const auto parsed = parse_url("https://api.mypurecloud.com/api/v2/dataactions/fulfillments/4711");
    benchmark::DoNotOptimize(allowed.refusal(*parsed.url));
  }
}
BENCHMARK(fulfillment_url_is_parsed_and_allowed);

void token_bucket_grants(benchmark::State& state) {
  MonotonicTime now{};
  TokenBucket bucket({.count = 1000, .period = 1s, .burst = 10}, now);
  for (auto _ : state) {
    now += 1ms;
    benchmark::DoNotOptimize(bucket.try_take(now));
  }
}
BENCHMARK(token_bucket_grants);

void a_call_passes_the_gate_of_its_target_and_comes_back(benchmark::State& state) {
  auto now = MonotonicTime{} + 1h;
  TargetGate gate({}, now);
  HttpAnswer answer;
  answer.status = 200;
  answer.elapsed = 50ms;
  for (auto _ : state) {
    now += 100us;
    benchmark::DoNotOptimize(gate.ask(false, now));
    gate.leave(gate.enter(false, now), answer, now, WallTime{});
  }
}
BENCHMARK(a_call_passes_the_gate_of_its_target_and_comes_back);

void retry_after_as_a_date(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(parse_retry_after("Mon, 23 Nov 2026 22:00:00 GMT", WallTime{}));
}
BENCHMARK(retry_after_as_a_date);

void a_success_is_classified(benchmark::State& state) {
  HttpAnswer answer;
  answer.status = 200;
  for (auto _ : state) benchmark::DoNotOptimize(may_retry(answer, OperationClass::idempotent));
}
BENCHMARK(a_success_is_classified);

}  // namespace

BENCHMARK_MAIN();
