// SPDX-License-Identifier: Apache-2.0
// Conformance: TLS that cannot work is told from trouble that may pass, and says what to do.
#include <atomic>
#include <string>

#include "tests/runtime/egress/http_engine_fixture.hpp"
#include "tests/runtime/egress/test_certificates.hpp"

namespace fulfilld::testing {
namespace {

using namespace std::chrono_literals;

class HttpEngineTlsRefusal : public HttpEngineTest {
 protected:
  void SetUp() override {
    make_engine({.ca_file = authority_.file(), .hosts = {{"good.test", {"127.0.0.1"}}, {"other.test", {"127.0.0.1"}}}});
  }

  static void answer_all(Peer& peer) {
    while (!peer.read_request().empty()) peer.send(answer_with("ok"));
  }

  TestExchangePtr post(const Url& url) {
    auto exchange = make_post(url, "an order");
    run(exchange);
    return exchange;
  }

  TestExchangePtr post_to(const TlsContextPtr& context, const std::string& host = "good.test") {
    RawServer server(answer_all, context.get());
    return post(server.url("/", host));
  }

  static Url plain(const RawServer& server) { return make_url("http", "good.test", server.port(), "/"); }

  static void expect_lasting(const TestExchangePtr& exchange, const std::string& part) {
    const auto& answer = exchange->answer;
    EXPECT_EQ(answer.failure, HttpFailure::tls) << answer.detail;
    EXPECT_TRUE(answer.lasting) << answer.detail;
    EXPECT_FALSE(answer.request_sent) << "nothing of it was carried out";
    EXPECT_NE(answer.detail.find(part), std::string::npos) << answer.detail;
  }

  static void expect_may_pass(const TestExchangePtr& exchange, HttpFailure failure) {
    EXPECT_EQ(exchange->answer.failure, failure) << exchange->answer.detail;
    EXPECT_FALSE(exchange->answer.lasting) << exchange->answer.detail;
  }

  /// A server that takes nobody without a certificate.
  [[nodiscard]] TlsContextPtr wants_certificate(int version) const {
    auto context = authority_.server("DNS:good.test");
    SSL_CTX_set_max_proto_version(context.get(), version);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return context;
  }

  TestAuthority authority_;
};

TEST_P(HttpEngineTlsRefusal, OfACertificateIsLasting) {
  expect_lasting(post_to(authority_.server("DNS:good.test"), "other.test"), "not for other.test");
  expect_lasting(post_to(authority_.server("DNS:good.test", 0)), "expired");
  const TestAuthority stranger;
  expect_lasting(post_to(stranger.server("DNS:good.test")), "egress.ca_file");
}

TEST_P(HttpEngineTlsRefusal, OfAllThatIsTooOldIsLasting) {
  const auto old = authority_.server("DNS:good.test");
  SSL_CTX_set_security_level(old.get(), 0);
  SSL_CTX_set_min_proto_version(old.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old.get(), TLS1_1_VERSION);
  expect_lasting(post_to(old), "TLS 1.2");
  const auto weak = authority_.server("DNS:good.test");
  SSL_CTX_set_max_proto_version(weak.get(), TLS1_2_VERSION);
  ASSERT_EQ(SSL_CTX_set_cipher_list(weak.get(), "NULL-SHA256:@SECLEVEL=0"), 1);
  expect_lasting(post_to(weak), "no common cipher");
}

// In TLS 1.3 the alert comes when the request has been written.
TEST_P(HttpEngineTlsRefusal, ForWantOfAClientCertificateIsLastingAndNothingWasCarriedOut) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION})
    for (int i = 0; i < 20; ++i) expect_lasting(post_to(wants_certificate(version)), "client certificate");
}

TEST_P(HttpEngineTlsRefusal, ACertificateThatIsOnlyWelcomeIsNotNeeded) {
  const auto context = authority_.server("DNS:good.test");
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  EXPECT_EQ(post_to(context)->answer.body, "ok");
}

// Nothing tells whether it was carried out.
TEST_P(HttpEngineTlsRefusal, IsNotSeenInAConnectionThatJustBreaks) {
  const auto context = authority_.server("DNS:good.test");
  for (const bool reset : {false, true}) {
    RawServer server(
        [reset](Peer& peer) {
          peer.read_request();
          if (reset) peer.reset();
        },
        context.get());
    const auto exchange = post(server.url("/", "good.test"));
    expect_may_pass(exchange, HttpFailure::reset);
    EXPECT_TRUE(exchange->answer.request_sent);
  }
}

TEST_P(HttpEngineTlsRefusal, OfAPortThatSpeaksNoTlsSaysSo) {
  for (const auto* text : {"HTTP/1.1 400 Bad Request\r\n\r\n", "<!DOCTYPE HTML><html>", "220 mail.test ESMTP\r\n"}) {
    RawServer server([text](Peer& peer) {
      peer.send(text);
      peer.wait_until_gone();
    });
    expect_lasting(post(make_url("https", "good.test", server.port(), "/")), "use http://");
  }
}

TEST_P(HttpEngineTlsRefusal, OfPlainHttpByATlsPortIsSeenThoughItOnlyHangsUp) {
  const auto context = authority_.server("DNS:good.test");
  RawServer server(answer_all, context.get());
  for (int i = 0; i < 3; ++i) expect_lasting(post(plain(server)), "the port speaks TLS: use https://");
  EXPECT_EQ(server.connections(), 4u) << "one look for all";
}

TEST_P(HttpEngineTlsRefusal, OfPlainHttpByAnAlertIsSeen) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(std::string_view("\x15\x03\x03\x00\x02\x02\x46", 7));
    peer.wait_until_gone();
  });
  expect_lasting(post(plain(server)), "use https://");
  EXPECT_EQ(server.connections(), 1u);
}

TEST_P(HttpEngineTlsRefusal, OfPlainHttpInWordsIsSeen) {
  RawServer server([](Peer& peer) {
    peer.read_request();
    peer.send(answer_with("Client sent an HTTP request to an HTTPS server.\n", "400 Bad Request"));
  });
  expect_lasting(post(plain(server)), "use https://");
}

TEST_P(HttpEngineTlsRefusal, APlainPortThatHangsUpIsJustThat) {
  std::atomic<int> requests{0};
  RawServer server([&](Peer& peer) {
    if (!peer.read_request().empty()) ++requests;
  });
  for (int i = 1; i <= 3; ++i) {
    const auto exchange = post(plain(server));
    expect_may_pass(exchange, HttpFailure::reset);
    EXPECT_TRUE(exchange->answer.request_sent);
    EXPECT_EQ(requests, i);
  }
  EXPECT_EQ(server.connections(), 4u) << "it was looked at once";
}

TEST_P(HttpEngineTlsRefusal, APortThatHasAnsweredIsNotLookedAt) {
  RawServer server([&](Peer& peer) {
    peer.read_request();
    if (peer.number() == 0) peer.send(answer_with("ok", "200 OK", "Connection: close\r\n"));
  });
  EXPECT_EQ(post(plain(server))->answer.body, "ok");
  expect_may_pass(post(plain(server)), HttpFailure::reset);
  EXPECT_EQ(server.connections(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Engines, HttpEngineTlsRefusal, ::testing::Values(asio_engine_kind()),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace fulfilld::testing
