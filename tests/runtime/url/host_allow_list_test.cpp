// SPDX-License-Identifier: Apache-2.0
#include "runtime/url/host_allow_list.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "runtime/url/parse_url.hpp"

namespace fulfilld {
namespace {

bool allowed(const HostAllowList& list, std::string_view text) {
  const auto parsed = parse_url(text);
  EXPECT_TRUE(parsed.url) << text << ": " << parsed.problem;
  return parsed.url && list.refusal(*parsed.url).empty();
}

TEST(HostAllowList, TakesTheApiHostOfEveryRegion) {
  const HostAllowList list(genesys_api_hosts());
  EXPECT_EQ(genesys_api_hosts().size(), 18u);
  for (const auto& host : genesys_api_hosts()) {
    EXPECT_TRUE(allowed(list, "https://" + host + "/api/v2/dataactions/fulfillments/1")) << host;
    EXPECT_TRUE(allowed(list, "https://" + host + ":443/")) << host;
    EXPECT_FALSE(allowed(list, "http://" + host + "/")) << host;
    EXPECT_FALSE(allowed(list, "https://" + host + ":8443/")) << host;
    EXPECT_FALSE(allowed(list, "http://" + host + ":443/")) << host;
  }
  EXPECT_TRUE(allowed(list, "https://API.MYPURECLOUD.COM/"));
}

TEST(HostAllowList, TakesNoSuffixAndNoLookAlike) {
  const HostAllowList list(genesys_api_hosts());
  for (const auto* text :
       {"https://evil-mypurecloud.com/", "https://api.mypurecloud.com.evil.org/", "https://mypurecloud.com/",
        "https://evil.api.mypurecloud.com/", "https://login.mypurecloud.com/", "https://evilapi.mypurecloud.com/",
        "https://api.mypurecloud.com./", "https://api-mypurecloud.com/", "https://apixmypurecloud.com/",
        "https://api.mypurecloud.co/", "https://api.mypurecloud.comm/", "https://xn--pi-7ka.mypurecloud.com/"})
    EXPECT_FALSE(allowed(list, text)) << text;
}

TEST(HostAllowList, DoesNotTakeLoopbackUnasked) {
  const HostAllowList list(genesys_api_hosts());
  EXPECT_FALSE(allowed(list, "http://127.0.0.1:8080/"));
  EXPECT_FALSE(allowed(list, "http://localhost/"));
  EXPECT_FALSE(allowed(list, "http://[::1]/"));
}

TEST(HostAllowList, TakesAnyPortOfALoopbackHostThatIsListedWithoutOne) {
  const HostAllowList list({"127.0.0.1", "[::1]"});
  EXPECT_TRUE(allowed(list, "http://127.0.0.1:18080/"));
  EXPECT_TRUE(allowed(list, "https://127.0.0.1/"));
  EXPECT_TRUE(allowed(list, "http://[::1]:9/"));
  EXPECT_FALSE(allowed(list, "http://127.0.0.2/"));
  EXPECT_FALSE(allowed(list, "http://localhost/"));
}

TEST(HostAllowList, HoldsALoopbackHostToItsPortWhereOneIsGiven) {
  const HostAllowList list({"localhost:443", "127.0.0.1:80"});
  EXPECT_TRUE(allowed(list, "https://localhost/"));
  EXPECT_FALSE(allowed(list, "http://localhost/"));
  EXPECT_TRUE(allowed(list, "http://127.0.0.1/"));
  EXPECT_FALSE(allowed(list, "http://127.0.0.1:81/"));
}

TEST(HostAllowList, TakesAnotherPortWhereTheEntryNamesIt) {
  const HostAllowList list({"API.example.com:8443"});
  EXPECT_TRUE(allowed(list, "https://api.example.com:8443/"));
  EXPECT_FALSE(allowed(list, "https://api.example.com/"));
}

TEST(HostAllowList, NeverTakesPlainHttpToAnotherMachine) {
  const HostAllowList list({"example.com:80"});
  EXPECT_FALSE(allowed(list, "http://example.com/"));
  EXPECT_TRUE(allowed(list, "https://example.com:80/"));
}

TEST(HostAllowList, RefusesEverythingWhenEmpty) {
  EXPECT_FALSE(allowed(HostAllowList({}), "https://api.mypurecloud.com/"));
}

TEST(HostAllowList, RefusesAnEntryThatIsNoHost) {
  for (const auto* entry : {"", "https://a", "a/b", "a?b", "a#b", "u@a", "*.example.com", "a:0", "a:65536", "a b",
                            "%61", ".example.com", "[::1"})
    EXPECT_THROW(HostAllowList({std::string(entry)}), std::invalid_argument) << entry;
}

TEST(IsLoopback, KnowsTheLoopbackAddressesAndNothingElse) {
  for (const auto* host : {"localhost", "127.0.0.1", "127.255.255.254", "::1"}) EXPECT_TRUE(is_loopback(host)) << host;
  for (const auto* host : {"", "127.evil.com", "127.0.0.1.evil.com", "127.0.0", "128.0.0.1", "0.0.0.0", "::", "::2",
                           "localhost.evil.com", "xlocalhost", "::ffff:127.0.0.1", "[::1]", "10.0.0.1"})
    EXPECT_FALSE(is_loopback(host)) << host;
  EXPECT_FALSE(is_loopback(std::string(5000, '1')));
}

}  // namespace
}  // namespace fulfilld
