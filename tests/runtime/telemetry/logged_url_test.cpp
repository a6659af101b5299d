// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/logged_url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace fulfilld {
namespace {

std::string path_of(const std::string& target, const std::string& data = "{}") {
  Url url;
  url.target = target;
  return logged_path(url, data);
}

TEST(LoggedUrl, HasNoQuery) {
  EXPECT_EQ(path_of("/orders/find?customer=7"), "/orders/find");
  EXPECT_EQ(path_of("/?a"), "/");
  EXPECT_EQ(path_of("/a//b/"), "/a//b/");
}

TEST(LoggedUrl, HasNoInput) {
  EXPECT_EQ(path_of("/customers/42/orders", R"({"id": 42})"), "/customers/*/orders");
  EXPECT_EQ(path_of("/customers/c-42/orders", R"({"id":"c-42","n":[1]})"), "/customers/*/orders");
  EXPECT_EQ(path_of("/customers/CRM.c-42.x/orders", R"(["c-42"])"), "/customers/*/orders");
  EXPECT_EQ(path_of("/customers/J%C3%B6rg%20M/1", R"({"name":"Jörg M"})"), "/customers/*/1");
  EXPECT_EQ(path_of("/c/5", "5"), "/c/*");
}

TEST(LoggedUrl, KeepsWhatIsNoInput) {
  EXPECT_EQ(path_of("/customers/42", R"({"customers":1,"42":"x"})"), "/customers/42") << "names of members";
  EXPECT_EQ(path_of("/customers/42", R"({"kind":"customer","x":4})"), "/customers/42") << "parts of words";
  EXPECT_EQ(path_of("/customers", R"({"cut)"), "/customers");
  EXPECT_EQ(path_of("/customers", "\"\\"), "/customers");
}

TEST(LoggedUrl, OfARedirectIsOriginAndPath) {
  EXPECT_EQ(logged_location("https://www.shop.example/x?session=1#y", "{}"), "https://www.shop.example/x");
  EXPECT_EQ(logged_location("/login?next=/a", "{}"), "/login");
  EXPECT_EQ(logged_location("../c-42", R"({"id":"c-42"})"), "../*");
  EXPECT_EQ(logged_location("https://user:word@host/x", "{}"), "https://host/x");
  EXPECT_EQ(logged_location("//user@host/c-42", R"({"id":"c-42"})"), "//host/*");
  EXPECT_EQ(logged_location("/a//c-42", R"({"id":"c-42"})"), "/a//*");
  EXPECT_EQ(logged_location("", "{}"), "");
}

TEST(LoggedUrl, IsBounded) { EXPECT_LE(path_of("/" + std::string(100000, 'a')).size(), 512u); }

}  // namespace
}  // namespace fulfilld
