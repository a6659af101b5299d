// SPDX-License-Identifier: Apache-2.0
// Service actors die under load, of an exception that a fault point throws.
#include "runtime/exit_status.hpp"
#include "tests/chaos/chaos_test.hpp"

namespace fulfilld::chaos {
namespace {

class ServiceActors : public ChaosTest {
 protected:
  [[nodiscard]] integration::Command command_that_throws_at_every(int hit) const {
    auto command = this->command();
    command.program = FULFILLD_WITH_FAULT_POINTS;
    command.environment["FULFILLD_FAULT"] = "callback.before_call:" + std::to_string(hit) + ":throw";
    return command;
  }
};

TEST_F(ServiceActors, AreReplacedAndNothingIsLost) {
  make_trouble();
  set("supervision.default", "restarts", "1000");
  const auto wanted = static_cast<std::size_t>(times(5000, 100000));
  Figures figures("dying service actors");
  Load load("actor-", fulfillments(), actions);
  // Seldom enough that what is delivered anew after a death does not meet the next one.
  Service service(command_that_throws_at_every(1000));
  load.aim(service.port());
  EXPECT_TRUE(load.wait_for_accepted(wanted, std::chrono::minutes(5)));
  load.stop();
  EXPECT_TRUE(service.said("callback_lane died"));
  EXPECT_TRUE(service.said("the service actors have been replaced"));
  let_it_finish(service);
  expect_nothing_lost(load, figures);
}

TEST_F(ServiceActors, ThatDieTooOftenEndTheProcessWithAStatusOfItsOwn) {
  Figures figures("actors that die too often");
  Load load("often-", fulfillments(), actions);
  {
    Service service(command_that_throws_at_every(1));
    load.aim(service.port());
    const auto exit = service.process().wait();
    ASSERT_TRUE(exit);
    EXPECT_EQ(exit->status, exit_status::gave_up);
    EXPECT_EQ(exit->signal, 0);
    EXPECT_TRUE(service.said("giving up"));
  }
  auto service = start();
  load.aim(service.port());
  EXPECT_TRUE(load.wait_for_accepted(1));
  load.stop();
  let_it_finish(service);
  expect_nothing_lost(load, figures);
}

}  // namespace
}  // namespace fulfilld::chaos
