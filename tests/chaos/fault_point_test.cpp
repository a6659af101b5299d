// SPDX-License-Identifier: Apache-2.0
// The process dies at one named point of an execution's life, again and again.
#include <csignal>

#include "tests/chaos/chaos_test.hpp"

namespace fulfilld::chaos {
namespace {

class FaultPoint : public ChaosTest, public testing::WithParamInterface<const char*> {
 protected:
  /// The program that was built with fault points; it dies at that hit of this test's point.
  [[nodiscard]] integration::Command command_with_fault(int hit) const {
    auto command = this->command();
    command.program = FULFILLD_WITH_FAULT_POINTS;
    command.environment["FULFILLD_FAULT"] = GetParam() + (":" + std::to_string(hit));
    return command;
  }

  /// Runs until the fault point is reached; it may be before the service listens, when an earlier life's work goes on.
  void run_into_the_fault(Load& load) {
    integration::Lines output;
    integration::Process process(
        command_with_fault(1 + below(chance, 40)),
        [&](std::string line) {
          const auto json = Json::parse(line, nullptr, false);
          if (json.is_object() && json.value("event", "") == "listening") load.aim(json.at("port"));
          output.add(std::move(line));
        },
        [] {});
    const auto exit = process.wait();
    ASSERT_TRUE(exit) << "the point is never reached:\n" << output.text();
    ASSERT_EQ(exit->signal, SIGKILL) << output.text();
  }
};

TEST_P(FaultPoint, LosesNothing) {
  make_trouble();
  const int kills = times(20, 200);
  Figures figures(std::string("fault point ") + GetParam());
  Load load("point-", fulfillments(), actions);
  for (int kill = 0; kill < kills; ++kill) {
    run_into_the_fault(load);
    if (HasFatalFailure()) return;
  }
  finish(load);

  figures.add(static_cast<std::uint64_t>(kills), "kills");
  expect_nothing_lost(load, figures);
}

INSTANTIATE_TEST_SUITE_P(Points, FaultPoint,
                         testing::Values("accept.before_write", "accept.after_write", "sending.before_write",
                                         "sending.after_write", "backend.before_call", "backend.after_call",
                                         "outcome.before_write", "outcome.after_write", "callback.before_call",
                                         "callback.after_call", "ending.before_write", "ending.after_write"),
                         [](const auto& point) {
                           std::string name = point.param;
                           name[name.find('.')] = '_';
                           return name;
                         });

}  // namespace
}  // namespace fulfilld::chaos
