// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/ingress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/runtime/ingress/ingress_fixture.hpp"

namespace fulfilld {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

FakeJournal::Accept answering(AcceptAnswer::Status status) {
  return [status](const Execution& execution) { return AcceptAnswer{status, execution.id}; };
}

TEST(Ingress, AcceptsAnExecutionAndAnswersItsId) {
  IngressUnderTest server;
  const auto answer = server.answer_to(post(execute_body("f-1"), "/execute", "ININ-Correlation-Id: abc-1\r\n"));
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, R"({"status":"accepted","executionId":"f-1"})");
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_THAT(answer.header("Date"), HasSubstr("GMT"));

  const auto accepted = server.journal.accepted();
  ASSERT_THAT(accepted, SizeIs(1));
  EXPECT_EQ(accepted[0]->id, "f-1");
  EXPECT_EQ(accepted[0]->action, "default");
  EXPECT_EQ(accepted[0]->fulfillment_url.host, "api.mypurecloud.com");
  EXPECT_EQ(accepted[0]->fulfillment_token, "token-1");
  EXPECT_EQ(accepted[0]->data, R"({"a":1})");
  EXPECT_EQ(accepted[0]->correlation_id, "abc-1");
  EXPECT_GT(accepted[0]->accepted_at, WallTime{});
  EXPECT_EQ(server.admission.in_flight(), 1u);
}

TEST(Ingress, RunsTheActionOfThePath) {
  IngressUnderTest server;
  EXPECT_EQ(server.answer_to(post(execute_body(), "/execute/crm?trace=1")).status, 202);
  ASSERT_THAT(server.journal.accepted(), SizeIs(1));
  EXPECT_EQ(server.journal.accepted()[0]->action, "crm");
}

TEST(Ingress, RefusesAnUnknownActionWithoutReadingTheBody) {
  IngressUnderTest server;
  RawClient client(server.ingress.port());
  client.send(
      "POST /execute/nope HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n");
  const auto answer = client.receive();
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.member("code"), "unknown_action");
  EXPECT_EQ(answer.header("Connection"), "close");
}

TEST(Ingress, RefusesAnActionThatHasNoAdapterForAsLongAsThatIsSo) {
  IngressUnderTest server;
  server.crm_has_adapter = false;
  const auto refused = server.answer_to(post(execute_body(), "/execute/crm"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.member("code"), "adapter_unavailable");
  EXPECT_EQ(refused.header("Retry-After"), "5");
  EXPECT_EQ(server.answer_to(post(execute_body("f-1"))).status, 202) << "others go on";
  server.crm_has_adapter = true;
  EXPECT_EQ(server.answer_to(post(execute_body("f-2"), "/execute/crm")).status, 202);
}

TEST(Ingress, KeepsDataByteForByte) {
  const std::string data =
      "{ \"u\\u00e9\" :  [1e400, 12345678901234567890123, -0.0, 1.10 ],\n\t\"s\":\"a\\/b \\ud83d\\ude00 \xc3\xa9\" , "
      "\"fulfillmentUrl\":null }";
  IngressUnderTest server;
  EXPECT_EQ(server.answer_to(post(execute_body("f-1", "  " + data + " \r\n"))).status, 202);
  ASSERT_THAT(server.journal.accepted(), SizeIs(1));
  EXPECT_EQ(server.journal.accepted()[0]->data, data);
}

TEST(Ingress, KeepsLargeDataByteForByte) {
  IngressUnderTest server;
  for (const std::size_t size : {std::size_t{60000}, std::size_t{65536}, std::size_t{700000}}) {
    std::string data = "[\"";
    while (data.size() < size) data += "\\u0041 \xe2\x82\xac ";
    data += "\", 99999999999999999999999 ]";
    EXPECT_EQ(server.answer_to(post(execute_body("f-1", data))).status, 202);
    EXPECT_TRUE(server.journal.accepted().back()->data == data) << size;
  }
}

TEST(Ingress, NamesAnExecutionItselfWhereTheUrlDoesNot) {
  IngressUnderTest server;
  const auto answer = server.answer_to(post(R"({"fulfillmentUrl":"https://api.mypurecloud.com/x/","data":0})"));
  EXPECT_EQ(answer.status, 202);
  EXPECT_THAT(answer.member("executionId"), testing::MatchesRegex("[0-9a-f]{32}"));
}

TEST(Ingress, IgnoresACorrelationIdThatIsTooLongOrNotPrintable) {
  IngressUnderTest server;
  for (const std::string& id : {std::string(129, 'x'), std::string("\xc3\xa9")})
    EXPECT_EQ(server.answer_to(post(execute_body(), "/execute", "ININ-Correlation-Id: " + id + "\r\n")).status, 202);
  ASSERT_THAT(server.journal.accepted(), SizeIs(2));
  EXPECT_THAT(server.journal.accepted()[0]->correlation_id, IsEmpty());
  EXPECT_THAT(server.journal.accepted()[1]->correlation_id, IsEmpty());
}

TEST(Ingress, AnswersARepeatAsAcceptedWithTheFirstId) {
  IngressUnderTest server({}, [](const Execution&) { return AcceptAnswer{AcceptAnswer::Status::repeated, "first"}; });
  const auto answer = server.answer_to(post(execute_body("f-1")));
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.member("executionId"), "first");
  EXPECT_EQ(server.admission.in_flight(), 0u);
}

TEST(Ingress, AnswersAConflict) {
  IngressUnderTest server({}, answering(AcceptAnswer::Status::conflict));
  const auto answer = server.answer_to(post(execute_body()));
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.member("code"), "key_conflict");
  EXPECT_EQ(answer.member("detail"), "It was accepted as execution f-1");
  EXPECT_EQ(server.admission.in_flight(), 0u);
}

TEST(Ingress, Answers503WhileTheJournalIsUnavailable) {
  IngressUnderTest server({}, answering(AcceptAnswer::Status::unavailable));
  const auto answer = server.answer_to(post(execute_body()));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.member("code"), "journal_unavailable");
  EXPECT_EQ(answer.header("Retry-After"), "5");
  EXPECT_EQ(server.admission.in_flight(), 0u);
}

TEST(Ingress, Answers500WhenTheJournalThrows) {
  IngressUnderTest server({}, [](const Execution&) -> AcceptAnswer { throw std::runtime_error("broken"); });
  const auto answer = server.answer_to(post(execute_body()));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.member("code"), "internal_error");
  EXPECT_EQ(answer.body.find("broken"), std::string::npos) << "what went wrong inside is not for the client";
  EXPECT_THAT(server.events.events(), testing::ElementsAre("ingress: A request could not be answered: broken"));
  EXPECT_EQ(server.admission.in_flight(), 0u);
}

TEST(Ingress, Answers503AboveTheBoundOfAdmission) {
  IngressUnderTest server({}, {}, {.executions = 1});
  EXPECT_EQ(server.answer_to(post(execute_body("f-1"))).status, 202);
  const auto answer = server.answer_to(post(execute_body("f-2")));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.member("code"), "overloaded");
  EXPECT_EQ(answer.header("Retry-After"), "1");
  EXPECT_THAT(server.journal.accepted(), SizeIs(1));
}

TEST(Ingress, Answers503WithTheFiguresWhereTheBytesWouldExceedTheBound) {
  IngressUnderTest server({}, {}, {.bytes = 20000});
  const auto large = execute_body("f-1", '"' + std::string(15000, 'x') + '"');
  EXPECT_EQ(server.answer_to(post(large)).status, 202);
  const auto answer = server.answer_to(post(large));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.member("code"), "overloaded");
  EXPECT_THAT(answer.member("detail"), HasSubstr("limits.max_bytes is 20000"));
  EXPECT_EQ(answer.header("Retry-After"), "1");
  EXPECT_EQ(server.answer_to(post(execute_body("f-2"))).status, 202) << "a small one still fits";
}

TEST(Ingress, PassesTheIdempotencyKeyOn) {
  IngressUnderTest server;
  const auto key_of = [&](const std::string& headers) {
    EXPECT_EQ(server.answer_to(post(execute_body(), "/execute", headers)).status, 202) << headers;
    return server.journal.accepted().back()->idempotency_key;
  };
  EXPECT_EQ(key_of(""), "");
  EXPECT_EQ(key_of("Idempotency-Key: key-1\r\n"), "key-1");
  EXPECT_EQ(key_of("idempotency-key: \t \"8e03978e-40d5\" \t \r\n"), "\"8e03978e-40d5\"");
  EXPECT_EQ(key_of("Idempotency-Key: " + std::string(255, '~') + "\r\n"), std::string(255, '~'));
  EXPECT_EQ(key_of("Idempotency-Key: same\r\nX: y\r\nIDEMPOTENCY-KEY: same\r\n"), "same");
}

TEST(Ingress, RefusesAnIdempotencyKeyThatCannotBeOne) {
  IngressUnderTest server;
  for (const std::string& headers :
       {std::string("Idempotency-Key:\r\n"), std::string("Idempotency-Key:  \t \r\n"),
        "Idempotency-Key: " + std::string(256, 'x') + "\r\n", std::string("Idempotency-Key: a b\r\n"),
        std::string("Idempotency-Key: a\tb\r\n"), std::string("Idempotency-Key: a\x01\r\n"),
        std::string("Idempotency-Key: a\x7f\r\n"), std::string("Idempotency-Key: \xc3\xa9\r\n"),
        std::string("Idempotency-Key: a\r\nX: y\r\nidempotency-key:\r\n")}) {
    const auto answer = server.answer_to(post(execute_body(), "/execute", headers));
    EXPECT_EQ(answer.status, 400) << headers;
    EXPECT_EQ(answer.member("code"), "bad_request") << headers;
    EXPECT_EQ(answer.member("detail"), "Idempotency-Key must be 1 to 255 visible ASCII characters") << headers;
  }
  const auto answer =
      server.answer_to(post(execute_body(), "/execute", "Idempotency-Key: a\r\nX: y\r\nIdempotency-Key: b\r\n"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.member("detail"), "Idempotency-Key is given more than once");
  EXPECT_THAT(server.journal.accepted(), IsEmpty());
  EXPECT_EQ(server.admission.in_flight(), 0u);
}

TEST(Ingress, Answers503OnceAdmissionIsClosed) {
  IngressUnderTest server;
  server.admission.close();
  const auto answer = server.answer_to(post(execute_body()));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.member("code"), "shutting_down");
  EXPECT_EQ(answer.header("Retry-After"), "10");
}

TEST(Ingress, RefusesAHostThatIsNotOnTheAllowList) {
  IngressUnderTest server;
  for (const std::string_view url : {"https://api.mypurecloud.com.evil.org/f/1", "http://api.mypurecloud.com/f/1",
                                     "https://user@api.mypurecloud.com/f/1", "file:///etc/passwd", "not a url"}) {
    const auto answer = server.answer_to(post(R"({"fulfillmentUrl":")" + std::string(url) + R"(","data":{}})"));
    EXPECT_EQ(answer.status, 403) << url;
    EXPECT_EQ(answer.member("code"), "url_not_allowed") << url;
    EXPECT_FALSE(answer.member("detail").empty()) << url;
  }
  EXPECT_THAT(server.journal.accepted(), IsEmpty());
}

TEST(Ingress, AnswersMissingFieldsInTheWordsOfTheTutorial) {
  IngressUnderTest server;
  for (const std::string_view body : {"", "{}", "[]", "17", R"({"data":{}})", R"({"fulfillmentUrl":"https://h/"})",
                                      R"({"fulfillmentUrl":"https://api.mypurecloud.com/f/1","data":null})"}) {
    const auto answer = server.answer_to(post(body));
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.member("error"), "Missing fulfillmentUrl or data payload") << body;
    EXPECT_EQ(answer.member("code"), "missing_field") << body;
  }
}

TEST(Ingress, GoesOnWithTheConnectionAfterARefusal) {
  IngressUnderTest server;
  RawClient client(server.ingress.port());
  client.send(post("{"));
  EXPECT_EQ(client.receive().status, 400);
  client.send(post(execute_body(), "/nowhere"));
  EXPECT_EQ(client.receive().status, 404);
  client.send(post(execute_body()));
  EXPECT_EQ(client.receive().status, 202);
}

TEST(Ingress, TakesOnlyJsonContentTypes) {
  IngressUnderTest server;
  const auto with_type = [&](std::string_view line) {
    const auto body = execute_body();
    return server.answer_to("POST /execute HTTP/1.1\r\nHost: h\r\n" + std::string(line) +
                            "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  };
  EXPECT_EQ(with_type("Content-Type: Application/JSON; Charset=UTF-8\r\n").status, 202);
  EXPECT_EQ(with_type("Content-Type: text/plain\r\n").status, 415);
  EXPECT_EQ(with_type("Content-Type: application/json; charset=latin1\r\n").status, 415);
  const auto answer = with_type("");
  EXPECT_EQ(answer.status, 415);
  EXPECT_EQ(answer.member("code"), "unsupported_content_type");
}

TEST(Ingress, AnswersUnknownPathsAndWrongMethods) {
  IngressUnderTest server;
  EXPECT_EQ(server.answer_to(request("GET", "/")).member("code"), "not_found");
  EXPECT_EQ(server.answer_to(request("GET", "/execute/")).status, 404);
  EXPECT_EQ(server.answer_to(post(execute_body(), "/executes")).status, 404);
  for (const std::string_view method : {"GET", "PUT", "DELETE", "OPTIONS", "BREW"}) {
    const auto answer = server.answer_to(request(method, "/execute/crm"));
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.member("code"), "method_not_allowed") << method;
    EXPECT_EQ(answer.header("Allow"), "POST") << method;
  }
  const auto answer = server.answer_to(post("{}", "/readyz"));
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("Allow"), "GET, HEAD");
}

TEST(Ingress, TellsHealthAndReadiness) {
  IngressUnderTest server;
  EXPECT_EQ(server.answer_to(request("GET", "/healthz")).body, R"({"status":"ok"})");
  const auto ready = server.answer_to(request("GET", "/readyz"));
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(ready.body, R"({"status":"ready","checks":[{"name":"journal","ready":true}]})");

  server.checks = {{"journal", false, "the disk is \"full\""}, {"adapters", true, ""}};
  const auto red = server.answer_to(request("GET", "/readyz"));
  EXPECT_EQ(red.status, 503);
  EXPECT_EQ(red.header("Retry-After"), "5");
  EXPECT_EQ(red.body, R"({"status":"unavailable","checks":[{"name":"journal","ready":false,)"
                      R"("problem":"the disk is \"full\""},{"name":"adapters","ready":true}]})");
}

TEST(Ingress, IsNotHealthyWhileNothingCanBeWorkedOn) {
  IngressUnderTest server;
  server.admission.hold("An adapter holds the thread", std::chrono::seconds(12));
  const auto stalled = server.answer_to(request("GET", "/healthz"));
  EXPECT_EQ(stalled.status, 503);
  EXPECT_EQ(stalled.header("Retry-After"), "5");
  EXPECT_EQ(stalled.body, R"({"status":"stalled"})");
  const auto refused = server.answer_to(post(execute_body()));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("Retry-After"), "12");
  EXPECT_EQ(refused.member("code"), "overloaded");
  server.admission.go_on();
  EXPECT_EQ(server.answer_to(request("GET", "/healthz")).status, 200);
  EXPECT_EQ(server.answer_to(post(execute_body())).status, 202);
}

TEST(Ingress, AnswersHeadWithoutABody) {
  IngressUnderTest server;
  RawClient client(server.ingress.port());
  client.send(request("HEAD", "/healthz"));
  const auto answer = client.receive(false);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Length"), "15");
  client.send(request("GET", "/healthz"));
  EXPECT_EQ(client.receive().body, R"({"status":"ok"})") << "the HEAD answer had a body";
}

TEST(Ingress, AnswersPipelinedRequestsInOrder) {
  IngressUnderTest server;
  RawClient client(server.ingress.port());
  std::string all;
  for (int i = 0; i < 50; ++i) all += post(execute_body("f-" + std::to_string(i)));
  client.send(all + request("GET", "/healthz"));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.receive().member("executionId"), "f-" + std::to_string(i));
  EXPECT_EQ(client.receive().status, 200);
}

TEST(Ingress, AsksForTheBodyOfAClientThatExpectsIt) {
  IngressUnderTest server;
  RawClient client(server.ingress.port());
  const auto whole = post(execute_body(), "/execute", "Expect: 100-continue\r\n");
  const auto head = whole.find("\r\n\r\n") + 4;
  client.send(whole.substr(0, head));
  EXPECT_EQ(client.receive_head(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send(whole.substr(head));
  EXPECT_EQ(client.receive().status, 202);
}

TEST(Ingress, NeverAsksForABodyThatIsTooLarge) {
  IngressUnderTest server;
  RawClient client(server.ingress.port());
  client.send(
      "POST /execute HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
      "Content-Length: 2000000\r\n\r\n");
  const auto answer = client.receive();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(client.ends());
}

TEST(Ingress, HonoursTheClientsWishForTheConnection) {
  IngressUnderTest server;
  RawClient closing(server.ingress.port());
  closing.send("GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(closing.receive().header("Connection"), "close");
  EXPECT_TRUE(closing.ends());

  RawClient old(server.ingress.port());
  old.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(old.receive().header("Connection"), "keep-alive");
  old.send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.receive().header("Connection"), "close");
  EXPECT_TRUE(old.ends());
}

TEST(Ingress, SaysInASentenceThatTheAddressIsTaken) {
  IngressUnderTest first;
  ServerSettings settings;
  settings.address = "127.0.0.1";
  settings.port = first.ingress.port();
  Ingress second({settings, {"default"}}, first.journal, first.admission, first.allowed, first.events, {});
  try {
    second.start();
    FAIL() << "two processes would share the port";
  } catch (const std::runtime_error& problem) {
    EXPECT_THAT(problem.what(), HasSubstr("Cannot listen on 127.0.0.1:" + std::to_string(settings.port)));
  }
}

}  // namespace
}  // namespace fulfilld
