// SPDX-License-Identifier: Apache-2.0
#include "runtime/url/parse_url.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace fulfilld {
namespace {

Url good(std::string_view text) {
  auto parsed = parse_url(text);
  EXPECT_TRUE(parsed.url) << text << ": " << parsed.problem;
  EXPECT_TRUE(parsed.problem.empty());
  return parsed.url.value_or(Url{});
}

TEST(ParseUrl, SplitsIntoAllParts) {
  const Url url = good("https://API.MyPureCloud.com/api/v2/x?a=b&c=%20#fragment");
  EXPECT_EQ(url.text, "https://API.MyPureCloud.com/api/v2/x?a=b&c=%20#fragment");
  EXPECT_EQ(url.origin, "https://api.mypurecloud.com:443");
  EXPECT_EQ(url.host, "api.mypurecloud.com");
  EXPECT_EQ(url.authority, "api.mypurecloud.com");
  EXPECT_EQ(url.target, "/api/v2/x?a=b&c=%20");
  EXPECT_EQ(url.port, 443);
  EXPECT_TRUE(url.tls);
}

TEST(ParseUrl, KeepsAPortThatIsNotTheDefaultInTheAuthority) {
  EXPECT_EQ(good("http://a:8080").authority, "a:8080");
  EXPECT_EQ(good("http://a:80").authority, "a");
  EXPECT_EQ(good("https://a:80").authority, "a:80");
  EXPECT_EQ(good("HTTP://a:").port, 80);
  EXPECT_EQ(good("http://a:00080/").origin, "http://a:80");
  EXPECT_EQ(good("http://a:65535/").port, 65535);
}

TEST(ParseUrl, GivesATargetThatStartsWithASlash) {
  EXPECT_EQ(good("http://a").target, "/");
  EXPECT_EQ(good("http://a?q=1").target, "/?q=1");
  EXPECT_EQ(good("http://a/#f").target, "/");
  EXPECT_EQ(good("http://a/b/../../c/./d").target, "/c/d");
}

TEST(ParseUrl, BracketsIpv6WhereItGoesOnTheWire) {
  const Url url = good("http://[::1]:8080/x");
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.authority, "[::1]:8080");
  EXPECT_EQ(url.origin, "http://[::1]:8080");
  EXPECT_EQ(good("https://[FE80:0:0:0:0:0:0:1]").origin, good("https://[fe80::1]/").origin);
}

TEST(ParseUrl, WritesEveryNumericFormOfAnIpv4AddressInOneWay) {
  for (const auto* text :
       {"http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://0x7f.0.0.1/"})
    EXPECT_EQ(good(text).host, "127.0.0.1") << text;
}

TEST(ParseUrl, DecodesAPercentEncodedHostSoThatOnlyOneNameIsSeen) {
  EXPECT_EQ(good("http://%6cocalhost/").host, "localhost");
  EXPECT_EQ(good("http://%6cocalhost/").authority, "localhost");
}

TEST(ParseUrl, TellsATrailingDotFromNone) {
  EXPECT_NE(good("https://api.mypurecloud.com./").host, "api.mypurecloud.com");
}

TEST(ParseUrl, RefusesWhatIsNoUsableUrl) {
  const std::vector<std::string> bad = {
      "",
      " ",
      "/relative",
      "example.com",
      "//example.com/",
      "ftp://example.com/",
      "file:///etc/passwd",
      "gopher://example.com",
      "javascript:alert(1)",
      "http:",
      "http://",
      "http:///",
      "http:/example.com",
      "http:///example.com/",
      "http:example.com",
      "http://?a",
      "http://:80/",
      "https://user@example.com/",
      "https://user:secret@example.com/",
      "https://@example.com/",
      "https://:@example.com/",
      "https://api.mypurecloud.com@evil.org/",
      "https://api.mypurecloud.com%40evil.org/",
      "https://api.mypurecloud.com\\@evil.org/",
      "https://evil.org\\.api.mypurecloud.com/",
      "https://api.mypurecloud.com%2f.evil.org/",
      "https://api.mypurecloud.com%00.evil.org/",
      "https://api.mypurecloud.com%5c.evil.org/",
      "https://api.mypurecloud.com%20/",
      "https://exa\tmple.com/",
      "\thttps://example.com/",
      "https://example.com/\r\nX: y",
      "https://example.com/a b",
      " https://example.com/",
      "https://example.com/\x7f",
      std::string("https://example.com/\0x", 22),
      "https://b\xc3\xbc"
      "cher.example/",
      "https://example.com/\xc3\xbc",
      "https://example.com\xef\xbc\x8f@evil.org/",
      "http://example.com:0/",
      "http://example.com:65536/",
      "http://example.com:99999999999999999999/",
      "http://example.com:-1/",
      "http://example.com:80x/",
      "http://example.com:8 0/",
      "http://[::1/",
      "http://::1/",
      "http://[::1]x/",
      "http://[fe80::1%25eth0]/",
      "http://[not:an:address]/",
      "http://./",
      "http://.example.com/",
      "http://exam!ple/",
      "http://a,b/",
  };
  for (const auto& text : bad) {
    const auto parsed = parse_url(text);
    EXPECT_FALSE(parsed.url) << text << " became " << parsed.url->origin << parsed.url->target;
    EXPECT_FALSE(parsed.problem.empty()) << text;
  }
}

TEST(ParseUrl, TakesAPunycodeName) { EXPECT_EQ(good("https://xn--bcher-kva.example/").host, "xn--bcher-kva.example"); }

TEST(ParseUrl, EndsAt4096Bytes) {
  const std::string start = "https://example.com/";
  EXPECT_TRUE(parse_url(start + std::string(4096 - start.size(), 'a')).url);
  EXPECT_FALSE(parse_url(start + std::string(4097 - start.size(), 'a')).url);
}

TEST(ParseUrl, ReadsItsOwnOriginAsTheSameOrigin) {
  for (const auto* text : {"http://a", "https://A:8443/x", "http://[::1]", "http://0x7f.1:81"}) {
    const Url url = good(text);
    EXPECT_EQ(good(url.origin).origin, url.origin);
  }
}

}  // namespace
}  // namespace fulfilld
