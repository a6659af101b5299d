// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/written_places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/runtime/config/scratch_directory.hpp"

namespace fulfilld {
namespace {

using testing::HasSubstr;

/// The action begins in line 9.
constexpr auto action = R"([actions.case]
adapter = "rest"
[actions.case.settings]
methd = "POST"
headers."X.Y" = "v"
headers.Accept = 7
[[actions.case.settings.steps]]
url = "ftp://x"
[[actions.case.settings.steps]]
ulr = "http://x"
[actions.case.secrets]
kee = "env:SECRET"
)";

std::string told(const std::string& sentence, const std::string& toml = action) {
  const ScratchDirectory directory;
  auto loaded = directory.load(least_toml + toml, least_variables);
  EXPECT_TRUE(loaded.usable()) << directory.problems_of(loaded);
  loaded.problems = {loaded.places.mistake_in_action("case", sentence)};
  return directory.problems_of(loaded);
}

TEST(WrittenPlaces, OfWhatNobodyKnowsAreItsKey) {
  EXPECT_EQ(
      told(R"(unknown setting "methd"; known: body, method)"),
      "fulfilld.toml:11:1: actions.case.settings.methd: unknown setting \"methd\"; known: body, method; did you mean "
      "\"method\"?\n");
  EXPECT_THAT(told(R"(unknown secret "kee"; known: key)"),
              HasSubstr(":19:1: actions.case.secrets.kee: unknown secret"));
  EXPECT_THAT(told(R"(unknown setting "steps.1.ulr"; known: none)"),
              HasSubstr(":17:1: actions.case.settings.steps.1.ulr: "));
}

TEST(WrittenPlaces, OfWhatIsWrongAreItsValue) {
  EXPECT_THAT(told(R"(setting "headers.Accept" is "7"; it may be one of a)"),
              HasSubstr(":13:18: actions.case.settings.headers.Accept: setting"));
  EXPECT_THAT(told(R"(setting "steps.0.url" must be an absolute http or https URL)"),
              HasSubstr(":15:7: actions.case.settings.steps.0.url: "));
}

TEST(WrittenPlaces, OfAKeyWithADotAreFoundByEitherName) {
  for (const auto* name : {"headers.X.Y", R"(headers.X\.Y)"})
    EXPECT_THAT(told("setting \"" + std::string(name) + "\" is no name of a header field"),
                HasSubstr(":12:17: actions.case.settings.headers.\"X.Y\": "));
}

TEST(WrittenPlaces, OfWhatIsMissingAreTheTableAroundIt) {
  EXPECT_THAT(
      told(R"(setting "steps.1.url" is missing)"),
      HasSubstr(":16:1: actions.case.settings.steps.1.url: setting \"steps.1.url\" is missing; is \"steps.1.ulr\" "
                "meant to be it?"));
  EXPECT_THAT(told(R"(setting "limit" is missing)"), HasSubstr(":10:1: actions.case.settings.limit: "));
  EXPECT_THAT(told(R"(secret "key" is missing)"),
              HasSubstr(":18:1: actions.case.secrets.key: secret \"key\" is missing"));
  EXPECT_THAT(told(R"(setting "url" is missing)", "[actions.case]\nadapter = \"rest\"\n"),
              HasSubstr(":8:10: actions.case.settings.url: "));
}

TEST(WrittenPlaces, OfASentenceThatNamesNoSettingAreTheAction) {
  EXPECT_THAT(told("there is \"nothing\" to see"), HasSubstr(":8:10: actions.case: there is \"nothing\" to see"));
  EXPECT_THAT(told("one of \"query\" and \"methd\" must be set, not both"),
              HasSubstr(":11:9: actions.case.settings.methd"));
  EXPECT_THAT(told("an \"open quote"), HasSubstr("actions.case: an"));
  EXPECT_THAT(told("setting \""), HasSubstr("actions.case: setting"));
}

}  // namespace
}  // namespace fulfilld
