// SPDX-License-Identifier: Apache-2.0
#include "../fault.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "../envelope.hpp"
#include "../xml_document.hpp"
#include "settings_for.hpp"

namespace soap {
namespace {

using Codes = std::vector<std::string>;

std::optional<Fault> fault_of(const std::string& uri, const std::string& body) {
  const auto document = parse_xml("<s:Envelope xmlns:s='" + uri + "'><s:Body>" + body + "</s:Body></s:Envelope>");
  return fault_in(body_of(*document));
}

std::string word_for(const FaultWords& words, const Fault& fault) { return words.failure(fault).code(); }

TEST(Fault, Of11HasDetailAndCode) {
  const auto fault =
      fault_of(kEnvelope_1_1,
               "<s:Fault><faultcode>s:Server</faultcode><faultstring> no such customer </faultstring>"
               "<detail> <x:NotFound xmlns:x='urn:x'><x:id>1</x:id></x:NotFound><host/></detail></s:Fault>");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->codes(), Codes({"NotFound", "host", "Server"}));
  EXPECT_EQ(fault->text(), "no such customer");
}

TEST(Fault, Of12HasDetailSubcodesAndCode) {
  const auto fault = fault_of(
      kEnvelope_1_2,
      "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>x:Limit</s:Value><s:Subcode><s:Value>x:Daily"
      "</s:Value></s:Subcode></s:Subcode></s:Code><s:Reason><s:Text xml:lang='en'>too much</s:Text><s:Text "
      "xml:lang='de'>"
      "zu viel</s:Text></s:Reason><s:Detail><LimitFault/></s:Detail></s:Fault>");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->codes(), Codes({"LimitFault", "Daily", "Limit", "Sender"}));
  EXPECT_EQ(fault->text(), "too much");
}

TEST(Fault, IsFoundWhateverTheNamespacesOfItsParts) {
  const std::string of_1_1 =
      "<faultcode>s:Server</faultcode><faultstring>no order 7</faultstring><detail><x:OrderMissing xmlns:x='urn:x'/>"
      "</detail>";
  const std::string in_soap =
      "<s:faultcode>s:Server</s:faultcode><s:faultstring>no order 7</s:faultstring><s:detail><x:OrderMissing "
      "xmlns:x='urn:x'/></s:detail>";
  const std::string in_another =
      "<y xmlns='urn:y'/><faultcode xmlns='urn:y'>s:Server</faultcode><FaultString xmlns='urn:y'>"
      "no order 7</FaultString><Detail xmlns='urn:y'><OrderMissing/></Detail>";
  const std::string of_1_2 =
      "<s:Code><s:Value>s:Server</s:Value></s:Code><s:Reason><s:Text>no order 7</s:Text></s:Reason><s:Detail>"
      "<OrderMissing/></s:Detail>";
  const std::string of_1_2_bare =
      "<Code><Value>s:Server</Value></Code><Reason><Text>no order 7</Text></Reason><Detail><OrderMissing/></Detail>";
  const std::string mixed =
      "<faultcode><Value>s:Server</Value></faultcode><Reason>no order 7</Reason><Detail><OrderMissing/></Detail>";
  for (const char* uri : {kEnvelope_1_1, kEnvelope_1_2})
    for (const auto& parts : {of_1_1, in_soap, in_another, of_1_2, of_1_2_bare, mixed})
      for (const char* fault : {"s:Fault", "Fault"}) {
        if (std::string(fault) == "Fault" && parts != of_1_1) continue;
        const auto found = fault_of(uri, "<" + std::string(fault) + ">" + parts + "</" + fault + ">");
        ASSERT_TRUE(found) << parts;
        EXPECT_EQ(found->codes(), Codes({"OrderMissing", "Server"})) << parts;
        EXPECT_EQ(found->text(), "no order 7") << parts;
      }
}

TEST(Fault, TellsADetailThatIsATextToo) {
  const auto fault = fault_of(kEnvelope_1_1,
                              "<s:Fault><s:faultcode>s:Client</s:faultcode><s:faultstring>Failed to parse the request"
                              "</s:faultstring><s:detail>Invalid parameter</s:detail></s:Fault>");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->codes(), Codes({"Client"}));
  EXPECT_EQ(fault->text(), "Failed to parse the request: Invalid parameter");
  EXPECT_EQ(fault_of(kEnvelope_1_2, "<s:Fault><s:Detail>only this</s:Detail></s:Fault>")->text(), "only this");
}

TEST(Fault, TellsWhateverTextThereIs) {
  const auto text = [](const std::string& parts, const char* uri = kEnvelope_1_1) {
    return fault_of(uri, "<s:Fault>" + parts + "</s:Fault>")->text();
  };
  EXPECT_EQ(text("<faultcode>s:Client</faultcode><faultstring/><detail><x><m>no order</m> <id> 7 </id></x></detail>"),
            "no order 7");
  EXPECT_EQ(text("<detail><m><![CDATA[no order]]></m></detail>"), "no order");
  EXPECT_EQ(text(" no order 7 "), "no order 7");
  EXPECT_EQ(text("<faultstring>no order</faultstring><detail><m>a trace</m></detail>"), "no order");
  EXPECT_EQ(text("<s:Reason><s:Text xml:lang='de'/><s:Text xml:lang='en'>no order</s:Text></s:Reason>", kEnvelope_1_2),
            "no order");
}

TEST(Fault, HasTheMoreGeneralCodesOf11) {
  const auto codes = [](const std::string& code) {
    return fault_of(kEnvelope_1_1, "<s:Fault><faultcode>" + code + "</faultcode></s:Fault>")->codes();
  };
  EXPECT_EQ(codes("s:Client.Authentication.Expired"),
            Codes({"Client.Authentication.Expired", "Client.Authentication", "Client"}));
  EXPECT_EQ(codes(".Client"), Codes({".Client"}));
  EXPECT_EQ(codes("{http://schemas.xmlsoap.org/soap/envelope/}Server"), Codes({"Server"}));
}

TEST(Fault, MayLackEverything) {
  for (const char* uri : {kEnvelope_1_1, kEnvelope_1_2}) {
    const auto fault = fault_of(uri, "<s:Fault/>");
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->codes(), Codes());
    EXPECT_EQ(fault->text(), "");
  }
  EXPECT_EQ(fault_of(kEnvelope_1_1, "<s:Fault><detail>text</detail><faultcode/></s:Fault>")->codes(), Codes());
  EXPECT_EQ(fault_of(kEnvelope_1_2, "<s:Fault><s:Code><s:Subcode/></s:Code><s:Reason/></s:Fault>")->codes(), Codes());
}

TEST(Fault, IsNotWhatOnlyLooksLikeOne) {
  EXPECT_FALSE(fault_of(kEnvelope_1_1, "<Fault/>"));
  EXPECT_FALSE(fault_of(kEnvelope_1_1, "<x:Fault xmlns:x='urn:x'><x:Code>7</x:Code><x:Reason/></x:Fault>"));
  EXPECT_FALSE(fault_of(kEnvelope_1_1, "<answer><s:Fault/></answer>"));
  EXPECT_FALSE(fault_of(kEnvelope_1_1, ""));
}

TEST(FaultWords, TakesTheMostTellingCodeThatHasAWord) {
  const FaultWords words(settings_for({{"faults.NotFound", "no_such_customer"}, {"faults.Server", "crm_down"}}));
  EXPECT_EQ(word_for(words, Fault({"NotFound", "Server"}, "")), "no_such_customer");
  EXPECT_EQ(word_for(words, Fault({"Other", "Server"}, "")), "crm_down");
  EXPECT_EQ(word_for(words, Fault({"Other", "Client"}, "")), "soap_fault");
  EXPECT_EQ(word_for(words, Fault({}, "")), "soap_fault");
}

TEST(FaultWords, TakesCodesWithDots) {
  const FaultWords words(settings_for({{"faults.Server", "a"}, {"faults.Server.Timeout", "b"}, {"faults.X.Y.Z", "c"}}));
  EXPECT_EQ(word_for(words, Fault({"Server"}, "")), "a");
  EXPECT_EQ(word_for(words, Fault({"Server.Timeout"}, "")), "b");
  EXPECT_EQ(word_for(words, Fault({"X.Y.Z"}, "")), "c");
  EXPECT_EQ(word_for(words, Fault({"X.Y"}, "")), "soap_fault");
}

TEST(FaultWords, TellsTheTextOrElseTheCode) {
  const FaultWords words(settings_for({}));
  EXPECT_EQ(words.failure(Fault({"NotFound"}, "no such customer")).message(), "no such customer");
  EXPECT_EQ(words.failure(Fault({"NotFound", "Server"}, "")).message(), "NotFound");
  EXPECT_EQ(words.failure(Fault({}, "")).message(), "the backend answered a fault");
}

TEST(FaultWords, TellsTheLogAllCodes) {
  const FaultWords words(settings_for({{"faults.Server", "crm_down"}}));
  EXPECT_EQ(words.failure(Fault({"NotFound", "Server"}, "no customer")).for_log(),
            "a fault (NotFound, Server): no customer");
}

TEST(FaultWords, TellsOnlyTheBeginningOfALongText) {
  const FaultWords words(settings_for({}));
  EXPECT_EQ(words.failure(Fault({}, std::string(100'000, 'x'))).message(), std::string(500, 'x'));
  EXPECT_EQ(words.failure(Fault({}, "x" + std::string(499, 'y') + "\xC3\xA4")).message().size(), 500U);
  EXPECT_EQ(words.failure(Fault({}, std::string(499, 'y') + "\xC3\xA4")).message().size(), 499U);
}

TEST(FaultWords, AreWordsThatMayBeACode) {
  for (const char* wrong : {"", "Not found", "NotFound", "no-such:customer"})
    EXPECT_EQ(refusal_of([&] {
                FaultWords(settings_for({{"faults.X", wrong}}));
              }),
              "setting \"faults.X\" must be a word of at most 64 of a-z, 0-9, _, ., -");
  EXPECT_NE(refusal_of([&] { FaultWords(settings_for({{"faults.X", std::string(65, 'x')}})); }), "it was taken");
  EXPECT_EQ(refusal_of([&] { FaultWords(settings_for({{"faults.X", std::string(64, 'x')}})); }), "it was taken");
}

TEST(FaultWords, RefusesCodesWithEmptyParts) {
  for (const char* code : {"faults.", "faults..X", "faults.X..Y", "faults.X."})
    EXPECT_NE(refusal_of([&] {
                auto settings = settings_for({{code, "x"}});
                const FaultWords words(settings);
                settings.seal();
              }),
              "it was taken")
        << code;
}

}  // namespace
}  // namespace soap
