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

TEST(Settings, RefuseUrlsThatCouldNeverBeCalled) {
  const auto refusal_of = [](const std::string& url) {
    return refusal([&] { (void)settings({{"url", url}}).url("url"); });
  };
  for (const auto* url : {"http://h", "https://crm.example:8443/x?y=z", "http://[::1]:80/", "http://10.0.0.1/",
                          "http://h:/", "https://Crm_1.example/{{/a|two words}}", "https://{{/host}}/x"})
    EXPECT_EQ(refusal_of(url), "accepted") << url;
  for (const auto* url : {"http://", "http:///x", "http://:80/", "http://[::1/x"})
    EXPECT_EQ(refusal_of(url), "setting \"url\" has no host") << url;
  for (const auto* url :
       {"http://h:x/", "http://h:0/", "http://h:65536/", "http://h:99999999999/", "http://[::1]:x", "http://a:1:2/"})
    EXPECT_EQ(refusal_of(url), "setting \"url\" has a port that is not within 1 to 65535") << url;
  for (const auto* url : {"http://a,b/", "http://[::g]/", "http://[::1]x/", "http://a*/"})
    EXPECT_EQ(refusal_of(url), "setting \"url\" has a host that is no name and no address") << url;
  EXPECT_EQ(refusal_of("http://u:p@h/"), "setting \"url\" must not carry user information");
  for (const auto* url : {"http://h/a b", "http://h/\n", "http://h/\xc3\xbc", "http://h/<id>"})
    EXPECT_NE(refusal_of(url).find("must not hold spaces"), std::string::npos) << url;
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

// `[actions.default.settings]` with tables and arrays, as the host names what is in them.
const Settings::Values kNested = {
    {"header", "not below the table"},
    {"headers", "a text beside the table of that name"},
    {"headers.Accept", "text/xml"},
    {"headers.X-Trace.name", "t"},
    {"headers.X-Trace.on", "true"},
    {"headers-old.Host", "of another table"},
    {"steps.0.url", "http://h/first"},
    {"steps.1.method", "PUT"},
    {"steps.1.url", "http://h/second"},
    {"tags.0", "a"},
    {"tags.1", "b"},
    {"url", "http://h/"},
};

TEST(Settings, OfATableHaveDottedNames) {
  const auto given = settings(kNested);
  EXPECT_EQ(given.text("headers.Accept"), "text/xml");
  EXPECT_EQ(given.url("steps.1.url"), "http://h/second");
  EXPECT_TRUE(given.flag("headers.X-Trace.on", false));
  EXPECT_EQ(given.choice("steps.1.method", {"POST", "PUT"}, "POST"), "PUT");
  EXPECT_EQ(given.choice("steps.0.method", {"POST", "PUT"}, "POST"), "POST");
  EXPECT_EQ(given.text("headers"), "a text beside the table of that name");
  EXPECT_EQ(refusal([&] { (void)given.text("steps.2.url"); }), "setting \"steps.2.url\" is missing");
}

TEST(Settings, NameWhatIsRightBelowATable) {
  const auto given = settings(kNested);
  EXPECT_EQ(given.names("headers"), (Settings::Names{"Accept", "X-Trace"}));
  EXPECT_EQ(given.names("headers.X-Trace"), (Settings::Names{"name", "on"}));
  EXPECT_EQ(given.names("steps.1"), (Settings::Names{"method", "url"}));
  for (const char* none : {"url", "none", "", ".", "headers.", "head", "headers.Accept"})
    EXPECT_EQ(given.names(none), Settings::Names()) << none;
}

// As the host names `headers."X.Y"`, `"a.b".c` and `"d\e"`.
TEST(Settings, WithADotInAKeyAreOneKey) {
  auto given = settings({{R"(headers.X\.Y)", "1"}, {"headers.Z", "2"}, {R"(a\.b.c)", "3"}, {R"(d\\e)", "4"}});
  EXPECT_EQ(given.names("headers"), (Settings::Names{"X.Y", "Z"}));
  for (const auto& name : given.names("headers")) EXPECT_FALSE(given.text("headers." + name).empty());
  EXPECT_EQ(given.text("headers.X.Y"), "1");
  EXPECT_EQ(given.names("a.b"), Settings::Names{"c"});
  EXPECT_EQ(given.names("a"), Settings::Names());
  EXPECT_EQ(given.names("headers.X"), Settings::Names()) << "there is no such table";
  EXPECT_EQ(given.text("a.b.c"), "3");
  EXPECT_EQ(given.text(R"(d\e)"), "4");
  EXPECT_EQ(refusal([&] { given.seal(); }), "accepted");
  auto other = settings({{R"(headers.X\.Y)", "1"}});
  EXPECT_EQ(refusal([&] { other.seal(); }), R"(unknown setting "headers.X\.Y"; known: none)");
}

TEST(Settings, CountTheElementsOfAnArray) {
  const auto given = settings(kNested);
  EXPECT_EQ(given.count("steps"), 2u);
  EXPECT_EQ(given.count("tags"), 2u);
  EXPECT_EQ(given.count("url"), 0u);
  EXPECT_EQ(given.count("none"), 0u);
  Settings::Values many;
  for (int i = 0; i < 12; ++i) many.emplace("list." + std::to_string(i) + ".a", "x").first->second += "y";
  EXPECT_EQ(settings(many).count("list"), 12u);
}

TEST(Settings, ThatAreOnlyNamedAreStillUnknown) {
  auto given = settings({{"headers.Accept", "x"}, {"headers.Acept", "y"}});
  EXPECT_EQ(given.names("headers").size(), 2u);
  (void)given.text("headers.Accept");
  EXPECT_EQ(refusal([&] { given.seal(); }), "unknown setting \"headers.Acept\"; known: headers.Accept");
  for (const auto& name : given.names("headers")) EXPECT_FALSE(name.empty());
  auto read = settings({{"headers.Accept", "x"}, {"headers.Acept", "y"}});
  for (const auto& name : read.names("headers")) (void)read.text("headers." + name);
  EXPECT_EQ(refusal([&] { read.seal(); }), "accepted");
}

}  // namespace
}  // namespace fulfill
