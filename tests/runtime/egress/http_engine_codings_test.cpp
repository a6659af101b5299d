// SPDX-License-Identifier: Apache-2.0
// Conformance: answers whose body is encoded, asked for or not.
#include <string>

#include "tests/runtime/egress/compressed.hpp"
#include "tests/runtime/egress/http_engine_fixture.hpp"

namespace fulfilld::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t one_mib = 1 << 20;

class HttpEngineCodings : public HttpEngineTest {
 protected:
  /// The answer to a request whose answer has that body under that Content-Encoding.
  TestExchangePtr get(const std::string& coding, const std::string& body, std::string_view status = "200 OK",
                      std::string method = "GET") {
    RawServer server([&](Peer& peer) {
      while (!peer.read_request().empty()) peer.send(answer_with(body, status, "Content-Encoding: " + coding + "\r\n"));
    });
    auto exchange = make_exchange(server.url(), std::move(method));
    run(exchange);
    return exchange;
  }

  /// The answer to a GET from a server that sends `bytes`, and then closes.
  TestExchangePtr get_from_closing_server(const std::string& bytes) {
    RawServer server([&](Peer& peer) {
      peer.read_request();
      peer.send(bytes);
    });
    auto exchange = make_exchange(server.url());
    run(exchange);
    return exchange;
  }

  static void expect_decoded(const HttpAnswer& answer) {
    EXPECT_EQ(answer.failure, HttpFailure::none) << answer.detail;
    EXPECT_EQ(answer.body, R"({"name":"Ada"})");
    EXPECT_EQ(answer.field("Content-Encoding"), "") << "it is true no more";
    EXPECT_EQ(answer.field("Content-Length"), "") << "nor is this";
  }

  static void expect_bad(const HttpAnswer& answer, std::string_view named) {
    EXPECT_EQ(answer.failure, HttpFailure::bad_answer);
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body.empty());
    EXPECT_NE(answer.detail.find(named), std::string::npos) << answer.detail;
  }

  const std::string json_ = R"({"name":"Ada"})";
  const std::string gzip_ = compressed(json_, Wrapping::gzip);
};

TEST_P(HttpEngineCodings, UndoesGzipAndDeflate) {
  for (const char* name : {"gzip", "x-gzip", "GZIP", "identity, gzip"}) expect_decoded(get(name, gzip_)->answer);
  expect_decoded(get("deflate", compressed(json_, Wrapping::zlib))->answer);
  expect_decoded(get("deflate", compressed(json_, Wrapping::none))->answer);
}

TEST_P(HttpEngineCodings, UndoesThemHoweverTheBodyIsFramed) {
  expect_decoded(get_from_closing_server("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip_)->answer);
  std::string chunked = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char byte : gzip_) chunked += std::string("1\r\n") + byte + "\r\n";
  expect_decoded(get_from_closing_server(chunked + "0\r\n\r\n")->answer);
}

TEST_P(HttpEngineCodings, AConnectionServesOnAfterAnEncodedAnswer) {
  RawServer server([this](Peer& peer) {
    while (!peer.read_request().empty()) peer.send(answer_with(gzip_, "200 OK", "Content-Encoding: gzip\r\n"));
  });
  for (int i = 0; i < 3; ++i) {
    const auto exchange = make_exchange(server.url());
    expect_decoded(run(exchange));
  }
  EXPECT_EQ(server.connections(), 1u);
}

TEST_P(HttpEngineCodings, AnotherEncodingIsNamed) {
  for (const std::string name : {"br", "zstd", "compress", "gzip, br", "deflate, gzip"})
    expect_bad(get(name, "\x0b\x02\x80")->answer, '"' + name + '"');
}

TEST_P(HttpEngineCodings, WhatIsNotWhatItSaysOrIsCutIsABadAnswer) {
  expect_bad(get("gzip", json_)->answer, "gzip");
  expect_bad(get("deflate", json_)->answer, "deflate");
  expect_bad(get("gzip", compressed(json_, Wrapping::none))->answer, "gzip");
  expect_bad(get("gzip", gzip_ + "x")->answer, "gzip");
  for (const std::size_t size : {std::size_t{1}, std::size_t{12}, gzip_.size() - 1})
    expect_bad(get("gzip", gzip_.substr(0, size))->answer, "too soon");
}

TEST_P(HttpEngineCodings, OneThatTheConnectionCutsIsABrokenConnection) {
  const auto exchange =
      get_from_closing_server("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip_.substr(0, gzip_.size() - 1));
  EXPECT_EQ(exchange->answer.failure, HttpFailure::reset);
  EXPECT_NE(exchange->answer.detail.find("too soon"), std::string::npos) << exchange->answer.detail;
}

TEST_P(HttpEngineCodings, WithoutABodyThereIsNothingToUndo) {
  for (const char* name : {"gzip", "br"}) {
    for (const char* status : {"200 OK", "204 No Content", "304 Not Modified"}) {
      const auto exchange = get(name, "", status);
      EXPECT_EQ(exchange->answer.failure, HttpFailure::none) << exchange->answer.detail;
      EXPECT_EQ(exchange->answer.body, "");
    }
    const auto chunked = get_from_closing_server("HTTP/1.1 200 OK\r\nContent-Encoding: " + std::string(name) +
                                                 "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    EXPECT_EQ(chunked->answer.failure, HttpFailure::none) << chunked->answer.detail;
    RawServer server([&](Peer& peer) {
      peer.read_request();
      peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: " + std::string(name) + "\r\nContent-Length: 77\r\n\r\n");
      peer.wait_until_gone();
    });
    const auto head = make_exchange(server.url(), "HEAD");
    EXPECT_EQ(run(head).failure, HttpFailure::none) << head->answer.detail;
    EXPECT_EQ(head->answer.field("Content-Encoding"), name) << "of a HEAD it is true";
    EXPECT_EQ(head->answer.field("Content-Length"), "77");
  }
}

TEST_P(HttpEngineCodings, OfAnErrorTheStatusCountsThoughItsBodyCannotBeRead) {
  for (const auto& [name, body] : {std::pair<std::string, std::string>{"br", "\x0b\x02\x80"}, {"gzip", "no gzip"}}) {
    const auto exchange = get(name, body, "503 Busy");
    EXPECT_EQ(exchange->answer.failure, HttpFailure::none);
    EXPECT_EQ(exchange->answer.status, 503);
    EXPECT_EQ(exchange->answer.body, "");
    EXPECT_NE(exchange->answer.detail.find(name), std::string::npos) << exchange->answer.detail;
  }
  const auto readable = get("gzip", compressed("busy", Wrapping::gzip), "503 Busy");
  EXPECT_EQ(readable->answer.body, "busy");
  EXPECT_EQ(readable->answer.detail, "");
}

TEST_P(HttpEngineCodings, TheLimitIsThatOfWhatComesOutOfIt) {
  const auto against = [this](const std::string& body, std::size_t limit) {
    RawServer server([&](Peer& peer) {
      peer.read_request();
      peer.send(answer_with(body, "200 OK", "Content-Encoding: gzip\r\n"));
      peer.wait_until_gone();
    });
    const auto exchange = make_exchange(server.url());
    exchange->request.answer_limit = limit;
    run(exchange);
    return exchange;
  };
  const std::string bomb = compressed(std::string(64 * one_mib, '0'), Wrapping::gzip);
  const auto large = against(bomb, one_mib);
  EXPECT_EQ(large->answer.failure, HttpFailure::too_large) << large->answer.detail;
  EXPECT_TRUE(large->answer.body.empty());
  EXPECT_NE(large->answer.detail.find("decoded"), std::string::npos) << large->answer.detail;

  // What cannot be made smaller comes in a few bytes more than it is.
  std::string noise(100'000, '\0');
  for (std::uint32_t i = 0, x = 1; i < noise.size(); ++i)
    noise[i] = static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  const std::string coded = compressed(noise, Wrapping::gzip);
  ASSERT_GT(coded.size(), noise.size());
  EXPECT_EQ(against(coded, noise.size())->answer.failure, HttpFailure::none);
  EXPECT_EQ(against(coded, noise.size() - 1)->answer.failure, HttpFailure::too_large);
}

INSTANTIATE_TEST_SUITE_P(Engines, HttpEngineCodings, ::testing::Values(asio_engine_kind()),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace fulfilld::testing
