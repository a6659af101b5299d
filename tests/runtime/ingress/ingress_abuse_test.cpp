// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/ingress/ingress_fixture.hpp"

namespace fulfilld {
namespace {

using std::chrono::milliseconds;
using testing::IsEmpty;

const std::string execute_head = "POST /execute HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n";

std::string with_headers(std::string_view headers, std::string_view body = execute_body()) {
  return execute_head + std::string(headers) + "\r\n" + std::string(body);
}

/// A 4xx in JSON, after which the connection ends, and nothing was accepted.
void expect_refused(std::string_view bytes, int status, std::string_view code) {
  IngressUnderTest server;
  RawClient client(server.ingress.port());
  client.send(bytes);
  const auto answer = client.receive();
  EXPECT_EQ(answer.status, status);
  EXPECT_TRUE(answer.is_json_error()) << answer.head << answer.body;
  EXPECT_EQ(answer.member("code"), code);
  EXPECT_EQ(answer.header("Connection"), "close");
  client.finish_sending();
  EXPECT_TRUE(client.ends());
  EXPECT_THAT(server.journal.accepted(), IsEmpty());
  EXPECT_EQ(server.admission.in_flight(), 0u);
}

TEST(IngressAbuse, RefusesAGigabyteByItsAnnouncement) {
  expect_refused(with_headers("Content-Length: 1073741824\r\n", ""), 413, "body_too_large");
  expect_refused(with_headers("Content-Length: 99999999999\r\n", ""), 413, "body_too_large");
}

TEST(IngressAbuse, ShowsA413ToAClientThatIsStillSending) {
  IngressUnderTest server;
  RawClient client(server.ingress.port());
  client.send(with_headers("Content-Length: 1048577\r\n", std::string(60000, 'x')));
  EXPECT_EQ(client.receive().status, 413);
  client.finish_sending();
  EXPECT_TRUE(client.ends());
  EXPECT_FALSE(client.was_reset());
}

TEST(IngressAbuse, ShowsARefusalToAClientThatSendsAllOfALargeBody) {
  IngressUnderTest server;
  const auto expect_shown = [&](const std::string& bytes, int status) {
    RawClient client(server.ingress.port());
    EXPECT_TRUE(client.send(bytes)) << "the connection was reset while it sent";
    EXPECT_EQ(client.receive().status, status);
    EXPECT_TRUE(client.ends());
    EXPECT_FALSE(client.was_reset());
  };
  for (const std::size_t size : {70000, 100000, 900000, 3000000}) {
    SCOPED_TRACE(size);
    const std::string body(size, 'x');
    expect_shown(post(body, "/nowhere"), 404);
    expect_shown(post(body, "/execute", "Content-Encoding: gzip\r\n"), 415);
    expect_shown(with_headers("Transfer-Encoding: chunked\r\n", "200000\r\n" + body), 413);
  }
  expect_shown(post(std::string(3000000, 'x')), 413);
  server.crm_has_adapter = false;
  expect_shown(post(std::string(900000, 'x'), "/execute/crm"), 503);
  server.admission.close();
  expect_shown(post(std::string(900000, 'x')), 503);
}

TEST(IngressAbuse, NeedsNoThreadForAClientThatIsStillSending) {
  ServerSettings settings;
  settings.max_connections = 1;
  IngressUnderTest server(settings);
  RawClient sending(server.ingress.port());
  sending.send(with_headers("Content-Length: 1048577\r\n", std::string(60000, 'x')));
  EXPECT_EQ(sending.receive().status, 413);
  EXPECT_EQ(server.answer_to(post(execute_body())).status, 202) << "the only thread was kept";
  EXPECT_TRUE(sending.send(std::string(500000, 'x')));
}

TEST(IngressAbuse, TakesABodyOfExactlyTheLimit) {
  IngressUnderTest server;
  std::string data(1048576 - execute_body("f", "\"\"").size(), 'x');
  const auto body = execute_body("f", '"' + data + '"');
  ASSERT_EQ(body.size(), 1048576u);
  EXPECT_EQ(server.answer_to(post(body)).status, 202);
}

TEST(IngressAbuse, RefusesLengthsThatAreNone) {
  for (const std::string_view value :
       {"-5", "abc", "", "5 5", "0x10", "+5", "5,5", "99999999999999999999999", "5\r\n 5", "=?utf-8?q?-5?="}) {
    SCOPED_TRACE(value);
    expect_refused(with_headers("Content-Length: " + std::string(value) + "\r\n"), 400, "bad_request");
  }
}

TEST(IngressAbuse, WantsALength) { expect_refused(with_headers("", ""), 411, "length_required"); }

TEST(IngressAbuse, RefusesWhatAnotherServerMightDelimitDifferently) {
  const auto length = "Content-Length: " + std::to_string(execute_body().size()) + "\r\n";
  for (const std::string& headers :
       {length + "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\n" + length, length + length,
        length + "Content-Length: 3\r\n", std::string("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        std::string("Transfer-Encoding: gzip, chunked\r\n"), std::string("Transfer-Encoding: xchunked\r\n"),
        length + "Transfer-Encoding : chunked\r\n", length + "Transfer-Encoding: identity\r\n", length + "X Y: 1\r\n",
        length + ": 1\r\n"}) {
    SCOPED_TRACE(headers);
    expect_refused(with_headers(headers), 400, "bad_request");
  }
}

TEST(IngressAbuse, RefusesWhatIsNotHttp) {
  for (const std::string_view bytes :
       {"\x16\x03\x01\x02garbage\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\nHost: h\r\n\r\n", "GET / FOO\r\n\r\n",
        "POST /execute HTTP/1.1\r\nno colon but then\x01\r\n: x\r\n\r\n"}) {
    SCOPED_TRACE(bytes);
    IngressUnderTest server;
    RawClient client(server.ingress.port());
    client.send(bytes);
    client.finish_sending();
    const auto answer = client.receive();
    EXPECT_EQ(answer.status, 400);
    EXPECT_TRUE(answer.is_json_error()) << answer.head << answer.body;
    EXPECT_TRUE(client.ends());
  }
}

TEST(IngressAbuse, RefusesTooManyOrTooLongHeaders) {
  std::string many;
  for (int i = 0; i < 10000; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  for (const auto& bytes : {with_headers(many), with_headers("X-Long: " + std::string(1000000, 'x') + "\r\n"),
                            "GET /" + std::string(100000, 'x') + " HTTP/1.1\r\n\r\n",
                            with_headers("X-Bad: =?x?q?\r\nX-Name" + std::string(1000, 'n') + ": 1\r\n")}) {
    IngressUnderTest server;
    RawClient client(server.ingress.port());
    client.send(bytes.substr(0, 60000));
    const auto answer = client.receive();
    EXPECT_EQ(answer.status, 400);
    EXPECT_TRUE(answer.is_json_error()) << answer.head << answer.body;
  }
}

TEST(IngressAbuse, RefusesJsonThatIsNone) {
  IngressUnderTest server;
  const auto nested = [](int levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_EQ(server.answer_to(post(execute_body("f", nested(63)))).status, 202);
  for (const int levels : {64, 10000, 400000}) {
    const auto answer = server.answer_to(post(execute_body("f", nested(levels))));
    EXPECT_EQ(answer.status, 400) << levels;
    EXPECT_EQ(answer.member("code"), "nested_too_deep") << levels;
  }
  for (const std::string_view data :
       {"{\"a\":tru,, \"b\":[1,}", "\"\xff\xfe\"", "\"\xc3\x28\"", "\"\xed\xa0\x80\"", "{\"a\" 1}", "01", "1e", "- 1",
        "\"\\x\"", "\"\n\"", "1}{", "NaN", "[1e400,01]", "[99999999999999999999999,,]"}) {
    const auto answer = server.answer_to(post(execute_body("f", data)));
    EXPECT_EQ(answer.status, 400) << data;
    EXPECT_EQ(answer.member("code"), "malformed_json") << data;
  }
}

TEST(IngressAbuse, RefusesAFieldThatIsGivenTwice) {
  IngressUnderTest server;
  for (
      const std::string_view body :
      {R"({"fulfillmentUrl":"https://api.mypurecloud.com/1","data":1,"data":2})",
       R"({"fulfillmentUrl":"https://api.mypurecloud.com/1","data":1,"d\u0061ta":2})",
       R"({"fulfillmentUrl":"https://api.mypurecloud.com/1","fulfillmentUrl":"https://api.mypurecloud.com/2","data":1})",
       R"({"fulfillmentUrl":"https://api.mypurecloud.com/1","fulfillmentToken":"a","fulfillmentToken":"b","data":1})"}) {
    EXPECT_EQ(server.answer_to(post(body)).status, 400) << body;
  }
  EXPECT_THAT(server.journal.accepted(), IsEmpty());
}

TEST(IngressAbuse, NeverAcceptsABodyThatStopsShort) {
  const auto body = execute_body();
  IngressUnderTest server;
  for (const auto& bytes : {with_headers("Content-Length: " + std::to_string(body.size() + 1) + "\r\n", body),
                            with_headers("Transfer-Encoding: chunked\r\n", "7f\r\n" + body),
                            with_headers("Transfer-Encoding: chunked\r\n", "")}) {
    RawClient client(server.ingress.port());
    client.send(bytes);
    client.finish_sending();
    const auto answer = client.receive();
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_TRUE(client.ends());
  }
  EXPECT_THAT(server.journal.accepted(), IsEmpty());
}

std::string chunked(std::string_view body, std::size_t size) {
  std::string text;
  for (; !body.empty(); body.remove_prefix(std::min(size, body.size()))) {
    const auto piece = body.substr(0, size);
    char length[16];
    std::snprintf(length, sizeof(length), "%zx", piece.size());
    text.append(length).append("\r\n").append(piece).append("\r\n");
  }
  return text + "0\r\n\r\n";
}

TEST(IngressAbuse, ReadsChunksOfAnySizeAndThenEndsTheConnection) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{100000}}) {
    IngressUnderTest server;
    RawClient client(server.ingress.port());
    const std::string data = '"' + std::string(9000, 'x') + '"';
    client.send(with_headers("Transfer-Encoding: chunked\r\n", chunked(execute_body("f", data), size)));
    client.send(post(execute_body("smuggled")));
    EXPECT_EQ(client.receive().status, 202);
    client.finish_sending();
    EXPECT_TRUE(client.ends());
    ASSERT_EQ(server.journal.accepted().size(), 1u);
    EXPECT_EQ(server.journal.accepted()[0]->data, data);
  }
}

TEST(IngressAbuse, RefusesBrokenAndEndlessChunks) {
  const auto body = execute_body();
  const auto valid = chunked(body, 1000);
  for (const auto& chunks : {valid.substr(0, valid.size() - 5) + "x\r\n\r\n", "\r\n" + valid, "-1\r\n" + body,
                             "ffffffffff\r\n" + body, std::string(";\r\n"), std::string("1\nx\r\n0\r\n\r\n")}) {
    SCOPED_TRACE(chunks);
    expect_refused(with_headers("Transfer-Encoding: chunked\r\n", chunks), 400, "bad_request");
  }
  expect_refused(with_headers("Transfer-Encoding: chunked\r\n", "100001\r\n"), 413, "body_too_large");
  expect_refused(with_headers("Transfer-Encoding: chunked\r\n", "ffffffff\r\n"), 413, "body_too_large");
}

TEST(IngressAbuse, CutsAHalfSentRequest) {
  const auto whole = post(execute_body());
  IngressUnderTest server(with_request_timeout(milliseconds(300)));
  for (const std::size_t size : {std::size_t{1}, std::size_t{20}, whole.size() - 1}) {
    RawClient client(server.ingress.port());
    client.send(whole.substr(0, size));
    const auto answer = client.receive();
    EXPECT_EQ(answer.status, 408) << "behind silence a proxy would say 502";
    EXPECT_EQ(answer.member("code"), "request_timeout");
    EXPECT_TRUE(client.ends());
  }
  EXPECT_THAT(server.journal.accepted(), IsEmpty());
  EXPECT_EQ(server.answer_to(whole).status, 202);
}

TEST(IngressAbuse, CutsARequestThatDrips) {
  const auto whole = post(execute_body());
  IngressUnderTest server(with_request_timeout(milliseconds(300)));
  for (const auto& slow : {whole.substr(0, 30), "POST /execute HTTP/1.1\r\n" + std::string(100000, 'x')}) {
    RawClient client(server.ingress.port());
    const auto begun = std::chrono::steady_clock::now();
    std::size_t sent = 0;
    std::promise<void> never;
    const auto pause = never.get_future();
    while (client.send(slow.substr(sent++ % slow.size(), 1)) && sent < 4000) pause.wait_for(milliseconds(5));
    EXPECT_LT(sent, 4000u) << "the watchdog did not cut it";
    EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds(300));
  }
  EXPECT_THAT(server.journal.accepted(), IsEmpty());
}

TEST(IngressAbuse, CutsAPipelinedRequestThatIsHalfSent) {
  IngressUnderTest server(with_request_timeout(milliseconds(300)));
  RawClient client(server.ingress.port());
  const auto whole = post(execute_body());
  client.send(whole + whole.substr(0, whole.size() / 2));
  EXPECT_EQ(client.receive().status, 202);
  EXPECT_EQ(client.receive().status, 408);
  EXPECT_TRUE(client.ends());
  EXPECT_EQ(server.journal.accepted().size(), 1u);
}

TEST(IngressAbuse, EndsASilentConnectionAfterTheKeepAliveTime) {
  ServerSettings settings;
  settings.keep_alive = milliseconds(200);
  IngressUnderTest server(settings);
  RawClient silent(server.ingress.port());
  EXPECT_TRUE(silent.ends());
  RawClient idle(server.ingress.port());
  idle.send(request("GET", "/healthz"));
  EXPECT_EQ(idle.receive().status, 200);
  EXPECT_TRUE(idle.ends());
}

TEST(IngressAbuse, NeverCutsARequestThatWaitsForTheJournal) {
  std::promise<void> never;
  const auto commit = never.get_future().share();
  IngressUnderTest server(with_request_timeout(milliseconds(100)), [commit](const Execution& execution) {
    commit.wait_for(milliseconds(600));
    return AcceptAnswer{AcceptAnswer::Status::accepted, execution.id};
  });
  EXPECT_EQ(server.answer_to(post(execute_body())).status, 202);
}

TEST(IngressAbuse, SurvivesClientsThatHangUp) {
  IngressUnderTest server;
  const auto whole = post(execute_body());
  for (std::size_t size = 0; size <= whole.size(); size += 7) {
    RawClient client(server.ingress.port());
    client.send(whole.substr(0, size));
  }
  EXPECT_EQ(server.answer_to(whole).status, 202);
}

TEST(IngressAbuse, SurvivesAClientThatNeverReadsItsAnswers) {
  IngressUnderTest server(with_request_timeout(milliseconds(500)));
  RawClient client(server.ingress.port());
  std::string many;
  for (int i = 0; i < 1000; ++i) many += request("GET", "/healthz");
  std::size_t rounds = 0;
  while (rounds < 1000 && client.send(many)) ++rounds;
  EXPECT_LT(rounds, 1000u) << "the server took everything";
  EXPECT_EQ(server.answer_to(post(execute_body())).status, 202);
}

TEST(IngressAbuse, ServesThreeHundredClientsAtOnce) {
  IngressUnderTest server;
  std::atomic<int> answered{0};
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 300; ++i) clients.push_back(std::make_unique<RawClient>(server.ingress.port()));
  std::vector<std::thread> threads;
  for (int t = 0; t < 10; ++t) {
    threads.emplace_back([&, t] {
      for (int i = t; i < 300; i += 10) clients[i]->send(post(execute_body("f-" + std::to_string(i))));
      for (int i = t; i < 300; i += 10) answered += clients[i]->receive().status == 202 ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(answered, 300);
  EXPECT_EQ(server.journal.accepted().size(), 300u);
}

TEST(IngressAbuse, MakesRoomForThoseWhoWaitBehindIdleConnections) {
  ServerSettings settings;
  settings.max_connections = 4;
  settings.keep_alive = std::chrono::minutes(10);
  IngressUnderTest server(settings);
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 4; ++i) {
    idle.push_back(std::make_unique<RawClient>(server.ingress.port()));
    idle.back()->send(request("GET", "/healthz"));
    EXPECT_EQ(idle.back()->receive().status, 200);
  }
  EXPECT_EQ(server.answer_to(post(execute_body())).status, 202);
}

}  // namespace
}  // namespace fulfilld
