// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <fulfill/testing.hpp>
#include <string>

#include "../soap_version.hpp"

namespace {

using namespace std::chrono_literals;
using fulfill::Json;
using fulfill::testing::Bench;
using soap::kEnvelope_1_1;
using soap::kEnvelope_1_2;

constexpr const char* kUrl = "https://crm.example/soap";

std::string envelope(const std::string& body, const char* uri = kEnvelope_1_1) {
  return std::string("<s:Envelope xmlns:s='") + uri + "'><s:Body>" + body + "</s:Body></s:Envelope>";
}

std::string customer(const std::string& name) {
  return envelope("<c:GetCustomerResponse xmlns:c='urn:crm'><c:name>" + name +
                  "</c:name><c:balance>12.50</c:balance></c:GetCustomerResponse>");
}

std::string not_found(const std::string& text = "no customer 42") {
  return envelope("<s:Fault><faultcode>s:Server</faultcode><faultstring>" + text +
                  "</faultstring><detail><c:NotFound xmlns:c='urn:crm'/></detail></s:Fault>");
}

/// An operation that looks a customer up.
class Soap : public testing::Test {
 protected:
  Soap() {
    bench.setting("url", kUrl)
        .setting("soap_action", "urn:crm/GetCustomer")
        .setting("request", "<c:GetCustomer xmlns:c='urn:crm'><c:id>{{/id}}</c:id></c:GetCustomer>")
        .setting("namespaces.c", "urn:crm")
        .setting("result.name", "c:GetCustomerResponse/c:name")
        .setting("result.balance", "c:GetCustomerResponse/c:balance")
        .setting("types.balance", "number")
        .setting("faults.NotFound", "no_such_customer");
  }

  auto& backend() { return bench.on("POST", kUrl); }
  auto look_up() { return bench.run(R"({"id":"42"})"); }

  Bench bench;
};

TEST_F(Soap, CallsAnOperationOfVersion11) {
  backend().answer(200, customer("Ada"), {{"Content-Type", "text/xml; charset=utf-8"}});
  EXPECT_EQ(look_up().json(), Json({{"name", "Ada"}, {"balance", 12.5}}));
  ASSERT_EQ(bench.calls().size(), 1U);
  const auto& call = bench.calls()[0];
  EXPECT_EQ(call.header("Content-Type"), "text/xml; charset=utf-8");
  EXPECT_EQ(call.header("Accept"), "text/xml");
  EXPECT_EQ(call.header("SOAPAction"), "\"urn:crm/GetCustomer\"");
  EXPECT_EQ(call.header("Authorization"), "");
  EXPECT_EQ(call.body(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><c:GetCustomer "
            "xmlns:c='urn:crm'><c:id>42</c:id></c:GetCustomer></soap:Body></soap:Envelope>");
}

TEST_F(Soap, CallsAnOperationOfVersion12) {
  bench.setting("version", "1.2");
  backend().answer(200, envelope("<c:GetCustomerResponse xmlns:c='urn:crm'><c:name>Ada</c:name><c:balance>1</c:balance>"
                                 "</c:GetCustomerResponse>",
                                 kEnvelope_1_2));
  EXPECT_EQ(look_up().json(), Json({{"name", "Ada"}, {"balance", 1.0}}));
  const auto& call = bench.calls()[0];
  EXPECT_EQ(call.header("Content-Type"), "application/soap+xml; charset=utf-8; action=\"urn:crm/GetCustomer\"");
  EXPECT_EQ(call.header("Accept"), "application/soap+xml");
  EXPECT_EQ(call.header("SOAPAction"), "");
  EXPECT_NE(call.body().find("xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\""), std::string::npos);
}

TEST_F(Soap, AlwaysHasASoapActionIn11) {
  bench.setting("soap_action", "");
  backend().answer(200, customer("Ada"));
  look_up();
  EXPECT_EQ(bench.calls()[0].header("SOAPAction"), "\"\"");
}

TEST_F(Soap, NeedsNoActionIn12) {
  bench.setting("soap_action", "").setting("version", "1.2");
  backend().answer(200, customer("Ada"));
  EXPECT_TRUE(look_up().complete()) << "an answer of the other version will do";
  EXPECT_EQ(bench.calls()[0].header("Content-Type"), "application/soap+xml; charset=utf-8");
}

TEST_F(Soap, IsUnsafeUnlessSaidOtherwise) {
  backend().answer(200, customer("Ada"));
  look_up();
  EXPECT_EQ(bench.calls()[0].operation(), fulfill::Operation::unsafe);
  bench.setting("operation", "safe");
  look_up();
  EXPECT_EQ(bench.calls()[0].operation(), fulfill::Operation::safe);
  bench.setting("operation", "idempotent");
  look_up();
  EXPECT_EQ(bench.calls()[0].operation(), fulfill::Operation::idempotent);
}

TEST_F(Soap, KeepsWhatTheCallerTypedInAsText) {
  backend().answer(200, customer("Ada"));
  bench.run(R"({"id":"</c:id></c:GetCustomer><c:DeleteCustomer/>"})");
  EXPECT_NE(bench.calls()[0].body().find("<c:id>&lt;/c:id&gt;&lt;/c:GetCustomer&gt;&lt;c:DeleteCustomer/&gt;</c:id>"),
            std::string::npos);
}

TEST_F(Soap, CallsNobodyForAnInputThatItCannotUse) {
  const auto outcome = bench.run(R"({"name":"Ada"})");
  EXPECT_EQ(outcome.code(), "bad_input");
  EXPECT_EQ(outcome.message(), "the input's /id is missing");
  EXPECT_TRUE(bench.calls().empty());
}

TEST_F(Soap, ShowsItsSecretsToNobodyButTheBackend) {
  bench.setting("username", "fulfilld").secret("password", "p<w").secret("authorization", "Basic Zm9v");
  backend().answer(200, not_found());
  const auto outcome = look_up();
  const auto& call = bench.calls()[0];
  EXPECT_EQ(call.header("Authorization"), "Basic Zm9v");
  EXPECT_NE(call.body().find(">p&lt;w</wsse:Password>"), std::string::npos);
  EXPECT_EQ(outcome.message(), "no customer 42");
  ASSERT_EQ(bench.logs().size(), 1U);
  EXPECT_EQ(bench.logs()[0].text(), "POST https://crm.example/soap: a fault (NotFound, Server): no customer 42");
}

TEST_F(Soap, TurnsAFaultIntoItsWord) {
  for (const int status : {200, 400, 500, 503}) {
    Bench other;
    other.setting("url", kUrl).setting("request", "<q/>").setting("faults.NotFound", "no_such_customer");
    other.on("POST", kUrl).answer(status, not_found(), {{"Content-Type", "text/xml"}});
    const auto outcome = other.run("{}");
    EXPECT_EQ(outcome.code(), "no_such_customer") << status;
    EXPECT_EQ(outcome.message(), "no customer 42") << status;
  }
}

TEST_F(Soap, TakesNoFaultOfAGatewayForTheOutcomeOfAnUnsafeOperation) {
  for (const int status : {502, 504}) {
    Bench other;
    other.setting("url", kUrl).setting("request", "<q/>").setting("faults.NotFound", "no_such_customer");
    other.on("POST", kUrl).answer(status, not_found(), {{"Content-Type", "text/xml"}});
    EXPECT_EQ(other.run("{}").code(), "outcome_unknown") << status;
  }
}

TEST_F(Soap, CallsAFaultWithoutAWordASoapFault) {
  backend().answer(500, envelope("<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text>out of order"
                                 "</s:Text></s:Reason></s:Fault>",
                                 kEnvelope_1_2));
  const auto outcome = look_up();
  EXPECT_EQ(outcome.code(), "soap_fault");
  EXPECT_EQ(outcome.message(), "out of order");
}

TEST_F(Soap, LeavesAStatusAsItIsIfNoFaultCameWithIt) {
  const std::string html = "<html><body>Internal Server Error<br></body></html>";
  for (const std::string& body : {html, std::string(), std::string("<html/>"), customer("Ada"),
                                  std::string("<s:Envelope"), std::string("<!DOCTYPE html><html></html>")}) {
    Bench other;
    other.setting("url", kUrl).setting("request", "<q/>");
    other.on("POST", kUrl).answer(500, body, {{"Content-Type", "text/html"}});
    const auto outcome = other.run("{}");
    EXPECT_EQ(outcome.code(), "backend_status") << body;
    EXPECT_EQ(outcome.message().substr(0, 55), "POST https://crm.example/soap: the backend answered 500") << body;
    EXPECT_NE(outcome.message().find("(text/html)"), std::string::npos) << outcome.message();
  }
}

TEST_F(Soap, LeavesOtherFailuresAsTheyAre) {
  backend().timeout();
  EXPECT_EQ(look_up().code(), "outcome_unknown");
  bench.setting("operation", "safe");
  EXPECT_EQ(look_up().code(), "backend_timeout");
  backend().unreachable();
  EXPECT_EQ(look_up().code(), "backend_unreachable");
  backend().failure("circuit_open");
  EXPECT_EQ(look_up().code(), "circuit_open");
  EXPECT_EQ(look_up().message(), "POST https://crm.example/soap: it did not work");
}

std::string answered(const std::string& body, const std::string& type, const std::string& operation = "safe") {
  Bench other;
  other.setting("url", kUrl).setting("request", "<q/>").setting("result.x", "x").setting("operation", operation);
  fulfill::testing::ScriptedAnswer::Headers headers;
  if (!type.empty()) headers.emplace_back("Content-Type", type);
  other.on("POST", kUrl).answer(200, body, headers);
  const auto outcome = other.run("{}");
  return outcome.code() + ": " + outcome.message();
}

TEST_F(Soap, SaysWhyAnAnswerIsNoSoap) {
  const std::string call = "backend_bad_answer: POST https://crm.example/soap: ";
  const std::string start = call + "the backend's answer is no SOAP: status 200, ";
  EXPECT_EQ(answered("<html/>", ""), start + "no media type: its root is html, not a SOAP envelope");
  EXPECT_EQ(answered("{}", "text/xml"), start + "text/xml: Invalid token in line 1 column 0");
  EXPECT_EQ(answered("", "text/xml"), start + "text/xml: No element found in line 1 column 0");
  EXPECT_EQ(answered("<!DOCTYPE x><x/>", "application/xml"),
            start + "application/xml: it has a DTD, which SOAP forbids");
  EXPECT_EQ(answered(envelope(""), "text/xml"), call + "the answer has no value for result.x");
}

TEST_F(Soap, SaysWhatCameInPlaceOfSoap) {
  const std::string start =
      "backend_bad_answer: POST https://crm.example/soap: the backend's answer is no SOAP: status 200, ";
  EXPECT_EQ(answered("<!DOCTYPE html><title>Sign\nin</title>", "Text/HTML; charset=utf-8"),
            start + "text/html: <!DOCTYPE html><title>Sign in</title>");
  EXPECT_EQ(answered(R"({"error":"expired"})", "application/json"),
            start + "application/json: {\"error\":\"expired\"}");
  EXPECT_EQ(answered("", "text/plain"), start + "text/plain");
  EXPECT_EQ(answered(std::string(1000, '\xFF'), "image/png"), start + "image/png: " + std::string(100, '?'));
  EXPECT_EQ(answered("--b\r\n\r\n{}\r\n--b--", "multipart/related; boundary=b"),
            start + "multipart/related: Invalid token in line 1 column 0");
  EXPECT_EQ(answered("x", "multipart/mixed"), start + "multipart/mixed: its Content-Type names no boundary");
}

TEST_F(Soap, ReadsSoapWhateverTheMediaTypeSays) {
  backend().answer(200, customer("Ada"), {{"Content-Type", "text/html"}});
  EXPECT_EQ(look_up().json().at("name"), "Ada");
}

TEST_F(Soap, ReadsTheSoapInAMultipart) {
  const std::string part =
      "--uuid:b58\r\nContent-Type: application/xop+xml; charset=ISO-8859-1; type=\"text/xml\"\r\n"
      "Content-ID: <0@x>\r\n\r\n" +
      customer("Z\xFCrich") + "\r\n--uuid:b58--\r\n";
  backend().answer(200, part,
                   {{"Content-Type",
                     "multipart/related; type=\"application/xop+xml\"; start=\"<0@x>\"; "
                     "boundary=\"uuid:b58\"; start-info=\"text/xml; charset=UTF-7\""}});
  EXPECT_EQ(look_up().json().at("name"), "Z\xC3\xBCrich");
}

TEST_F(Soap, FindsAFaultInAMultipart) {
  backend().answer(500, "--b\r\n\r\n" + not_found() + "\r\n--b--", {{"Content-Type", "multipart/related; boundary=b"}});
  EXPECT_EQ(look_up().code(), "no_such_customer");
}

TEST_F(Soap, SaysThatAnUnsafeOperationMayHaveBeenCarriedOutIfItsAnswerIsNotAsItShouldBe) {
  for (const std::string& body : {std::string("<html/>"), std::string("{}"), envelope(""), std::string()}) {
    const std::string told = answered(body, "text/xml", "unsafe");
    EXPECT_EQ(told.substr(0, 16), "outcome_unknown:") << told;
    EXPECT_NE(told.find("may have been carried out"), std::string::npos) << told;
    EXPECT_EQ(answered(body, "text/xml", "idempotent").substr(0, 19), "backend_bad_answer:");
  }
  EXPECT_EQ(answered(not_found(), "text/xml", "unsafe"), "soap_fault: no customer 42") << "a fault says what happened";
  Bench other;
  other.setting("url", kUrl).setting("request", "<q/>").setting("max_answer", "10");
  other.on("POST", kUrl).answer(200, customer("Ada"));
  EXPECT_EQ(other.run("{}").code(), "outcome_unknown");
}

TEST_F(Soap, PassesOverAByteOrderMark) {
  backend().answer(200, "\xEF\xBB\xBF" + customer("Ada"), {{"Content-Type", "text/xml; charset=ISO-8859-1"}});
  EXPECT_EQ(look_up().json().at("name"), "Ada");
}

TEST_F(Soap, KeepsTheDigitsOfNumbersBothWays) {
  bench.setting("result.balance", "c:GetCustomerResponse/c:name");
  backend().answer(200, customer("12345678901234567890123456789.10"));
  EXPECT_EQ(bench.run(R"({"id":89014103211118510720})").document().find("balance")->digits(),
            "12345678901234567890123456789.10");
  EXPECT_NE(bench.calls()[0].body().find("<c:id>89014103211118510720</c:id>"), std::string::npos);
}

TEST_F(Soap, ReadsTheCharsetOfTheContentType) {
  backend().answer(200, customer("Z\xFCrich"), {{"content-type", "text/xml; charset=ISO-8859-1"}});
  EXPECT_EQ(look_up().json().at("name"), "Z\xC3\xBCrich");
}

TEST_F(Soap, ReadsTheCharsetOfTheDocument) {
  backend().answer(200, "<?xml version='1.0' encoding='ISO-8859-1'?>" + customer("Z\xFCrich"));
  EXPECT_EQ(look_up().json().at("name"), "Z\xC3\xBCrich");
}

TEST_F(Soap, TakesAnEmptyAnswerIfNothingIsWantedOfIt) {
  Bench one_way;
  one_way.setting("url", kUrl).setting("request", "<q/>");
  one_way.on("POST", kUrl).answer(202);
  EXPECT_EQ(one_way.run("{}").json(), Json::object());
}

TEST_F(Soap, LooksForAFaultEvenIfNothingIsWantedOfTheAnswer) {
  Bench one_way;
  one_way.setting("url", kUrl).setting("request", "<q/>");
  one_way.on("POST", kUrl).answer(200, not_found());
  EXPECT_EQ(one_way.run("{}").code(), "soap_fault");
}

TEST_F(Soap, ReadsLargeAnswersOnAThreadThatMayBlock) {
  bench.hold_blocking();
  backend().answer(200, customer(std::string(20'000, 'x')));
  bench.start(R"({"id":"42"})");
  EXPECT_FALSE(bench.outcome());
  EXPECT_EQ(bench.waiting(), 1U);
  bench.cancel();
}

TEST_F(Soap, ReadsSmallAnswersAtOnce) {
  bench.hold_blocking();
  backend().answer(200, customer("Ada"));
  EXPECT_EQ(look_up().json().at("name"), "Ada");
}

TEST_F(Soap, ReadsLargeAnswersAsSmallOnes) {
  const std::string name(500'000, 'x');
  backend()
      .answer(200, customer(name))
      .answer(500, not_found(name))
      .answer(500, "<html>" + name)
      .answer(200, "<html>" + name);
  EXPECT_EQ(look_up().json().at("name"), name);
  EXPECT_EQ(look_up().code(), "no_such_customer");
  EXPECT_EQ(look_up().code(), "backend_status");
  EXPECT_EQ(look_up().code(), "outcome_unknown") << "nobody said that it is safe";
}

TEST_F(Soap, ReadsNoAnswerLongerThanItsLimit) {
  bench.setting("max_answer", "1000").setting("operation", "safe");
  backend().answer(200, customer(std::string(1000, 'x'))).answer(500, not_found(std::string(1000, 'x')));
  const auto outcome = look_up();
  EXPECT_EQ(outcome.code(), "answer_too_large");
  EXPECT_EQ(outcome.message(), "POST https://crm.example/soap: the answer is longer than max_answer");
  EXPECT_EQ(look_up().code(), "backend_status");
}

/// A host all of whose threads for blocking work are taken.
class BusyHost {
 public:
  BusyHost() : adapter(fulfill_adapter_v1) {
    adapter.start = [](fulfill_adapter* instance, const fulfill_start_v1* start) {
      static fulfill_host_v1 host;
      host = *start->host;
      host.blocking = [](fulfill_caller*, const fulfill_work_v1* work, fulfill_failure* failure) -> std::uint64_t {
        work->release(work->state);
        *failure = {{"queue_full", 10}, {"too many", 8}};
        return 0;
      };
      fulfill_start_v1 busy = *start;
      busy.host = &host;
      return fulfill_adapter_v1.start(instance, &busy);
    };
  }
  fulfill_descriptor_v1 adapter;
};

TEST_F(Soap, SaysThatAnUnsafeOperationMayHaveBeenCarriedOutIfItsAnswerCannotBeRead) {
  const BusyHost busy;
  Bench other(busy.adapter);
  other.setting("url", kUrl).setting("request", "<q/>");
  other.on("POST", kUrl).answer(200, customer(std::string(20'000, 'x')));
  const auto outcome = other.run("{}");
  EXPECT_EQ(outcome.code(), "outcome_unknown");
  EXPECT_EQ(outcome.message(), "POST https://crm.example/soap: the answer could not be read: too many");
  other.setting("operation", "idempotent");
  EXPECT_EQ(other.run("{}").code(), "queue_full");
}

}  // namespace
