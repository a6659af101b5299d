// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <fulfill/settings.hpp>

#include <string>
#include <utility>

namespace fulfill {
namespace {

Settings settings(Settings::Values values, Settings::Names secrets = {}) {
  return Settings("default", std::move(values), std::move(secrets));
}

template <typename Getter>
std::string refusal(Getter getter) {
  try {
    getter();
  } catch (const SettingError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Settings, RefuseAMissingOneByName) {
  EXPECT_EQ(refusal([] { (void)settings({}).text("url"); }), "setting \"url\" is missing");
  EXPECT_EQ(settings({}).text("url", "x"), "x");
  EXPECT_EQ(settings({{"url", "y"}}).text("url", "x"), "y");
}

TEST(Settings, RefuseNumbersThatAreNoneOrOutOfRange) {
  const auto given = settings({{"a", "12"}, {"b", "12x"}, {"c", "99"}, {"d", ""}});
  EXPECT_EQ(given.integer("a", 0, 20), 12);
  EXPECT_EQ(given.integer("none", 0, 20, 5), 5);
  EXPECT_EQ(refusal([&] { (void)given.integer("b", 0, 20); }),
            "setting \"b\" is \"12x\"; it must be a whole number from 0 to 20");
  EXPECT_NE(refusal([&] { (void)given.integer("c", 0, 20, 1); }), "accepted");
  EXPECT_NE(refusal([&] { (void)given.integer("d", 0, 20); }), "accepted");
}

TEST(Settings, RefuseWordsThatAreNotOffered) {
  const auto given = settings({{"method", "GET"}, {"on", "yes"}});
  EXPECT_EQ(refusal([&] {
              (void)given.choice("method", {"POST", "PUT"}, "POST");
            }),
            "setting \"method\" is \"GET\"; it may be one of POST, PUT");
  EXPECT_NE(refusal([&] { (void)given.flag("on", true); }), "accepted");
  EXPECT_TRUE(given.flag("off", true));
}

TEST(Settings, RefuseUrlsThatAreNotAbsolute) {
  EXPECT_NE(refusal([] { (void)settings({{"url", "/path"}}).url("url"); }), "accepted");
  EXPECT_EQ(settings({{"url", "http://h/"}}).url("url"), "http://h/");
  EXPECT_EQ(settings({}).url("base_url", ""), "");
}

TEST(Settings, RefuseWhatNobodyAskedFor) {
  auto given = settings({{"url", "x"}, {"ulr", "y"}});
  (void)given.text("url");
  EXPECT_EQ(refusal([&] { given.seal(); }), "unknown setting \"ulr\"; known: url");
}

TEST(Settings, RefuseSecretsThatNobodyAskedForAndMissingOnes) {
  auto given = settings({}, {"token"});
  EXPECT_EQ(refusal([&] { given.seal(); }), "unknown secret \"token\"; known: none");
  EXPECT_EQ(refusal([] { settings({}).require_secret("token"); }), "secret \"token\" is missing");
  auto asked = settings({}, {"token"});
  EXPECT_TRUE(asked.has_secret("token"));
  EXPECT_EQ(refusal([&] { asked.seal(); }), "accepted");
}

}  // namespace
}  // namespace fulfill
