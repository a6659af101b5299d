// SPDX-License-Identifier: Apache-2.0
#include "runtime/known_secrets.hpp"

#include <gtest/gtest.h>

#include <string>

#include "actors/policy/base64.hpp"

namespace fulfilld {
namespace {

TEST(KnownSecrets, AreThoseOfCredentialsAndActions) {
  Config config;
  config.credentials["genesys"].client_secret = Secret("client-secret");
  config.credentials["fixed"].kind = CredentialSettings::Kind::bearer;
  config.credentials["fixed"].token = Secret("bearer-token");
  config.actions["default"].secrets["token"] = Secret("external-token");
  const auto redaction = redaction_for(config);
  EXPECT_EQ(redaction.clean("client-secret bearer-token external-token"), "*** *** ***");
}

TEST(KnownSecrets, HoldWhatTheTokenEndpointGetsOfAShortOne) {
  Config config;
  config.credentials["genesys"].client_id = "cid";
  config.credentials["genesys"].client_secret = Secret("hush");
  EXPECT_EQ(redaction_for(config).clean("sent Basic " + base64("cid:hush") + ", hush"), "sent Basic ***, ***");
}

TEST(KnownSecrets, HoldASecretThatWasRotatedAndTheOneBefore) {
  std::string now = "first-client-secret";
  Config config;
  const auto source = [&now] { return FetchedSecret{Secret(now), {}}; };
  config.credentials["genesys"].client_secret = RotatingSecret(Secret(now), source, /*in_file=*/true);
  const auto redaction = redaction_for(config);
  now = "second-client-secret";
  EXPECT_EQ(redaction.clean(now), now);
  EXPECT_EQ(config.credentials["genesys"].client_secret.read_anew(), "");
  EXPECT_EQ(redaction.clean("first-client-secret, second-client-secret"), "***, ***");
}

}  // namespace
}  // namespace fulfilld
