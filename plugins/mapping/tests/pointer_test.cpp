// SPDX-License-Identifier: Apache-2.0
#include "../pointer.hpp"

#include <gtest/gtest.h>

namespace {

using fulfill::Json;
using mapping::Pointer;

const Json* find(const char* text, const Json& value) { return Pointer::parse(text).value().find(value); }

TEST(Pointer, FindsMembersAndElements) {
  const Json value = Json::parse(R"({"lines":[{"sku":"lamp"},{"sku":"bulb"}]})");
  EXPECT_EQ(*find("/lines/1/sku", value), "bulb");
  EXPECT_EQ(find("", value), &value);
}

TEST(Pointer, KnowsTheEscapesOfRfc6901) {
  const Json value = {{"a/b", 1}, {"m~n", 2}, {"", 3}, {"~1", 4}};
  EXPECT_EQ(*find("/a~1b", value), 1);
  EXPECT_EQ(*find("/m~0n", value), 2);
  EXPECT_EQ(*find("/", value), 3);
  EXPECT_EQ(*find("/~01", value), 4);
}

TEST(Pointer, FindsNothingWhereThereIsNothing) {
  const Json value = Json::parse(R"({"list":[1,2],"text":"x"})");
  for (const char* text : {"/nothing", "/list/2", "/list/-", "/list/01", "/list/-1", "/list/1x", "/list/", "/text/0",
                           "/list/99999999999999999999999"})
    EXPECT_EQ(find(text, value), nullptr) << text;
}

TEST(Pointer, IsNoOtherText) {
  for (const char* text : {"a", "a/b", "/a~", "/a~2", "#/a"}) EXPECT_FALSE(Pointer::parse(text)) << text;
}

}  // namespace
