// SPDX-License-Identifier: Apache-2.0
// Answers of 64 MiB where one is allowed: memory stays flat.
#include <gtest/gtest.h>

#include <array>
#include <iomanip>
#include <iostream>
#include <string>

#include "runtime/egress/asio_http_engine.hpp"
#include "tests/chaos/chaos_run.hpp"
#include "tests/runtime/egress/attempt_series.hpp"
#include "tests/runtime/egress/echo_server.hpp"
#include "tests/runtime/egress/fault_server.hpp"
#include "tests/runtime/egress/resources.hpp"
#include "tests/runtime/egress/test_exchange.hpp"

namespace fulfilld::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t one_mib = 1 << 20;
constexpr std::uint64_t huge = 64 * one_mib;
constexpr std::size_t at_a_time = 20;
constexpr std::size_t one_huge_in = 50;

/// 64 MiB: announced, in chunks, or until the connection ends.
Conduct huge_answer(std::uint64_t connection) {
  static const std::string piece(65536, 'x');
  const std::array<Conduct, 3> ways{{
      {.answer = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(huge) + "\r\n\r\n",
       .endless = piece,
       .endless_size = huge},
      {.answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
       .endless = "10000\r\n" + piece + "\r\n",
       .endless_size = huge},
      {.answer = "HTTP/1.1 200 OK\r\n\r\n", .endless = piece, .endless_size = huge, .closes = true},
  }};
  return ways[connection % ways.size()];
}

TEST(LargeAnswers, TakeNoMemoryBeyondTheLimitThoughTwoInAHundredAreHuge) {
  const EchoServer good;
  const FaultServer bad(huge_answer);
  IoLoop loop;
  AsioHttpEngine engine(loop);
  const auto run = [&](std::size_t count) {
    AttemptSeries series(
        engine,
        [&](std::size_t number, HttpRequest& request) {
          request.url = number % one_huge_in == 0 ? bad.url() : good.url();
          request.answer_limit = one_mib;
          request.time_limit = 20s;
        },
        count, at_a_time);
    EXPECT_TRUE(series.wait());
    EXPECT_EQ(describe(series.ends()), "none " + std::to_string(count - count / one_huge_in) + ", too_large " +
                                           std::to_string(count / one_huge_in));
  };
  run(500);  // so that whatever is made once is made
  const Resources before;
  Resources::forget_peak();
  const auto count = static_cast<std::size_t>(chaos::times(5000, 100'000));
  run(count);
  EXPECT_TRUE(bad.wait_until_all_are_gone()) << "a connection with the rest of an answer on it is closed";
  EXPECT_EQ(bad.connections(), bad.requests()) << "and never used again";

  const double peak = Resources::peak_mib() - before.resident_mib;
  const double kept = Resources{}.resident_mib - before.resident_mib;
  std::cout << std::fixed << std::setprecision(1) << "large answers: " << count << " calls, " << at_a_time
            << " at a time, " << count / one_huge_in << " of them with 64 MiB where 1 is allowed: " << peak
            << " MiB more at the peak, " << kept << " MiB more at the end" << std::endl;
  if (memory_can_be_measured) {
    // Each has its mebibyte, and half of one while that grows; a single answer in full would be more than all.
    EXPECT_LT(peak, 1.5 * at_a_time + 10);
    EXPECT_LT(kept, 8);
  }
}

TEST(LargeAnswers, AreThereInFullWhereTheyAreAllowed) {
  const FaultServer bad(huge_answer);
  IoLoop loop;
  AsioHttpEngine engine(loop);
  const Resources before;
  Resources::forget_peak();
  const auto exchange = make_exchange(bad.url());
  exchange->request.answer_limit = huge;
  engine.start(exchange);
  ASSERT_TRUE(exchange->wait());
  EXPECT_EQ(exchange->answer.failure, HttpFailure::none) << exchange->answer.detail;
  EXPECT_EQ(exchange->answer.body.size(), huge);
  if (memory_can_be_measured) {
    EXPECT_GT(Resources::peak_mib() - before.resident_mib, 60) << "the peak is what it says";
  }
}

}  // namespace
}  // namespace fulfilld::testing
