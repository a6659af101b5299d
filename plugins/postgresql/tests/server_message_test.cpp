// SPDX-License-Identifier: Apache-2.0
#include "../server_message.hpp"

#include <gtest/gtest.h>

namespace {

using postgresql::ConnectMessage;
using postgresql::shown;

TEST(ConnectMessage, HasTheSqlstateAndTheServersSentenceOnly) {
  const ConnectMessage message(
      "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  28P01: password authentication failed for "
      "user \"x\"\nDETAIL:  secret\nLOCATION:  auth_failed, auth.c:335\n");
  EXPECT_EQ(message.state(), "28P01");
  EXPECT_EQ(message.text(), "password authentication failed for user \"x\"");
}

TEST(ConnectMessage, IsThatOfTheLastAddress) {
  const ConnectMessage message(
      "a failed: FATAL:  57P03: starting up\nLOCATION:  x\nb failed: FATAL:  53300: too many\n");
  EXPECT_EQ(message.state(), "53300");
  EXPECT_EQ(message.text(), "too many");
}

TEST(ConnectMessage, OfLibpqItselfHasNoState) {
  const ConnectMessage message(
      "connection to server at \"::1\", port 1 failed: Connection refused\n\tIs the server up?\n");
  EXPECT_EQ(message.state(), "");
  EXPECT_EQ(message.text(), "connection to server at \"::1\", port 1 failed: Connection refused");
  EXPECT_EQ(ConnectMessage("").text(), "the server closed the connection");
  EXPECT_EQ(ConnectMessage(":  ").state(), "");
  EXPECT_EQ(ConnectMessage("x:  28P01").state(), "");
}

TEST(Shown, IsOneLineOfUtf8ThatIsNotLong) {
  EXPECT_EQ(shown("a\nb\x01\x7f"
                  "c \n"),
            "a b  c");
  EXPECT_EQ(shown("caf\xe9"), "caf\xef\xbf\xbd");
  EXPECT_EQ(shown(std::string(299, 'x') + "\xc3\xa9"), std::string(299, 'x') + "...");
  EXPECT_EQ(shown(std::string(5000, 'x')).size(), 303U);
}

}  // namespace
