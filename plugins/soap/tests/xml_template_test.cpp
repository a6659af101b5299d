// SPDX-License-Identifier: Apache-2.0
#include "../xml_template.hpp"

#include <gtest/gtest.h>

#include <fulfill/document.hpp>
#include <fulfill/error.hpp>
#include <string>
#include <string_view>

#include "../xml_document.hpp"
#include "settings_for.hpp"

namespace soap {
namespace {

using fulfill::Document;

std::string_view no_secret(std::string_view name) { throw fulfill::Failed("missing_secret", std::string(name)); }

std::string rendered(std::string_view text, std::string_view input) {
  return XmlTemplate("request", text).render(*Document::parse(input), no_secret);
}

/// `code: message` of the failure.
std::string render_failure(std::string_view text, std::string_view input) {
  try {
    return "rendered: " + rendered(text, input);
  } catch (const fulfill::Failed& failed) {
    return failed.code() + ": " + failed.message();
  }
}

std::string refusal_of_template(std::string_view text) {
  return refusal_of([&] { const XmlTemplate xml("request", text); });
}

TEST(XmlTemplate, PutsValuesOfTheInputIntoTextAndAttributes) {
  EXPECT_EQ(rendered("<a b='{{/x/0}}' c=\"{{ /y }}\">{{/z}}{{/z}}</a>", R"({"x":["1"],"y":2,"z":"3"})"),
            "<a b='1' c=\"2\">33</a>");
}

TEST(XmlTemplate, TakesTextsNumbersAndBooleans) {
  EXPECT_EQ(rendered("<a>{{/s}} {{/i}} {{/u}} {{/n}} {{/b}}</a>",
                     R"({"s":"","i":-7,"u":18446744073709551615,"n":0.5,"b":true})"),
            "<a> -7 18446744073709551615 0.5 true</a>");
}

TEST(XmlTemplate, PutsNumbersInDigitByDigit) {
  EXPECT_EQ(rendered("<a b='{{/a}}'>{{/b}} {{/c}} {{/d}} {{each /e}}{{.}}{{end}}</a>",
                     R"({"a":1.10,"b":89014103211118510720,"c":12345678901234567.89,"d":1e400,"e":[0.0,-0]})"),
            "<a b='1.10'>89014103211118510720 12345678901234567.89 1e400 0.0-0</a>");
}

TEST(XmlTemplate, TakesALoneSurrogateForACharacterThatIsMissing) {
  EXPECT_EQ(rendered("<a>{{/x}}</a>", R"({"x":"a\ud83d!"})"), "<a>a\xEF\xBF\xBD!</a>");
}

TEST(XmlTemplate, KeepsWhatIsPutInAsText) {
  const std::string attack = R"({"x":"</a><evil b='\"'>&amp;]]>"})";
  EXPECT_EQ(rendered("<a>{{/x}}</a>", attack), "<a>&lt;/a&gt;&lt;evil b='\"'&gt;&amp;amp;]]&gt;</a>");
  EXPECT_EQ(rendered("<a b='{{/x}}'/>", attack), "<a b='&lt;/a&gt;&lt;evil b=&#39;&quot;&#39;&gt;&amp;amp;]]&gt;'/>");
  EXPECT_EQ(rendered("<a>{{/x}}</a>", R"({"x":"{{secret:key}}"})"), "<a>{{secret:key}}</a>");
}

TEST(XmlTemplate, LosesNoWhiteSpaceOnTheWay) {
  const std::string xml = rendered("<a b='{{/x}}'>{{/x}}</a>", R"({"x":" \t\r\n x"})");
  const auto document = parse_xml(xml);
  EXPECT_EQ(string_value(*document->documentElement()), " \t\r\n x");
  EXPECT_EQ(document->documentElement()->getAttribute("b"), " \t\r\n x");
}

TEST(XmlTemplate, HasDefaultsForWhatIsMissingOrNull) {
  EXPECT_EQ(rendered("<a>{{/x|10}}{{/y | 20 }}{{/z|}}{{/u|n}}</a>", R"({"y":null,"u":""})"), "<a>1020</a>");
  EXPECT_EQ(rendered("<a>{{/x|<&}}</a>", "{}"), "<a>&lt;&amp;</a>");
}

TEST(XmlTemplate, NamesWhatIsMissing) {
  EXPECT_EQ(render_failure("<a>{{/x/y}}</a>", "{}"), "bad_input: the input's /x/y is missing");
  EXPECT_EQ(render_failure("<a>{{/x}}</a>", R"({"x":null})"), "bad_input: the input's /x is missing");
  EXPECT_EQ(render_failure("<a>{{/x}}</a>", "[1]"), "bad_input: the input's /x is missing");
  EXPECT_EQ(render_failure("<a>{{/0}}</a>", "5"), "bad_input: the input's /0 is missing");
  EXPECT_EQ(render_failure("<a>{{/01}}</a>", "[1,2]"), "bad_input: the input's /01 is missing");
  EXPECT_EQ(render_failure("<a>{{/99999999999999999999999}}</a>", "[1]"),
            "bad_input: the input's /99999999999999999999999 is missing");
  EXPECT_EQ(render_failure("<a>{{/-}}</a>", "[1]"), "bad_input: the input's /- is missing");
}

TEST(XmlTemplate, NamesWhatCannotStandInXml) {
  EXPECT_EQ(render_failure("<a>{{/x}}</a>", R"({"x":{}})"),
            "bad_input: the input's /x must be a text, a number or a boolean");
  EXPECT_EQ(render_failure("<a>{{/x}}</a>", R"({"x":["1"]})"),
            "bad_input: the input's /x must be a text, a number or a boolean");
  EXPECT_EQ(render_failure("<a>{{/x}}</a>", R"({"x":"\u0000"})"),
            "bad_input: the input's /x holds a character that XML cannot carry");
  EXPECT_EQ(render_failure("<a>{{/x}}</a>", R"({"x":"\uFFFE"})"),
            "bad_input: the input's /x holds a character that XML cannot carry");
}

TEST(XmlTemplate, PutsSecretsInAsText) {
  const XmlTemplate xml("request", "<a b='{{secret:key}}'>{{secret:key}}</a>");
  EXPECT_EQ(xml.secrets(), std::set<std::string>({"key"}));
  EXPECT_EQ(
      xml.render(Document(), [](std::string_view name) -> std::string_view { return name == "key" ? "<'>" : ""; }),
      "<a b='&lt;&#39;&gt;'>&lt;'&gt;</a>");
}

TEST(XmlTemplate, NamesASecretThatXmlCannotCarryWithoutShowingIt) {
  const XmlTemplate xml("request", "<a>{{secret:key}}</a>");
  for (const std::string_view value : {"s3cret\x01", "s3cret\xE4"}) {
    try {
      static_cast<void>(xml.render(Document(), [&](std::string_view) { return value; }));
      ADD_FAILURE() << "it was rendered";
    } catch (const fulfill::Failed& failed) {
      EXPECT_EQ(failed.code(), "bad_secret");
      EXPECT_EQ(failed.message(), "XML cannot carry the secret key");
    }
  }
}

TEST(XmlTemplate, RepeatsWhatIsForEachItem) {
  const std::string_view text =
      "<o>{{each /lines}}<line sku='{{./sku}}'>{{./count|1}} of {{/lines/0/sku}}</line>{{end}}</o>";
  EXPECT_EQ(rendered(text, R"({"lines":[{"sku":"a","count":2},{"sku":"<"}]})"),
            "<o><line sku='a'>2 of a</line><line sku='&lt;'>1 of a</line></o>");
  EXPECT_EQ(rendered("<o>{{each /tags}}<t>{{.}}</t>{{end}}</o>", R"({"tags":["x",2,true]})"),
            "<o><t>x</t><t>2</t><t>true</t></o>");
}

TEST(XmlTemplate, LeavesOutWhatIsForEachOfNothing) {
  const std::string_view text = "<o>{{each /middle}}<m>{{.}}</m>{{end}}</o>";
  for (const char* nothing : {"{}", R"({"middle":null})", R"({"middle":[]})"})
    EXPECT_EQ(rendered(text, nothing), "<o></o>");
  EXPECT_EQ(rendered(text, R"({"middle":"K"})"), "<o><m>K</m></o>");
  EXPECT_EQ(rendered(text, R"({"middle":false})"), "<o><m>false</m></o>");
  EXPECT_EQ(rendered("<o>{{each /who}}{{./name}}{{end}}</o>", R"({"who":{"name":"Ada"}})"), "<o>Ada</o>");
}

TEST(XmlTemplate, RepeatsInsideOfWhatItRepeats) {
  EXPECT_EQ(rendered("{{each /a}}<a>{{each ./b}}<b>{{.}}</b>{{end}}</a>{{end}}", R"({"a":[{"b":[1,2]},{},{"b":[3]}]})"),
            "<a><b>1</b><b>2</b></a><a></a><a><b>3</b></a>");
}

TEST(XmlTemplate, NamesTheItemThatIsWrong) {
  EXPECT_EQ(
      render_failure("{{each /a}}<a>{{each ./b}}<b>{{./c}}</b>{{end}}</a>{{end}}", R"({"a":[{},{"b":[{"c":1},{}]}]})"),
      "bad_input: the input's /a/1/b/1/c is missing");
  EXPECT_EQ(render_failure("{{each /a}}<a>{{.}}</a>{{end}}", R"({"a":[null]})"),
            "bad_input: the input's /a/0 is missing");
}

TEST(XmlTemplate, GetsNoLongerThan4MiB) {
  std::string many = R"({"a":[1)";
  for (int i = 0; i < 5000; ++i) many += ",1";
  EXPECT_EQ(render_failure("{{each /a}}<a>" + std::string(1000, 'x') + "</a>{{end}}", many + "]}"),
            "bad_input: the request gets longer than 4 MiB");
}

TEST(XmlTemplate, RefusesPlacesWhereTextWouldNotStayText) {
  const std::string sentence = " may stand only in text or in the quoted value of an attribute";
  for (const char* text : {"<{{/x}}/>", "<a {{/x}}='1'/>", "<a b={{/x}}/>", "</{{/x}}>", "<!--{{/x}}-->",
                           "<a><![CDATA[{{/x}}]]></a>", "<?p {{/x}}?>", "<!DOCTYPE {{/x}}>", "<!{{/x}}"})
    EXPECT_EQ(refusal_of_template(text), "setting \"request\": {{/x}}" + sentence) << text;
}

TEST(XmlTemplate, RefusesWhatIsNoPlace) {
  EXPECT_EQ(refusal_of_template("<a>{{/x</a>"), "setting \"request\": a {{ has no }}");
  for (const char* text : {"<a>{{}}</a>", "<a>{{x}}</a>", "<a>{{|1}}</a>", "<a>{{/~2}}</a>", "<a>{{Secret:x}}</a>"})
    EXPECT_NE(refusal_of_template(text).find("must hold a JSON Pointer such as /customer/id, or secret:NAME"),
              std::string::npos)
        << text << ": " << refusal_of_template(text);
  EXPECT_EQ(refusal_of_template("<a>{{./x}}</a>"),
            "setting \"request\": {{./x}} may stand only between {{each ...}} and {{end}}");
}

TEST(XmlTemplate, RefusesToRepeatHalfAnElement) {
  for (const char* text : {"<a>{{each /x}}</a>{{end}}", "{{each /x}}<a>{{end}}</a>", "<a>{{each /x}}</a><a>{{end}}</a>",
                           "<a {{each /x}}b='1'{{end}}/>", "<a b='{{each /x}}1{{end}}'/>",
                           "<a>{{each /x}}<{{end}}b/></a>", "<a><!--{{each /x}}--><!--{{end}}--></a>"})
    EXPECT_NE(refusal_of_template(text).find("{{each /x}} must hold whole elements, up to its {{end}}"),
              std::string::npos)
        << text << ": " << refusal_of_template(text);
  EXPECT_EQ(refusal_of_template("{{each /x}}<a/>"), "setting \"request\": an {{each ...}} has no {{end}}");
  EXPECT_EQ(refusal_of_template("<a/>{{end}}"), "setting \"request\": an {{end}} has no {{each ...}}");
  std::string deep;
  for (int i = 0; i < 9; ++i) deep += "{{each /x}}";
  EXPECT_NE(refusal_of_template(deep).find("nested too deep"), std::string::npos);
}

TEST(XmlTemplate, ShowsASample) {
  EXPECT_EQ(XmlTemplate("request", "<a b='{{/x}}'>{{secret:s}}{{each /y}}<c>{{.}}</c>{{end}}</a>").sample(),
            "<a b='x'>x<c>x</c></a>");
}

}  // namespace
}  // namespace soap
