// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <memory>
#include <utility>

#include "tests/runtime/egress/engine_under_test.hpp"
#include "tests/runtime/egress/raw_server.hpp"
#include "tests/runtime/egress/test_exchange.hpp"

namespace fulfilld::testing {

/// What every HttpEngine must do. Each test also checks that no descriptor is left behind.
class HttpEngineTest : public ::testing::TestWithParam<EngineKind> {
 protected:
  /// Makes the engine anew; without it, the first `run` makes one without options.
  void make_engine(const EngineOptions& options) { engine_ = GetParam().make(options); }

  EngineUnderTest& engine() {
    if (!engine_) make_engine({});
    return *engine_;
  }

  void start(const TestExchangePtr& exchange) { engine().engine().start(exchange); }

  /// Makes one attempt; the answer is valid as long as `exchange` lives.
  const HttpAnswer& run(const TestExchangePtr& exchange) {
    start(exchange);
    EXPECT_TRUE(exchange->wait());
    EXPECT_EQ(exchange->times_finished(), 1);
    return exchange->answer;
  }

  void TearDown() override {
    engine_.reset();
    EXPECT_EQ(open_descriptors(), descriptors_before_);
  }

 private:
  static std::ptrdiff_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  }

  std::ptrdiff_t descriptors_before_ = open_descriptors();
  std::unique_ptr<EngineUnderTest> engine_;
};

}  // namespace fulfilld::testing
