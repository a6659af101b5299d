// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/sent_secrets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fulfilld {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> secrets_in(const SentHead& head) {
  std::vector<std::string> secrets;
  add_secrets_in(head, secrets);
  return secrets;
}

TEST(SentSecrets, AreTheCredentialsOfAuthorization) {
  EXPECT_THAT(secrets_in({"Bearer t0ken", "", "/"}), ElementsAre("t0ken"));
  EXPECT_THAT(secrets_in({"t0ken", "", "/"}), ElementsAre("t0ken"));
  EXPECT_THAT(secrets_in({"Basic dXNlcjpwYTU1OncwcmQ=", "", "/"}), ElementsAre("dXNlcjpwYTU1OncwcmQ=", "pa55:w0rd"));
  EXPECT_THAT(secrets_in({"basic !", "", "/"}), ElementsAre("!"));
}

TEST(SentSecrets, AreTheValuesOfHeaderFieldsThatAreNamedSo) {
  EXPECT_THAT(
      secrets_in({"", "Accept: application/json\r\nX-API-Key: k\r\nCookie: a=b\r\nIdempotency-Key: 7\r\n", "/"}),
      ElementsAre("k", "a=b"));
  EXPECT_THAT(secrets_in({"", "Proxy-Authorization: Basic dTpw\r\nX-Auth-Token: t\r\n", "/"}),
              ElementsAre("dTpw", "p", "t"));
}

TEST(SentSecrets, AreTheValuesOfQueryParametersThatAreNamedSo) {
  EXPECT_THAT(secrets_in({"", "", "/key/token?id=7&access_token=a%2Bb+c&key=k"}), ElementsAre("a+b c", "k"));
  EXPECT_THAT(secrets_in({"", "", "/token"}), IsEmpty());
}

TEST(SentSecrets, AreFoundInWhatIsNoRequestWithoutHarm) {
  EXPECT_THAT(secrets_in({"", "token", "?"}), ElementsAre(""));
  EXPECT_THAT(secrets_in({"", "\r\n\r\n: \r\n", "/?&&=&"}), IsEmpty());
}

}  // namespace
}  // namespace fulfilld
