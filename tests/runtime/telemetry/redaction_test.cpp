// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/redaction.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace fulfilld
