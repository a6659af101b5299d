// SPDX-License-Identifier: Apache-2.0
#include "../envelope.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <cstdio>
#include <fstream>
#include <fulfill/document.hpp>
#include <string>
#include <string_view>

#include "../xpath.hpp"
#include "settings_for.hpp"

namespace soap {
namespace {

using fulfill::Settings;

std::string_view secret(std::string_view name) { return name == "password" ? "p<w&" : "k"; }

std::string rendered_envelope(Settings::Values values, SoapVersion version = SoapVersion::v1_1) {
  const auto settings = settings_for(std::move(values), {"password", "key"});
  return Envelope(settings, version).render(*fulfill::Document::parse(R"({"id":"a<b"})"), secret);
}

std::string refusal_of_envelope(Settings::Values values, Settings::Names secrets = {}) {
  return refusal_of([&] {
    const auto settings = settings_for(std::move(values), std::move(secrets));
    Envelope envelope(settings, SoapVersion::v1_1);
  });
}

/// A file that is gone with the test.
class RequestFile {
 public:
  explicit RequestFile(std::string_view text) : path_(testing::TempDir() + "soap_request_" + std::to_string(getpid())) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~RequestFile() { std::remove(path_.c_str()); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// What the header of the envelope holds at that path.
std::vector<std::string> in_header(const std::string& xml, const std::string& uri, std::string_view path) {
  const auto document = parse_xml(xml);
  const XPath::Namespaces namespaces = {
      {"soap", uri}, {"wsse", "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"}};
  std::vector<std::string> values;
  for (const auto* node : XPath("/soap:Envelope/soap:Header/" + std::string(path), namespaces).select(*document))
    values.push_back(string_value(*node));
  return values;
}

using Values = std::vector<std::string>;

TEST(Envelope, IsPutAroundTheRequest) {
  EXPECT_EQ(
      rendered_envelope({{"request", "<q>{{/id}}</q>"}}),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><q>a&lt;b</q></soap:Body>"
      "</soap:Envelope>");
}

TEST(Envelope, IsOfItsVersion) {
  const auto document = parse_xml(rendered_envelope({{"request", "<q/>"}}, SoapVersion::v1_2));
  EXPECT_EQ(document->documentElement()->namespaceURI(), "http://www.w3.org/2003/05/soap-envelope");
}

TEST(Envelope, HasAHeaderIfSet) {
  const std::string xml =
      rendered_envelope({{"request", "<q/>"}, {"header", "<t soap:mustUnderstand='1'>{{secret:key}}</t>"}});
  EXPECT_EQ(in_header(xml, kEnvelope_1_1, "t"), Values({"k"}));
  EXPECT_EQ(in_header(xml, kEnvelope_1_1, "t/@soap:mustUnderstand"), Values({"1"}));
}

TEST(Envelope, HasAUsernameTokenIfSet) {
  const std::string xml = rendered_envelope({{"request", "<q/>"}, {"username", "A&B"}, {"header", "<t/>"}});
  const std::string token = "wsse:Security/wsse:UsernameToken/";
  EXPECT_EQ(in_header(xml, kEnvelope_1_1, token + "wsse:Username"), Values({"A&B"}));
  EXPECT_EQ(in_header(xml, kEnvelope_1_1, token + "wsse:Password"), Values({"p<w&"}));
  EXPECT_EQ(
      in_header(xml, kEnvelope_1_1, token + "wsse:Password/@Type"),
      Values({"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"}));
  EXPECT_EQ(in_header(xml, kEnvelope_1_1, "wsse:Security/@soap:mustUnderstand"), Values({"1"}));
  EXPECT_EQ(in_header(xml, kEnvelope_1_1, "t"), Values({""}));
  const std::string xml_1_2 = rendered_envelope({{"request", "<q/>"}, {"username", "A"}}, SoapVersion::v1_2);
  EXPECT_EQ(in_header(xml_1_2, kEnvelope_1_2, "wsse:Security/@soap:mustUnderstand"), Values({"true"}));
}

TEST(Envelope, MayHaveASecretUsername) {
  const std::string xml = rendered_envelope({{"request", "<q/>"}, {"username", "{{secret:key}}"}});
  EXPECT_EQ(in_header(xml, kEnvelope_1_1, "wsse:Security/wsse:UsernameToken/wsse:Username"), Values({"k"}));
  EXPECT_EQ(refusal_of_envelope({{"request", "<q/>"}, {"username", "{{secret:user}}"}}, {"password"}),
            "secret \"user\" is missing");
}

TEST(Envelope, RequiresTheSecretsThatItUses) {
  EXPECT_EQ(refusal_of_envelope({{"request", "<q/>"}, {"username", "A"}}), "secret \"password\" is missing");
  EXPECT_EQ(refusal_of_envelope({{"request", "<q>{{secret:key}}</q>"}}), "secret \"key\" is missing");
  EXPECT_EQ(refusal_of_envelope({{"request", "<q/>"}, {"header", "<t>{{secret:key}}</t>"}}),
            "secret \"key\" is missing");
}

TEST(Envelope, TakesTheRequestFromAFile) {
  const RequestFile file("<q>\n{{/id}}</q>\n");
  EXPECT_NE(rendered_envelope({{"request_file", file.path()}}).find("<soap:Body><q>\na&lt;b</q>\n</soap:Body>"),
            std::string::npos);
}

TEST(Envelope, LeavesTheByteOrderMarkOfAFileOut) {
  const RequestFile file("\xEF\xBB\xBF<q/>");
  EXPECT_NE(rendered_envelope({{"request_file", file.path()}}).find("<soap:Body><q/></soap:Body>"), std::string::npos);
}

TEST(Envelope, RefusesAFileThatItCannotUse) {
  EXPECT_EQ(refusal_of_envelope({{"request_file", "request.xml"}}),
            "setting \"request_file\": request.xml must be an absolute path");
  EXPECT_EQ(refusal_of_envelope({{"request_file", "/nowhere/request.xml"}}),
            "setting \"request_file\": /nowhere/request.xml cannot be read");
  EXPECT_EQ(refusal_of_envelope({{"request_file", "/"}}), "setting \"request_file\": / cannot be read");
  EXPECT_EQ(refusal_of_envelope({{"request_file", "/dev/zero"}}),
            "setting \"request_file\": /dev/zero is larger than 1 MiB");
  const RequestFile broken("<q>");
  EXPECT_EQ(refusal_of_envelope({{"request_file", broken.path()}}).substr(0, 36),
            "setting \"request_file\": Tag mismatch");
}

TEST(Envelope, WantsOneRequest) {
  const std::string sentence = "one of the settings \"request\" and \"request_file\" must be set, and only one";
  EXPECT_EQ(refusal_of_envelope({}), sentence);
  EXPECT_EQ(refusal_of_envelope({{"request", "<q/>"}, {"request_file", "/dev/null"}}), sentence);
}

TEST(Envelope, RefusesWhatWouldNotBeWellFormed) {
  EXPECT_EQ(refusal_of_envelope({{"request", "<q>"}}).substr(0, 31), "setting \"request\": Tag mismatch");
  EXPECT_EQ(refusal_of_envelope({{"request", "<p:q/>"}}).substr(0, 33), "setting \"request\": Unbound prefix");
  EXPECT_EQ(refusal_of_envelope({{"request", "<q/>"}, {"header", "</soap:Header>"}}).substr(0, 30),
            "setting \"header\": Tag mismatch");
  EXPECT_NE(refusal_of_envelope({{"request", "</content><content>"}}), "it was taken");
  EXPECT_NE(refusal_of_envelope({{"request", "<!DOCTYPE q><q/>"}}), "it was taken");
  EXPECT_NE(refusal_of_envelope({{"request", "<?xml version='1.0'?><q/>"}}), "it was taken");
  EXPECT_EQ(refusal_of_envelope({{"request", "text"}}), "setting \"request\": it holds no element");
}

TEST(Envelope, RefusesASecondEnvelope) {
  EXPECT_EQ(refusal_of_envelope({{"request", "<s:Envelope xmlns:s='urn:s'/>"}}),
            "setting \"request\": give what stands inside of soap:Body or soap:Header; the envelope is added");
}

TEST(EnvelopeOfAnAnswer, HasABody) {
  for (const std::string uri : {kEnvelope_1_1, kEnvelope_1_2}) {
    const auto document = parse_xml("<e:Envelope xmlns:e='" + uri + "'><e:Header/><e:Body><r/></e:Body></e:Envelope>");
    EXPECT_EQ(first_element(body_of(*document))->localName(), "r");
  }
}

TEST(EnvelopeOfAnAnswer, IsNothingElse) {
  const auto refused = [](const std::string& xml) -> std::string {
    try {
      const auto document = parse_xml(xml);
      return "body: " + body_of(*document).nodeName();
    } catch (const XmlError& error) {
      return error.what();
    }
  };
  EXPECT_EQ(refused("<html/>"), "its root is html, not a SOAP envelope");
  EXPECT_EQ(refused("<Envelope/>"), "its root is Envelope, not a SOAP envelope");
  EXPECT_EQ(refused("<" + std::string(1000, 'x') + "/>"),
            "its root is " + std::string(40, 'x') + ", not a SOAP envelope");
  EXPECT_EQ(refused("<e:Envelope xmlns:e='" + std::string(kEnvelope_1_1) + "'><Body/></e:Envelope>"),
            "its envelope has no body");
}

}  // namespace
}  // namespace soap
