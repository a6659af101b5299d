// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <fulfill/request.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace fulfill {
namespace {

using std::chrono_literals::operator""ms;

TEST(Escape, LeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(escape("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(escape("a b/c?d&e=f%+"), "a%20b%2Fc%3Fd%26e%3Df%25%2B");
  EXPECT_EQ(escape("\xC3\xA9\n"), "%C3%A9%0A");
}

TEST(Request, BuildersNameTheirMethod) {
  EXPECT_EQ(get("/").method(), "GET");
  EXPECT_EQ(post("/").method(), "POST");
  EXPECT_EQ(put("/").method(), "PUT");
  EXPECT_EQ(patch("/").method(), "PATCH");
  EXPECT_EQ(del("/").method(), "DELETE");
}

TEST(Request, AppendsEscapedQueryParameters) {
  EXPECT_EQ(get("/o").query("a", "1 2").query("b", "x&y").url(), "/o?a=1%202&b=x%26y");
  EXPECT_EQ(get("/o?z=0").query("a", "1").url(), "/o?z=0&a=1");
}

TEST(Request, SendsNoBodyUnlessToldTo) {
  EXPECT_FALSE(post("/").has_body());
  EXPECT_TRUE(post("/").body("").has_body());
}

TEST(Request, LendsTheInputInsteadOfCopyingIt) {
  const std::string data = R"({"a":1})";
  const Request request = post("/").json(Input(data, "default", "e-1"));
  EXPECT_EQ(request.body().data(), data.data());
  EXPECT_EQ(request.body().size(), data.size());
  ASSERT_EQ(request.headers().size(), 1u);
  EXPECT_EQ(request.headers()[0].second, "application/json");
}

TEST(Request, TheLatestBodyCounts) {
  const std::string data = "{}";
  EXPECT_EQ(post("/").json(Input(data, "default", "e-1")).body("other").body(), "other");
  EXPECT_EQ(post("/").body("other").json(Input(data, "default", "e-1")).body(), "{}");
}

TEST(Request, BuildsAFormBody) {
  const Request request = post("/").form("a", "1 2").form("b", "&");
  EXPECT_EQ(request.body(), "a=1%202&b=%26");
  ASSERT_EQ(request.headers().size(), 1u);
  EXPECT_EQ(request.headers()[0].second, "application/x-www-form-urlencoded");
}

TEST(Request, DeclaresHowOftenItMayBeMade) {
  EXPECT_EQ(post("/").operation(), Operation::by_method);
  EXPECT_EQ(post("/").safe().operation(), Operation::safe);
  EXPECT_EQ(post("/").idempotent().operation(), Operation::idempotent);
  EXPECT_EQ(get("/").unsafe().operation(), Operation::unsafe);
}

TEST(Request, IsUnsafeByItsMethodUnlessItSaysOtherwise) {
  EXPECT_TRUE(post("/").is_unsafe());
  EXPECT_TRUE(patch("/").is_unsafe());
  EXPECT_TRUE(get("/").unsafe().is_unsafe());
  for (const Request& request : {get("/"), put("/"), del("/"), post("/").safe(), post("/").idempotent()})
    EXPECT_FALSE(request.is_unsafe());
}

TEST(Request, HasANameForMessagesThatGivesNothingAway) {
  EXPECT_EQ(get("https://u:p@h.example:8443/a/b?token=x#y").name(), "GET https://h.example:8443/a/b");
  EXPECT_EQ(post("/orders?key=1").name(), "POST /orders");
  EXPECT_EQ(get("https://h/a\nb").name(), "GET https://h/a?b");
  EXPECT_EQ(get("https://h/" + std::string(5000, 'x')).name(), "GET https://h/" + std::string(198, 'x') + "...");
}

TEST(Request, KeepsWhatItIsTold) {
  const Request request = get("/").timeout(250ms).any_status().bearer("t").header("X", "y");
  EXPECT_EQ(request.timeout(), 250ms);
  EXPECT_TRUE(request.takes_any_status());
  ASSERT_EQ(request.headers().size(), 2u);
  EXPECT_EQ(request.headers()[0], std::make_pair(std::string("Authorization"), std::string("Bearer t")));
}

}  // namespace
}  // namespace fulfill
