// SPDX-License-Identifier: Apache-2.0
#include "actors/routes.hpp"

#include <gmock/gmock.h>

#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/inbox.hpp"

namespace fulfilld::test {
namespace {

using testing::ElementsAre;

using RoutesTest = ActorTest;

std::vector<std::string> names_of(const std::vector<ServiceActor>& actors) {
  std::vector<std::string> names;
  for (const auto& actor : actors) names.push_back(actor.name);
  return names;
}

TEST_F(RoutesTest, HaveNamesBeforeTheyAreMade) {
  Routes blank;
  blank.tokens.try_emplace("crm");
  blank.tokens.try_emplace("genesys");
  EXPECT_THAT(blank.names(), ElementsAre("callback_lane", "token crm", "token genesys", "rate_limiter", "http_pool"));
  EXPECT_TRUE(blank.all().empty());
}

TEST_F(RoutesTest, HaveTheSameNamesWhenTheyAreMade) {
  Inbox inbox;
  Routes routes;
  routes.pool = keep(spawn_http_pool_double(system_, inbox));
  routes.limiter = keep(spawn_rate_limiter_double(system_, inbox));
  routes.callbacks = keep(spawn_callback_lane_double(system_, inbox));
  routes.tokens["crm"] = keep(spawn_token_double(system_, inbox));
  EXPECT_EQ(names_of(routes.all()), routes.names());
  EXPECT_EQ(routes.all()[1].kind, "token");
}

}  // namespace
}  // namespace fulfilld::test
