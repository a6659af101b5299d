// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/secret_finder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "actors/policy/base64.hpp"

namespace fulfilld {
namespace {

std::string cleaned(const std::vector<std::string>& secrets, std::string_view text) {
  std::vector<SecretFinder::Range> found;
  SecretFinder(secrets).find(text, found);
  return masked(text, std::move(found));
}

const std::string secret = "k3y-0f-the-field-case-77";
const std::string marks = R"(p+a/s&s "w<o>r\d' %1)";

TEST(SecretFinder, FindsASecretAsItIs) {
  EXPECT_EQ(cleaned({secret}, "'" + secret + "' not a valid key: 'Bearer " + secret + "'."),
            "'***' not a valid key: 'Bearer ***'.");
  EXPECT_EQ(cleaned({secret}, "nothing to hide"), "nothing to hide");
  EXPECT_EQ(cleaned({" " + secret + "\r\n"}, "'" + secret + "'"), "'***'");
  EXPECT_EQ(cleaned({"p\xc3\xa4ssw\xc3\xb6rtchen"}, "bad 'p\xc3\x83\xc2\xa4ssw\xc3\x83\xc2\xb6rtchen'"), "bad '***'")
      << "read as Latin-1, written as UTF-8";
  EXPECT_EQ(cleaned({}, secret), secret);
}

TEST(SecretFinder, FindsASecretHoweverItIsEscaped) {
  for (const auto& text :
       {marks, std::string("p%2Ba%2Fs%26s%20%22w%3Co%3Er%5Cd%27%20%251"),
        std::string("p%2ba%2fs%26s+%22w%3co%3er%5cd%27+%251"), std::string(R"(p+a/s&s \"w<o>r\\d' %1)"),
        std::string(R"(p\u002ba\/s\u0026s \"w\u003Co\u003er\\d\u0027 %1)"),
        std::string(R"(p+a/s&amp;s &quot;w&lt;o&gt;r\d&#39; %1)"),
        std::string(R"(p&#43;a/s&amp;s &#x22;w&lt;o&gt;r\d&apos; %1)")})
    EXPECT_EQ(cleaned({marks}, "<" + text + ">"), "<***>") << text;
  EXPECT_EQ(cleaned({"gr\xc3\xb6\xc3\x9f"
                     "er-\xf0\x9f\x98\x80"},
                    R"(gr\u00f6\u00DFer-\ud83d\ude00)"),
            "***");
}

TEST(SecretFinder, FindsASecretThatIsQuotedWithinAQuotation) {
  for (const auto* text :
       {R"(p+a\\/s&s \\\"w<o>r\\\\d' %1)", R"(p+a\\\/s&s \\\"w<o>r\\\\d' %1)",
        R"(p\\u002ba/s\\u0026s \\\"w<o>r\\\\d' %1)", R"(p\u002ba/s\u0026amp;s \u0026quot;w\u0026lt;o\u0026gt;r\\d' %1)",
        R"(p+a/s&s \\\\\\\"w<o>r\\\\\\\\d' %1)", "p%252Ba%252Fs%2526s%2520%2522w%253Co%253Er%255Cd%2527%2520%25251",
        "p+a/s&amp;amp;s &amp;quot;w&amp;lt;o&amp;gt;r\\d' %1"})
    EXPECT_EQ(cleaned({marks}, "<" + std::string(text) + ">"), "<***>") << text;
  EXPECT_EQ(cleaned({"q7/Zk+93mPx0/AbC+dEf=="}, R"({"m":"{\"k\":\"q7\\\/Zk+93mPx0\\\/AbC+dEf==\"}"})"),
            R"({"m":"{\"k\":\"***\"}"})");
}

TEST(SecretFinder, FindsASecretInTheBase64OfHttpBasic) {
  for (const auto& password : {secret, marks})
    for (const std::string user : {"", "u", "us", "user", "a-longer-user"}) {
      const auto pair = base64(user + ":" + password);
      const auto told = cleaned({password}, "Basic " + pair + " is wrong");
      EXPECT_EQ(told.find(pair.substr(8, 12)), std::string::npos) << told;
      EXPECT_NE(told.find("***"), std::string::npos) << told;
      EXPECT_TRUE(told.ends_with(" is wrong")) << told;
    }
  // As RFC 6749, 2.3.1 has it: form-encoded before.
  const auto pair = base64("id:p%2Ba%2Fss%20word");
  EXPECT_EQ(cleaned({"p+a/ss word"}, pair).find(pair.substr(8, 12)), std::string::npos);
}

TEST(SecretFinder, LooksIntoBase64OnlyIfItIsTold) {
  std::vector<SecretFinder::Range> found;
  SecretFinder({secret}, SecretFinder::Forms::as_sent).find(base64("u:" + secret), found);
  EXPECT_TRUE(found.empty());
}

TEST(SecretFinder, FindsASecretThatWasCutOff) {
  EXPECT_EQ(cleaned({secret}, "refused: '" + secret.substr(0, 7)), "refused: '***");
  EXPECT_EQ(cleaned({secret}, "refused: '" + secret.substr(0, 7) + "')"), "refused: '***')");
  EXPECT_EQ(cleaned({secret}, secret.substr(0, 9) + "... is refused"), "***... is refused");
  EXPECT_EQ(cleaned({secret}, secret.substr(0, 20) + "\xe2\x80\xa6 is refused"), "***\xe2\x80\xa6 is refused");
  EXPECT_EQ(cleaned({secret}, secret.substr(0, 20) + " is refused"), "*** is refused");
  EXPECT_EQ(cleaned({secret}, "'" + secret.substr(0, 12) + "' is refused"), "'***' is refused");
  for (const std::string mark : {"[...] is refused", " (truncated...) is refused", "<truncated> is refused"})
    EXPECT_EQ(cleaned({secret}, secret.substr(0, 9) + mark), "***" + mark);
  EXPECT_EQ(cleaned({secret}, "the " + secret.substr(0, 8) + " is refused"), "the k3y-0f-t is refused")
      << "so little is no secret, and may be an ordinary word";
}

TEST(SecretFinder, TakesNoOrdinaryWordForAShortSecret) {
  EXPECT_EQ(cleaned({"abc", "a", ""}, "abc a"), "abc a");
  EXPECT_EQ(cleaned({"hush"}, "hush, hushed, 'hush'"), "***, hushed, '***'");
  EXPECT_EQ(cleaned({"test1"}, "a latest1 test1"), "a latest1 ***");
  EXPECT_EQ(cleaned({"hush"}, "hus"), "hus");
}

TEST(SecretFinder, MasksWhatOverlapsOnce) {
  EXPECT_EQ(cleaned({"hunter2", "hunter2-long"}, "hunter2 hunter2-long hunter2hunter2"), "*** *** ******");
  EXPECT_EQ(cleaned({"abcdefgh", "defghijkl"}, "<abcdefghijkl>"), "<***>");
  EXPECT_EQ(cleaned({"******"}, "*********"), "***");
}

TEST(SecretFinder, IsDoneInTimeWhateverTheText) {
  const std::string as(64 << 10, 'a');
  EXPECT_EQ(cleaned({std::string(200, 'a') + "bbbbbbbbbb" + std::string(200, 'c')}, as + "d"), as + "d");
  const std::string backslashes(64 << 10, '\\');
  EXPECT_EQ(cleaned({std::string(100, '\\')}, backslashes), "***");
}

}  // namespace
}  // namespace fulfilld
