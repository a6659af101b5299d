// SPDX-License-Identifier: Apache-2.0
#include "actors/redaction.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>

namespace fulfilld {
namespace {

TEST(Redaction, KnowsNothingUnlessItIsTold) {
  EXPECT_EQ(Redaction().clean("a secret"), "a secret");
  EXPECT_EQ(Redaction({"first-secret"}).clean("a first-secret"), "a ***");
  EXPECT_EQ(Redaction({"first-secret"}).clean("first-secret, of-this-one", {"of-this-one"}), "***, ***");
}

TEST(Redaction, LearnsMoreSecretsInAllCopies) {
  const Redaction original({"first-secret"});
  const auto copy = original;
  copy.learn("a", "second-secret-and-more");
  copy.learn("b", "second-secret");
  EXPECT_EQ(original.clean("first-secret second-secret-and-more second-secret"), "*** *** ***");
}

TEST(Redaction, KeepsOfEachOwnerTheNewest) {
  const auto token = [](int n) { return std::to_string(n) + "-is-the-number-of-a-token"; };
  const Redaction redaction({"first-secret"});
  redaction.learn("slow", "of-another-owner");
  for (int n = 0; n < 1000; ++n) redaction.learn("fast", token(n));
  EXPECT_EQ(redaction.clean("first-secret of-another-owner " + token(999) + " " + token(992)), "*** *** *** ***");
  EXPECT_EQ(redaction.clean(token(100)), token(100)) << "it is forgotten, or they were without bound";
}

TEST(Redaction, LearnsWhileOthersAsk) {
  const Redaction redaction({"first-secret"});
  std::thread learner([redaction] {
    for (int n = 0; n < 1000; ++n) redaction.learn("a", "token-number-" + std::to_string(n));
  });
  for (int n = 0; n < 1000; ++n) EXPECT_EQ(redaction.clean("a first-secret"), "a ***");
  learner.join();
}

TEST(Redaction, LeavesJsonJson) {
  const Redaction redaction({"p\"q\\r/s-secret", "1234567890", "nfirst-secret"});
  const auto cleaned = [&](const std::string& json) {
    auto text = redaction.clean_json(json);
    EXPECT_TRUE(nlohmann::json::accept(text)) << text;
    return text;
  };
  EXPECT_EQ(cleaned(R"({"a": [1, "x"], "b":null})"), R"({"a": [1, "x"], "b":null})");
  EXPECT_EQ(cleaned(R"({"a":"is p\"q\\r\/s-secret."})"), R"({"a":"is ***."})");
  EXPECT_EQ(cleaned(R"(["p\u0022q\\r/s-secret",1234567890 , 12345678901, true])"), R"(["***","***" , "***", true])");
  EXPECT_EQ(cleaned(R"({"\nfirst-secret":1})"), R"({"***":1})") << "half an escape sequence would be left";
  EXPECT_EQ(cleaned(R"("1234567890")"), R"("***")");
}

}  // namespace
}  // namespace fulfilld
