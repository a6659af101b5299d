// SPDX-License-Identifier: Apache-2.0
// A thousand calls that hang, each in its own way, and the engine's end.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <iomanip>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/egress/asio_http_engine.hpp"
#include "tests/runtime/egress/attempt_series.hpp"
#include "tests/runtime/egress/echo_server.hpp"
#include "tests/runtime/egress/faults.hpp"
#include "tests/runtime/egress/resources.hpp"
#include "tests/runtime/egress/test_exchange.hpp"

namespace fulfilld::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t hanging = 1000;

const Fault& fault_named(const std::string& name) {
  const auto& all = all_faults();
  return *std::find_if(all.begin(), all.end(), [&](const Fault& fault) { return fault.name == name; });
}

/// A thousand attempts without a near limit: names, connections, handshakes and answers that do not come.
class HangingCalls : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    // Both ends of each connection are in this process.
    rlimit limit{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  }

  HangingCalls() {
    engine_.emplace(loop_, names_.settings());
    descriptors_before_ = Resources{}.descriptors;
    calls_.emplace(
        *engine_,
        [this](std::size_t number, HttpRequest& request) {
          const std::array<const FaultyTarget*, 4> targets{&names_, &connections_, &handshakes_, &answers_};
          targets[number % targets.size()]->prepare(number, request);
          request.time_limit = 1h;
        },
        hanging, hanging);
  }

  void expect_all_cancelled() {
    ASSERT_TRUE(calls_->wait());
    EXPECT_EQ(describe(calls_->ends()), "cancelled " + std::to_string(hanging));
    EXPECT_TRUE(answers_.wait_until_all_are_gone());
    EXPECT_TRUE(handshakes_.wait_until_all_are_gone());
    EXPECT_EQ(Resources{}.descriptors, descriptors_before_);
  }

  void print(const char* what, std::chrono::steady_clock::time_point since) const {
    const auto took = std::chrono::steady_clock::now() - since;
    std::cout << std::fixed << std::setprecision(1) << "hanging calls: " << hanging << " that hang, " << what << ": "
              << in_ms(std::chrono::duration_cast<std::chrono::microseconds>(took)) << " ms" << std::endl;
  }

  FaultyTarget names_{fault_named("NamesThatHang")};
  FaultyTarget connections_{fault_named("NeverTakesConnections")};
  FaultyTarget handshakes_{fault_named("TlsSaysNothing")};
  FaultyTarget answers_{fault_named("SaysNothing")};
  EchoServer healthy_;
  IoLoop loop_;
  std::ptrdiff_t descriptors_before_ = 0;
  std::optional<AsioHttpEngine> engine_;
  std::optional<AttemptSeries> calls_;
};

TEST_F(HangingCalls, DoNotDelayOthersAndEndWithAStop) {
  AttemptSeries others(
      *engine_, [url = healthy_.url()](std::size_t, HttpRequest& request) { request.url = url; }, 1000, 10);
  ASSERT_TRUE(others.wait());
  EXPECT_EQ(describe(others.ends()), "none 1000");
  const auto begin = std::chrono::steady_clock::now();
  engine_->stop();
  print("until stop() has ended them", begin);
  expect_all_cancelled();
}

TEST_F(HangingCalls, EndWithTheEngine) {
  const auto begin = std::chrono::steady_clock::now();
  engine_.reset();
  print("until the engine is gone", begin);
  expect_all_cancelled();
}

TEST_F(HangingCalls, EndThoughMoreAreStartedMeanwhile) {
  AttemptSeries more(
      *engine_,
      [this](std::size_t number, HttpRequest& request) {
        answers_.prepare(number, request);
        request.time_limit = 1h;
      },
      hanging, hanging);
  engine_->stop();
  AttemptSeries later(
      *engine_, [url = healthy_.url()](std::size_t, HttpRequest& request) { request.url = url; }, 10, 10);
  ASSERT_TRUE(more.wait() && later.wait());
  EXPECT_EQ(describe(more.ends()), "cancelled 1000");
  EXPECT_EQ(describe(later.ends()), "cancelled 10");
  expect_all_cancelled();
}

}  // namespace
}  // namespace fulfilld::testing
