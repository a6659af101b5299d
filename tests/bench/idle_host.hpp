// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "actors/ports/adapter.hpp"

namespace fulfilld {

/// A host that takes everything and keeps nothing: what is left is the cost of the adapter's side.
class IdleHost final : public AdapterHost {
 public:
  OperationId http(AdapterCall call) override {
    benchmark::DoNotOptimize(call);
    return ++operation_;
  }
  OperationId sleep(std::chrono::milliseconds) override { return ++operation_; }
  OperationId blocking(std::unique_ptr<BlockingWork>, OperationClass) override { return ++operation_; }
  void progress(std::string_view) override {}
  void log(LogLevel, std::string_view) override {}
  void complete(std::string json) override { benchmark::DoNotOptimize(json); }
  void fail(Reason, std::string, std::string) override {}

  [[nodiscard]] OperationId latest() const noexcept { return operation_; }

 private:
  OperationId operation_ = 0;
};

}  // namespace fulfilld
