// SPDX-License-Identifier: Apache-2.0
#include "../pointer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using fulfill::Document;
using mapping::Pointer;

const Document* find(const char* text, const Document& value) { return Pointer::parse(text).value().find(value); }
std::string at(const char* text, const Document& value) { return find(text, value)->dump(); }

TEST(Pointer, FindsMembersAndElements) {
  const Document value = Document::parse(R"({"lines":[{"sku":"lamp"},{"sku":"bulb"}]})").value();
  EXPECT_EQ(at("/lines/1/sku", value), "\"bulb\"");
  EXPECT_EQ(find("", value), &value);
}

TEST(Pointer, KnowsTheEscapesOfRfc6901) {
  const Document value = Document::parse(R"({"a/b":1,"m~n":2,"":3,"~1":4})").value();
  EXPECT_EQ(at("/a~1b", value), "1");
  EXPECT_EQ(at("/m~0n", value), "2");
  EXPECT_EQ(at("/", value), "3");
  EXPECT_EQ(at("/~01", value), "4");
}

TEST(Pointer, FindsNothingWhereThereIsNothing) {
  const Document value = Document::parse(R"({"list":[1,2],"text":"x"})").value();
  for (const char* text : {"/nothing", "/list/2", "/list/-", "/list/01", "/list/-1", "/list/1x", "/list/", "/text/0",
                           "/list/99999999999999999999999"})
    EXPECT_EQ(find(text, value), nullptr) << text;
}

TEST(Pointer, IsNoOtherText) {
  for (const char* text : {"a", "a/b", "/a~", "/a~2", "#/a"}) EXPECT_FALSE(Pointer::parse(text)) << text;
}

}  // namespace
