// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/setting_name.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fulfilld {
namespace {

using testing::ElementsAre;

TEST(SettingName, IsItsKeysJoinedByDots) {
  EXPECT_EQ(join_setting("", "url"), "url");
  EXPECT_EQ(join_setting("steps.0", "url"), "steps.0.url");
  EXPECT_THAT(keys_of_setting("steps.0.url"), ElementsAre("steps", "0", "url"));
  EXPECT_EQ(toml_key_of_setting("actions.a.settings", "headers.X Y"), "actions.a.settings.headers.\"X Y\"");
}

TEST(SettingName, TellsADotInAKeyFromOneBetweenKeys) {
  EXPECT_EQ(join_setting("headers", "X.Y"), R"(headers.X\.Y)");
  EXPECT_THAT(keys_of_setting(R"(headers.X\.Y)"), ElementsAre("headers", "X.Y"));
  EXPECT_EQ(plain_setting(R"(headers.X\.Y)"), "headers.X.Y");
  EXPECT_EQ(toml_key_of_setting("", R"(headers.X\.Y)"), "headers.\"X.Y\"");
  // A backslash at the end of a key, and one before a dot.
  EXPECT_NE(join_setting(join_setting("", "a\\"), "b"), join_setting("", "a.b"));
  EXPECT_THAT(keys_of_setting(join_setting(join_setting("", "a\\"), ".b")), ElementsAre("a\\", ".b"));
}

}  // namespace
}  // namespace fulfilld
