// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/redaction.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace fulfilld {
namespace {

TEST(Redaction, CutsOutEverySecret) {
  const Redaction redaction({"hunter2", "", "hunter2-long", "abc"});
  EXPECT_EQ(redaction.clean("hunter2 and hunter2hunter2"), "*** and ******");
  EXPECT_EQ(redaction.clean("hunter2-long"), "***");
  EXPECT_EQ(redaction.clean("abc stays: too short"), "abc stays: too short");
  EXPECT_EQ(redaction.clean(""), "");
}

TEST(Redaction, CutsOutTheTokenOfTheExecution) {
  EXPECT_EQ(Redaction({}).clean("Bearer token-of-this", "token-of-this"), "Bearer ***");
}

TEST(Redaction, EndsWhereASecretLooksLikeTheMask) { EXPECT_EQ(Redaction({"******"}).clean("*********"), "******"); }

TEST(Redaction, LearnsMoreSecretsInAllCopies) {
  const Redaction copy_of_old({"first-secret"});
  auto redaction = copy_of_old;
  redaction.add("second-secret-and-more");
  redaction.add("second-secret");
  EXPECT_EQ(copy_of_old.clean("first-secret second-secret-and-more second-secret"), "*** *** ***");
}

TEST(Redaction, KeepsTheFirstSecretsAndTheNewest) {
  Redaction redaction({"first-secret"});
  for (int n = 0; n < 1000; ++n) redaction.add("secret-number-" + std::to_string(n) + "!");
  EXPECT_EQ(redaction.clean("first-secret secret-number-999! secret-number-900!"), "*** *** ***");
  EXPECT_EQ(redaction.clean("secret-number-0!"), "secret-number-0!") << "it is forgotten, or they were without bound";
}

TEST(Redaction, LearnsWhileOthersLog) {
  Redaction redaction({"first-secret"});
  std::thread learner([redaction]() mutable {
    for (int n = 0; n < 1000; ++n) redaction.add("secret-number-" + std::to_string(n));
  });
  for (int n = 0; n < 1000; ++n) EXPECT_EQ(redaction.clean("a first-secret"), "a ***");
  learner.join();
}

}  // namespace
}  // namespace fulfilld
