// SPDX-License-Identifier: Apache-2.0
// Conformance: HTTPS.
#include <atomic>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/runtime/egress/http_engine_fixture.hpp"
#include "tests/runtime/egress/test_certificates.hpp"

namespace fulfilld::testing {
namespace {

using namespace std::chrono_literals;

class HttpEngineTls : public HttpEngineTest {
 protected:
  void SetUp() override {
    make_engine(
        {.ca_file = authority_.file(),
         .hosts = {{"good.test", {"127.0.0.1"}}, {"a.wild.test", {"127.0.0.1"}}, {"other.test", {"127.0.0.1"}}}});
  }

  static void echo(Peer& peer) {
    for (std::string request; !(request = peer.read_request()).empty();)
      peer.send(answer_with(request.substr(request.find("\r\n\r\n") + 4)));
  }

  /// One POST to `host`, which shows `context`'s certificate.
  TestExchangePtr post(const TlsContextPtr& context, const std::string& host = "good.test") {
    RawServer server(echo, context.get());
    auto exchange = make_post(server.url("/", host), "secret");
    run(exchange);
    return exchange;
  }

  static void expect_refused(const TestExchangePtr& exchange) {
    EXPECT_EQ(exchange->answer.failure, HttpFailure::tls) << exchange->answer.detail;
    EXPECT_FALSE(exchange->answer.request_sent);
    EXPECT_NE(exchange->answer.detail, "");
  }

  TestAuthority authority_;
};

TEST_P(HttpEngineTls, TalksToAPeerWithAGoodCertificate) {
  const auto exchange = post(authority_.server("DNS:good.test"));
  EXPECT_EQ(exchange->answer.failure, HttpFailure::none) << exchange->answer.detail;
  EXPECT_EQ(exchange->answer.body, "secret");
}

TEST_P(HttpEngineTls, TakesAWildcardAndAnAddressInTheCertificate) {
  const auto wildcard = post(authority_.server("DNS:*.wild.test"), "a.wild.test");
  EXPECT_EQ(wildcard->answer.failure, HttpFailure::none) << wildcard->answer.detail;
  const auto address = post(authority_.server("IP:127.0.0.1"), "127.0.0.1");
  EXPECT_EQ(address->answer.failure, HttpFailure::none) << address->answer.detail;
}

TEST_P(HttpEngineTls, ReadsAuthoritiesBehindAByteOrderMark) {
  const auto file = authority_.file();
  const std::string certificate = [&] {
    std::ifstream in(file);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }();
  std::ofstream(file) << "\xef\xbb\xbf" << certificate;
  make_engine({.ca_file = file, .hosts = {{"good.test", {"127.0.0.1"}}}});
  const auto exchange = post(authority_.server("DNS:good.test"));
  EXPECT_EQ(exchange->answer.failure, HttpFailure::none) << exchange->answer.detail;
}

TEST_P(HttpEngineTls, RefusesACertificateForAnotherHost) {
  expect_refused(post(authority_.server("DNS:good.test"), "other.test"));
  expect_refused(post(authority_.server("DNS:127.0.0.1"), "127.0.0.1"));
}

TEST_P(HttpEngineTls, RefusesAnUnknownAuthority) {
  const TestAuthority stranger;
  expect_refused(post(stranger.server("DNS:good.test")));
}

TEST_P(HttpEngineTls, RefusesAnExpiredCertificate) { expect_refused(post(authority_.server("DNS:good.test", 0))); }

TEST_P(HttpEngineTls, RefusesAPeerThatSpeaksNoTls) {
  RawServer server([](Peer& peer) {
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.wait_until_gone();
  });
  const auto exchange = make_post(make_url("https", "good.test", server.port(), "/"), "secret");
  run(exchange);
  expect_refused(exchange);
}

TEST_P(HttpEngineTls, RefusesOldVersions) {
  const auto context = authority_.server("DNS:good.test");
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), TLS1_1_VERSION);
  expect_refused(post(context));
}

TEST_P(HttpEngineTls, TalksToAPeerWithVersion12) {
  const auto context = authority_.server("DNS:good.test");
  SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
  EXPECT_EQ(post(context)->answer.body, "secret");
}

TEST_P(HttpEngineTls, EndsAHandshakeThatHangsAtTheTimeLimit) {
  RawServer server([](Peer& peer) { peer.wait_until_gone(); });
  const auto exchange = make_post(make_url("https", "good.test", server.port(), "/"), "secret");
  exchange->request.time_limit = 300ms;
  run(exchange);
  expect_refused(exchange);
  EXPECT_EQ(exchange->answer.detail,
            exchange->request.url.origin +
                ": tls: handshake not finished within 300 ms, the peer said nothing: does the port speak TLS?");
  EXPECT_FALSE(exchange->answer.lasting);
}

TEST_P(HttpEngineTls, ReportsAHandshakeThatIsCutShort) {
  RawServer server([](Peer& peer) { peer.close(); });
  const auto exchange = make_post(make_url("https", "good.test", server.port(), "/"), "secret");
  run(exchange);
  expect_refused(exchange);
}

TEST_P(HttpEngineTls, OneConnectionServesManyExchangesInTurn) {
  const auto context = authority_.server("DNS:good.test");
  RawServer server(echo, context.get());
  for (int i = 0; i < 50; ++i) {
    const auto exchange = make_post(server.url("/", "good.test"), std::to_string(i));
    EXPECT_EQ(run(exchange).body, std::to_string(i)) << exchange->answer.detail;
  }
  EXPECT_EQ(server.connections(), 1u);
}

TEST_P(HttpEngineTls, CarriesMegabytesBothWays) {
  const auto context = authority_.server("DNS:good.test");
  RawServer server(echo, context.get());
  std::string sent(2 << 20, '\0');
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 31 + i / 257);
  const auto exchange = make_post(server.url("/", "good.test"), sent);
  exchange->request.answer_limit = sent.size();
  EXPECT_EQ(run(exchange).failure, HttpFailure::none) << exchange->answer.detail;
  EXPECT_TRUE(exchange->answer.body == sent);
}

TEST_P(HttpEngineTls, ABodyThatEndsWithTheConnectionNeedsTheTlsFarewell) {
  const auto context = authority_.server("DNS:good.test");
  for (const bool polite : {true, false}) {
    RawServer server(
        [polite](Peer& peer) {
          peer.read_request();
          peer.send("HTTP/1.1 200 OK\r\n\r\nall of it?");
          if (polite) peer.close_politely();
        },
        context.get());
    const auto exchange = make_exchange(server.url("/", "good.test"));
    EXPECT_EQ(run(exchange).failure, polite ? HttpFailure::none : HttpFailure::reset) << exchange->answer.detail;
  }
}

TEST_P(HttpEngineTls, NoticesThatThePeerHasClosedAnIdleConnection) {
  const auto context = authority_.server("DNS:good.test");
  RawServer server(
      [](Peer& peer) {
        peer.read_request();
        peer.send(answer_with("ok"));
      },
      context.get());
  for (std::size_t i = 1; i <= 10; ++i) {
    const auto exchange = make_post(server.url("/", "good.test"), "{}");
    EXPECT_EQ(run(exchange).failure, HttpFailure::none) << exchange->answer.detail;
    ASSERT_TRUE(server.wait_for_ended_scripts(i));
  }
}

TEST_P(HttpEngineTls, ALaterConnectionTakesUpTheSession) {
  const auto context = authority_.server("DNS:good.test");
  std::atomic<int> resumed{0};
  RawServer server(
      [&](Peer& peer) {
        if (peer.resumed_session()) ++resumed;
        peer.read_request();
        peer.send(answer_with("ok", "200 OK", "Connection: close\r\n"));
      },
      context.get());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(run(make_post(server.url("/", "good.test"), "{}")).status, 200);
  EXPECT_EQ(resumed, 2);
}

INSTANTIATE_TEST_SUITE_P(Engines, HttpEngineTls, ::testing::Values(asio_engine_kind()),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace fulfilld::testing
