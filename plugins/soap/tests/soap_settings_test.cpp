// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fulfill/testing.hpp>
#include <string>

#include "../soap_version.hpp"

namespace {

using fulfill::Json;
using fulfill::testing::Bench;
using soap::kEnvelope_1_1;
using soap::kEnvelope_1_2;

constexpr const char* kEndpoint = "https://crm.example/soap";

/// Why the adapter refuses it.
std::string refusal_with(const std::string& name, const std::string& value) {
  Bench bench;
  bench.setting("url", kEndpoint).setting("request", "<q/>").setting(name, value);
  return bench.refusal();
}

TEST(SoapSettings, AreRefusedByName) {
  EXPECT_EQ(refusal_with("url", "ftp://crm.example"), "setting \"url\" must be an absolute http or https URL");
  EXPECT_EQ(refusal_with("url", "https://crm.example:70000/s"),
            "setting \"url\" has a port that is not within 1 to 65535");
  EXPECT_EQ(refusal_with("version", "1.3"), "setting \"version\" is \"1.3\"; it may be one of 1.1, 1.2");
  EXPECT_EQ(refusal_with("operation", "quick"),
            "setting \"operation\" is \"quick\"; it may be one of safe, idempotent, unsafe");
  EXPECT_EQ(refusal_with("max_answer", "0"),
            "setting \"max_answer\" is \"0\"; it must be a whole number from 1 to 16777216");
  for (const char* action : {"a\"b", "a\\b", "a\r\nX: y", "a\x01"})
    EXPECT_EQ(refusal_with("soap_action", action),
              "setting \"soap_action\" must not hold quotes, backslashes or control characters");
  EXPECT_EQ(refusal_with("result.x", "a["),
            "setting \"result.x\": in a[ at character 3 stands the end, instead of a name");
  EXPECT_EQ(refusal_with("faults.X", "Not Found"),
            "setting \"faults.X\" must be a word of at most 64 of a-z, 0-9, _, ., -");
  EXPECT_EQ(refusal_with("request", "<q>{{id}}</q>"),
            "setting \"request\": {{id}} must hold a JSON Pointer such as /customer/id, or secret:NAME");
  EXPECT_EQ(refusal_with("username", "A"), "secret \"password\" is missing");
  EXPECT_EQ(refusal_with("request_file", "/dev/null"),
            "one of the settings \"request\" and \"request_file\" must be set, and only one");
  EXPECT_EQ(refusal_with("timeout", "5").substr(0, 25), "unknown setting \"timeout\"");
}

TEST(SoapSettings, MayRedefineThePrefixSoapAndKnowThePrefixXml) {
  Bench bench;
  bench.setting("url", kEndpoint)
      .setting("request", "<q/>")
      .setting("result.lang", "x/@xml:lang")
      .setting("result.id", "/soap:Envelope/soap:Header/id");
  bench.on("POST", kEndpoint)
      .answer(200, std::string("<s:Envelope xmlns:s='") + kEnvelope_1_1 +
                       "'><s:Header><id>7</id></s:Header><s:Body><x xml:lang='de'/></s:Body></s:Envelope>");
  EXPECT_EQ(bench.run("{}").json(), Json({{"lang", "de"}, {"id", "7"}}));
  bench.setting("namespaces.soap", kEnvelope_1_2).setting("operation", "safe");
  EXPECT_EQ(bench.run("{}").code(), "backend_bad_answer");
}

TEST(SoapSettings, RefuseASecretThatNothingUses) {
  Bench bench;
  bench.setting("url", kEndpoint).setting("request", "<q/>").secret("password", "p");
  EXPECT_EQ(bench.refusal().substr(0, 25), "unknown secret \"password\"");
}

}  // namespace
