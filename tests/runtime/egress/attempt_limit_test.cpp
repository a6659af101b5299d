// SPDX-License-Identifier: Apache-2.0
// Whatever goes wrong, an attempt ends at its limit and leaves nothing behind. Long with FULFILLD_CHAOS=long.
#include <gtest/gtest.h>

#include <iomanip>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "runtime/egress/asio_http_engine.hpp"
#include "tests/chaos/chaos_run.hpp"
#include "tests/runtime/egress/attempt_series.hpp"
#include "tests/runtime/egress/faults.hpp"
#include "tests/runtime/egress/resources.hpp"
#include "tests/runtime/egress/stall_watch.hpp"

namespace fulfilld::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto attempt_limit = 300ms;
constexpr auto grace = 50ms;
/// One that lets a bare thread wait so long has no say in `grace`.
constexpr auto a_machine_that_is_late = 20ms;
/// What a busy machine may take on top, in the middle and at the most, before the test says that the limit does not
/// hold.
constexpr auto long_for_most = 100ms;
constexpr auto long_for_any_machine = 1s;

const std::set<HttpFailure> ends_of_a_limit{HttpFailure::resolve, HttpFailure::connect, HttpFailure::tls,
                                            HttpFailure::timeout};

class AttemptLimit : public ::testing::TestWithParam<Fault> {
 protected:
  /// Runs so many attempts, and waits until both sides have closed what they opened.
  void run(std::size_t count) {
    series_ = std::make_unique<AttemptSeries>(
        engine_,
        [this](std::size_t number, HttpRequest& request) {
          request.time_limit = attempt_limit;
          target_.prepare(number + attempts_before_, request);
        },
        count, GetParam().at_a_time);
    ASSERT_TRUE(series_->wait());
    ASSERT_TRUE(target_.wait_until_all_are_gone());
    attempts_before_ += count;
  }

  /// Waits for the engine to notice what the peer has closed last.
  [[nodiscard]] static Resources resources_when_there_are(std::ptrdiff_t descriptors) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    Resources now;
    while (now.descriptors > descriptors && std::chrono::steady_clock::now() < end) {
      std::this_thread::yield();
      now = Resources{};
    }
    return now;
  }

  FaultyTarget target_{GetParam()};
  IoLoop loop_;
  AsioHttpEngine engine_{loop_, target_.settings()};
  std::unique_ptr<AttemptSeries> series_;
  std::size_t attempts_before_ = 0;
};

TEST_P(AttemptLimit, HoldsAndLeavesNothingBehind) {
  const Resources at_start;
  run(GetParam().at_a_time);  // so that whatever is made once is made
  const Resources before = resources_when_there_are(at_start.descriptors);
  std::optional<StallWatch> stalls(std::in_place);
  run(static_cast<std::size_t>(chaos::times(200, 10'000)));
  const auto stall = stalls->longest();
  stalls.reset();
  const Resources after = resources_when_there_are(at_start.descriptors);

  const auto& durations = series_->durations();
  const auto over = [&](double share) { return in_ms(std::max(share_below(durations, share) - attempt_limit, {})); };
  const auto late = durations.end() - std::upper_bound(durations.begin(), durations.end(), attempt_limit + grace);
  std::cout << std::fixed << std::setprecision(1) << "attempt limit, " << GetParam().name << ": " << durations.size()
            << " attempts, " << GetParam().at_a_time << " at a time, ms over " << attempt_limit.count() << ": p50 "
            << over(0.5) << ", p99 " << over(0.99) << ", max " << over(1) << ", " << late << " over by more than "
            << grace.count() << " (a bare thread was late by " << in_ms(stall) << "); " << describe(series_->ends())
            << "; grown by " << after.descriptors - before.descriptors << " descriptors, "
            << after.threads - before.threads << " threads, " << after.resident_mib - before.resident_mib << " MiB"
            << std::endl;

  // What a busy machine does not get done in time ends at the limit as well.
  const auto at_limit = durations.end() - std::lower_bound(durations.begin(), durations.end(), attempt_limit);
  std::ptrdiff_t others = 0;
  for (const auto& [end, count] : series_->ends()) {
    if (GetParam().ends.contains(end)) continue;
    EXPECT_TRUE(ends_of_a_limit.contains(end)) << describe({{end, count}});
    others += static_cast<std::ptrdiff_t>(count);
  }
  EXPECT_LE(others, GetParam().takes_all_time ? 0 : at_limit);
  if (GetParam().takes_all_time) {
    EXPECT_GE(durations.front(), attempt_limit);
  }
  EXPECT_LT(share_below(durations, 0.5), attempt_limit + long_for_most);
  EXPECT_LT(durations.back(), attempt_limit + long_for_any_machine);
  if (chaos::times(0, 1) == 1 && stall < a_machine_that_is_late) {
    EXPECT_LE(late, static_cast<std::ptrdiff_t>(durations.size() / 1000));
  }
  EXPECT_EQ(after.descriptors, at_start.descriptors);
  // Those that look up names come and go, within their bound.
  const auto look_ups = GetParam().with_names() ? static_cast<std::ptrdiff_t>(LookUpLimits{}.threads) : 0;
  EXPECT_LE(after.threads, before.threads + look_ups);
  EXPECT_LE(after.threads, at_start.threads + static_cast<std::ptrdiff_t>(LookUpLimits{}.threads));
  if (memory_can_be_measured) {
    EXPECT_LT(after.resident_mib, before.resident_mib + 4);
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, AttemptLimit, ::testing::ValuesIn(all_faults()),
                         [](const auto& fault) { return fault.param.name; });

}  // namespace
}  // namespace fulfilld::testing
