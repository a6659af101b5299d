// SPDX-License-Identifier: Apache-2.0
// What RFC 9110 and 9112 ask of a recipient of requests, beyond what can be seen of abuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/runtime/ingress/ingress_fixture.hpp"

namespace fulfilld {
namespace {

using std::chrono::milliseconds;
using testing::IsEmpty;
using testing::SizeIs;

std::string with_fields(std::string_view headers, std::string_view version = "1.1") {
  const auto body = execute_body();
  return "POST /execute HTTP/" + std::string(version) +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(headers) + "\r\n" + body;
}

TEST(IngressMessage, MayBeginWithEmptyLines) {
  IngressUnderTest server;
  for (const std::string& before : {std::string("\r\n"), std::string("\n"), std::string("\r\n\r\n\r\n")}) {
    RawClient client(server.ingress.port());
    client.send(before + post(execute_body()));
    EXPECT_EQ(client.receive().status, 202);
    client.send(before);
    client.send(request("GET", "/healthz"));
    EXPECT_EQ(client.receive().status, 200);
  }
}

TEST(IngressMessage, MayFollowABodyThatHasALineEndTooMany) {
  IngressUnderTest server;
  RawClient client(server.ingress.port());
  client.send(post(execute_body("f-1")) + "\r\n" + post(execute_body("f-2")) + "\r\n");
  EXPECT_EQ(client.receive().member("executionId"), "f-1");
  EXPECT_EQ(client.receive().member("executionId"), "f-2");
  client.finish_sending();
  EXPECT_TRUE(client.ends()) << "an empty line was answered";
}

TEST(IngressMessage, IsNotBegunByAnEmptyLine) {
  ServerSettings settings;
  settings.request_timeout = milliseconds(50);
  settings.keep_alive = std::chrono::minutes(10);
  IngressUnderTest server(settings);
  RawClient client(server.ingress.port());
  client.send(post(execute_body()) + "\r\n");
  EXPECT_EQ(client.receive().status, 202);
  // Others are cut at their time limit, which shows that it has passed.
  RawClient slow(server.ingress.port());
  slow.send("P");
  EXPECT_EQ(slow.receive().status, 408);
  EXPECT_TRUE(slow.ends());
  client.send(request("GET", "/healthz"));
  EXPECT_EQ(client.receive().status, 200) << "it was cut for being half a request";
}

TEST(IngressMessage, EndsWhereEmptyLinesNeverDo) {
  ServerSettings settings;
  settings.request_timeout = milliseconds(200);
  settings.keep_alive = milliseconds(200);
  IngressUnderTest server(settings);
  RawClient client(server.ingress.port());
  const std::string many(10000, '\n');
  int rounds = 0;
  while (rounds < 1000000 && client.send(many)) ++rounds;
  EXPECT_LT(rounds, 1000000) << "it was read for ever";
}

TEST(IngressMessage, SaysCloseInAListOfOptions) {
  IngressUnderTest server;
  for (const std::string_view connection :
       {"close, TE", "TE,close", " keep-alive , Close", "TE\r\nX: y\r\nconnection: close", ",,close"}) {
    RawClient client(server.ingress.port());
    client.send("GET /healthz HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nConnection: " + std::string(connection) +
                "\r\n\r\n");
    EXPECT_EQ(client.receive().header("Connection"), "close") << connection;
    EXPECT_TRUE(client.ends()) << connection;
  }
  RawClient kept(server.ingress.port());
  for (const std::string_view connection : {"TE", "Upgrade, HTTP2-Settings", "closed", "keep-alive, TE"}) {
    kept.send("GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: " + std::string(connection) + "\r\n\r\n");
    EXPECT_EQ(kept.receive().header("Connection"), "") << connection;
  }
}

TEST(IngressMessage, OfHttp10KeepsItsConnectionOnlyIfItSaysSo) {
  IngressUnderTest server;
  for (const auto& [connection, answer] :
       {std::pair{"Keep-Alive, TE", "keep-alive"}, std::pair{"TE", "close"}, std::pair{"keep-alive, close", "close"}})
    EXPECT_EQ(server.answer_to("GET /healthz HTTP/1.0\r\nConnection: " + std::string(connection) + "\r\n\r\n")
                  .header("Connection"),
              answer)
        << connection;
}

TEST(IngressMessage, OfHttp10GetsNoInterimAnswer) {
  IngressUnderTest server;
  EXPECT_EQ(server.answer_to(with_fields("Expect: 100-continue\r\n", "1.0")).status, 202);
}

TEST(IngressMessage, NeedsExactlyOneHost) {
  IngressUnderTest server;
  for (const std::string_view host : {"Host: h\r\n", "Host:\r\n", "Host: [::1]:3000\r\n", "host: a_b.example:80\r\n"})
    EXPECT_EQ(server.answer_to(with_fields(host)).status, 202) << host;
  for (const std::string_view host :
       {"", "Host: h\r\nHost: h\r\n", "Host: a\r\nX: y\r\nHOST: b\r\n", "Host: a, b\r\n", "Host: a/b\r\n",
        "Host: user@h\r\n", "Host: a:b\r\n", "Host: [::1]:x\r\n", "Host: h:80:80\r\n"}) {
    const auto answer = server.answer_to(with_fields(host));
    EXPECT_EQ(answer.status, 400) << host;
    EXPECT_EQ(answer.member("code"), "bad_request") << host;
    EXPECT_THAT(answer.member("detail"), testing::StartsWith("The Host header")) << host;
  }
  EXPECT_EQ(server.answer_to("GET /healthz HTTP/1.1\r\n\r\n").status, 400);
  EXPECT_EQ(server.answer_to("GET /healthz HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_EQ(server.answer_to(with_fields("", "1.0")).status, 202);
  EXPECT_EQ(server.answer_to(with_fields("Host: a\r\nHost: b\r\n", "1.0")).status, 400);
  EXPECT_THAT(server.journal.accepted(), SizeIs(5));
}

TEST(IngressMessage, MayNotBeCompressed) {
  IngressUnderTest server;
  for (const std::string_view coding :
       {"gzip", "br", "identity, gzip", "identity\r\nX: y\r\ncontent-encoding: deflate"}) {
    RawClient client(server.ingress.port());
    client.send(with_fields("Host: h\r\nContent-Encoding: " + std::string(coding) + "\r\n"));
    const auto answer = client.receive();
    EXPECT_EQ(answer.status, 415) << coding;
    EXPECT_EQ(answer.member("code"), "unsupported_content_encoding") << coding;
    EXPECT_EQ(answer.header("Accept-Encoding"), "identity") << coding;
    client.send(request("GET", "/healthz"));
    EXPECT_EQ(client.receive().status, 200) << "the connection goes on";
  }
  EXPECT_THAT(server.journal.accepted(), IsEmpty());
  for (const std::string_view coding : {"identity", "Identity", ""})
    EXPECT_EQ(server.answer_to(with_fields("Host: h\r\nContent-Encoding: " + std::string(coding) + "\r\n")).status, 202)
        << coding;
  const auto other = server.answer_to("POST /execute HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(other.status, 415);
  EXPECT_EQ(other.header("Accept-Encoding"), "") << "it is the type that was wrong";
}

TEST(IngressMessage, NamesItsActionPercentEncodedOrNot) {
  IngressUnderTest server;
  EXPECT_EQ(server.answer_to(post(execute_body(), "/execute/%63r%6D")).status, 202);
  ASSERT_THAT(server.journal.accepted(), SizeIs(1));
  EXPECT_EQ(server.journal.accepted()[0]->action, "crm");
  for (const std::string_view path : {"/execute/crm%2F", "/execute/crm%00", "/execute/%", "/execute/crm%2"})
    EXPECT_EQ(server.answer_to(post(execute_body(), path)).member("code"), "unknown_action") << path;
  EXPECT_EQ(server.answer_to(post(execute_body(), "/execute%2Fcrm")).member("code"), "not_found");
}

TEST(IngressMessage, PassesABodyOnThatOnlyAReaderOfItWouldMind) {
  IngressUnderTest server;
  const std::string data = R"({"text":"call me \ud83d","sim":89014103211118510720,"amount":1.10})";
  EXPECT_EQ(server.answer_to(post("\xef\xbb\xbf" + execute_body("f-1", data))).status, 202);
  ASSERT_THAT(server.journal.accepted(), SizeIs(1));
  EXPECT_EQ(server.journal.accepted()[0]->data, data);
}

}  // namespace
}  // namespace fulfilld
