// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/ingress/ingress_fixture.hpp"
#include "tests/runtime/ingress/tls_client.hpp"

namespace fulfilld {
namespace {

using End = TlsClient::End;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// Waits until that many handshakes have failed, for 20 s at most.
std::vector<HandshakeFailure> failures(const IngressUnderTest& server, std::size_t number) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  auto failed = server.events.failed_handshakes();
  while (failed.size() < number && std::chrono::steady_clock::now() < until) {
    std::this_thread::yield();
    failed = server.events.failed_handshakes();
  }
  return failed;
}

TEST(IngressTls, ServesOneRequestAfterAnother) {
  const CertificateFiles certificate;
  IngressUnderTest server(certificate.settings());
  TlsClient client(server.ingress.port());
  ASSERT_TRUE(client.connected());
  EXPECT_THAT(client.exchange(post(execute_body("f-1"))), HasSubstr(R"("executionId":"f-1")"));
  EXPECT_THAT(client.exchange(request("GET", "/healthz")), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(client.exchange(post(execute_body("f-2", '"' + std::string(100000, 'x') + '"'))),
              StartsWith("HTTP/1.1 202"));
  EXPECT_THAT(client.exchange("nonsense\r\n\r\n\r\n\r\n x\r\n\r\n"), HasSubstr(R"("code":"bad_request")"));
}

TEST(IngressTls, SpeaksNothingOlderThanTls12) {
  const CertificateFiles certificate;
  IngressUnderTest server(certificate.settings());
  EXPECT_TRUE(TlsClient(server.ingress.port(), {.newest_version = TLS1_2_VERSION}).connected());
  EXPECT_FALSE(TlsClient(server.ingress.port(), {.newest_version = TLS1_1_VERSION}).connected());
  EXPECT_THAT(failures(server, 1), ElementsAre(HandshakeFailure::nothing_in_common));
}

TEST(IngressTls, CutsAClientThatNeverShakesHands) {
  const CertificateFiles certificate;
  auto settings = certificate.settings();
  settings.request_timeout = std::chrono::milliseconds(200);
  settings.keep_alive = std::chrono::milliseconds(200);
  IngressUnderTest server(settings);
  RawClient silent(server.ingress.port());
  EXPECT_TRUE(silent.ends());
  RawClient half(server.ingress.port());
  half.send("\x16\x03\x01\x02");
  EXPECT_TRUE(half.ends());
}

TEST(IngressTls, TellsAClientThatSpeaksPlainHttp) {
  const CertificateFiles certificate;
  IngressUnderTest server(certificate.settings());
  RawClient plain(server.ingress.port());
  plain.send(post(execute_body("f-1", '"' + std::string(300000, 'x') + '"')));
  const auto answer = plain.receive();
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.member("detail"), HasSubstr("https"));
  EXPECT_TRUE(plain.ends());
  EXPECT_FALSE(plain.was_reset());
  EXPECT_THAT(failures(server, 1), ElementsAre(HandshakeFailure::plain_http));
  TlsClient client(server.ingress.port());
  EXPECT_THAT(client.exchange(request("GET", "/healthz")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(IngressTls, CountsHandshakesThatFailAndLogsTheFirst) {
  const CertificateFiles certificate;
  IngressUnderTest server(certificate.settings());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(TlsClient(server.ingress.port(), {.trusts_nobody = true}).connected());
  { RawClient(server.ingress.port()).send("\x16\x03\x01"); }
  EXPECT_THAT(failures(server, 4), testing::UnorderedElementsAre(
                                       HandshakeFailure::certificate_refused, HandshakeFailure::certificate_refused,
                                       HandshakeFailure::certificate_refused, HandshakeFailure::broken_off));
  const auto told = [&] {
    std::string all;
    for (const auto& line : server.events.events())
      if (line.find("handshake") != std::string::npos) all += line + "\n";
    return all;
  };
  EXPECT_THAT(told(), AllOf(StartsWith("ingress: a TLS handshake failed, with 127.0.0.1: the client"),
                            Not(HasSubstr("more TLS handshakes failed"))));
  server.ingress.tick(std::chrono::steady_clock::now() + std::chrono::seconds(59));
  EXPECT_THAT(told(), Not(HasSubstr("more TLS handshakes failed")));
  server.ingress.tick(std::chrono::steady_clock::now() + std::chrono::seconds(61));
  EXPECT_THAT(told(), HasSubstr("ingress: 3 more TLS handshakes failed, the latest: with 127.0.0.1: the client"));
}

TEST(IngressTls, MindsNobodyWhoOnlyLooksWhetherItListens) {
  const CertificateFiles certificate;
  IngressUnderTest server(certificate.settings());
  for (int i = 0; i < 5; ++i) RawClient{server.ingress.port()};
  EXPECT_TRUE(TlsClient(server.ingress.port()).connected());
  server.ingress.stop();
  EXPECT_THAT(server.events.failed_handshakes(), IsEmpty());
}

TEST(IngressTls, SaysCloseNotifyAtEveryOrderlyEnd) {
  const CertificateFiles certificate;
  auto settings = certificate.settings();
  settings.keep_alive = std::chrono::milliseconds(200);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    IngressUnderTest server(settings);
    const auto ends_after = [&](const std::string& bytes) {
      TlsClient client(server.ingress.port(), {.newest_version = version});
      EXPECT_TRUE(client.send(bytes));
      EXPECT_THAT(client.receive_all(), StartsWith("HTTP/1.1 ")) << bytes;
      return client.how_it_ended();
    };
    EXPECT_EQ(ends_after("GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), End::close_notify);
    EXPECT_EQ(ends_after("GET /healthz HTTP/1.0\r\n\r\n"), End::close_notify);
    EXPECT_EQ(ends_after(post(std::string(100000, 'x'), "/nowhere")), End::close_notify) << "a refused body";
    EXPECT_EQ(ends_after("nonsense\r\n\r\n\r\n\r\n x\r\n\r\n"), End::close_notify);
    EXPECT_EQ(ends_after(request("GET", "/healthz")), End::close_notify) << "idle for too long";

    TlsClient idle(server.ingress.port(), {.newest_version = version});
    EXPECT_THAT(idle.exchange(request("GET", "/healthz")), StartsWith("HTTP/1.1 200"));
    server.ingress.stop_accepting();
    EXPECT_EQ(idle.receive_all(), "");
    EXPECT_EQ(idle.how_it_ended(), End::close_notify) << "the service ends";
  }
}

TEST(IngressTls, ShowsARefusalToAClientThatSendsAllOfALargeBody) {
  const CertificateFiles certificate;
  IngressUnderTest server(certificate.settings());
  for (const std::size_t size : {100000, 1100000, 3000000}) {
    TlsClient client(server.ingress.port());
    EXPECT_TRUE(client.send(post(std::string(size, 'x'), "/execute", "Content-Encoding: gzip\r\n"))) << size;
    EXPECT_THAT(client.receive_all(), StartsWith("HTTP/1.1 415 ")) << size;
    EXPECT_EQ(client.how_it_ended(), End::close_notify) << size;
  }
}

TEST(IngressTls, StopsWhileConnectionsAreOpen) {
  const CertificateFiles certificate;
  IngressUnderTest server(certificate.settings());
  TlsClient client(server.ingress.port());
  EXPECT_THAT(client.exchange(request("GET", "/healthz")), StartsWith("HTTP/1.1 200 OK"));
  server.ingress.stop();
  EXPECT_EQ(client.exchange(request("GET", "/healthz")), "");
}

TEST(IngressTls, NamesTheFilesThatCannotBeUsed) {
  ServerSettings settings;
  settings.tls_certificate = "/nowhere/certificate.pem";
  settings.tls_key = "/nowhere/key.pem";
  try {
    IngressUnderTest server(settings);
    FAIL() << "it served without a certificate";
  } catch (const std::runtime_error& problem) {
    EXPECT_THAT(problem.what(), HasSubstr("/nowhere/certificate.pem"));
  }
}

}  // namespace
}  // namespace fulfilld
