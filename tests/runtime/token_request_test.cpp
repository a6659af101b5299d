// SPDX-License-Identifier: Apache-2.0
#include "runtime/token_request.hpp"

#include <Poco/Base64Decoder.h>
#include <gtest/gtest.h>

#include <iterator>
#include <sstream>

namespace fulfilld {
namespace {

using SendAs = CredentialSettings::SendAs;

CredentialSettings credential(std::string id, std::string secret, SendAs send_as = SendAs::basic) {
  CredentialSettings settings;
  settings.client_id = std::move(id);
  settings.client_secret = Secret(std::move(secret));
  settings.send_as = send_as;
  return settings;
}

std::string sent_in_basic(const CredentialSettings& settings) {
  const auto authorization = token_request(settings).authorization;
  EXPECT_EQ(authorization.substr(0, 6), "Basic ");
  std::istringstream in(authorization.substr(6));
  Poco::Base64Decoder decoder(in);
  return {std::istreambuf_iterator<char>(decoder), {}};
}

// RFC 6749, 2.3.1: "encoded using the application/x-www-form-urlencoded encoding algorithm".
TEST(TokenRequest, FormEncodesIdAndSecretBeforeTheyGoIntoHttpBasic) {
  EXPECT_EQ(sent_in_basic(credential("cid", "a+b%c")), "cid:a%2Bb%25c");
  EXPECT_EQ(token_request(credential("cid", "a+b%c")).authorization, "Basic Y2lkOmElMkJiJTI1Yw==");
  EXPECT_EQ(sent_in_basic(credential("urn:app:7", "x:y/z=&")), "urn%3Aapp%3A7:x%3Ay%2Fz%3D%26");
  EXPECT_EQ(sent_in_basic(credential("Zo\xc3\xab", "two words")), "Zo%C3%AB:two%20words");
}

TEST(TokenRequest, WhatNeedsNoEncodingIsSentAsItIs) {
  const std::string plain = "aZ09-._~*";
  EXPECT_EQ(sent_in_basic(credential(plain, plain)), plain + ":" + plain);
}

TEST(TokenRequest, RawHttpBasicIsForServersThatDoNotDecode) {
  EXPECT_EQ(sent_in_basic(credential("c+id", "a+b%c:d", SendAs::basic_raw)), "c+id:a+b%c:d");
}

TEST(TokenRequest, FormFieldsAreEncodedAndThenThereIsNoAuthorization) {
  auto settings = credential("c:id", "a+b%c&d", SendAs::form);
  settings.scope = "read write";
  const auto request = token_request(settings);
  EXPECT_EQ(request.authorization, "");
  EXPECT_EQ(*request.body,
            "grant_type=client_credentials&scope=read%20write&client_id=c%3Aid&client_secret=a%2Bb%25c%26d");
}

}  // namespace
}  // namespace fulfilld
