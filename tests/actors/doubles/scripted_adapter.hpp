// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "actors/ports/adapter.hpp"

namespace fulfilld::test {

/// An adapter whose runs do what the test says. One thread.
class ScriptedAdapter final : public Adapter {
 public:
  std::function<void(AdapterHost&)> on_start = [](AdapterHost&) {};
  std::function<void(AdapterHost&, OperationId, const HttpAnswer&)> on_http = [](auto&, auto, auto&) {};
  /// After a sleep, or work that may block.
  std::function<void(AdapterHost&, OperationId)> on_done = [](auto&, auto) {};

  std::unique_ptr<AdapterRun> make_run(AdapterHost& host, ExecutionPtr execution, MonotonicTime deadline) override;

  /// Runs that exist now.
  [[nodiscard]] int alive() const noexcept { return alive_; }
  /// The deadlines of all runs made, in order.
  [[nodiscard]] const std::vector<MonotonicTime>& deadlines() const noexcept { return deadlines_; }

 private:
  class Run;

  int alive_ = 0;
  std::vector<MonotonicTime> deadlines_;
};

}  // namespace fulfilld::test
