// SPDX-License-Identifier: Apache-2.0
// The certificate of the service itself: at the start, and when it is renewed.
#include "runtime/ingress/own_certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "tests/runtime/ingress/ingress_fixture.hpp"
#include "tests/runtime/ingress/tls_client.hpp"

namespace fulfilld {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

const std::string health = request("GET", "/healthz");

class OwnCertificateTest : public testing::Test {
 protected:
  static std::string shown_by(const IngressUnderTest& server) {
    const TlsClient client(server.ingress.port());
    return client.connected() ? client.server_name() : "no handshake";
  }

  /// What an ingress says that cannot start, or "started".
  [[nodiscard]] std::string start() const {
    try {
      const IngressUnderTest server(files.settings());
      return "started";
    } catch (const std::runtime_error& problem) {
      return problem.what();
    }
  }

  const PemFiles first{{.name = "first"}};
  const PemFiles second{{.name = "second"}};
  const CertificateFiles files{first};
};

TEST_F(OwnCertificateTest, IsRefusedAtTheStartWithTheKeyOfAnother) {
  files.write(first.certificate(), second.key());
  EXPECT_THAT(start(), AllOf(StartsWith("The TLS certificate cannot be used: the key in " + files.key_file()),
                             HasSubstr("does not belong to the certificate in " + files.certificate_file())));
}

TEST_F(OwnCertificateTest, IsRefusedAtTheStartWhereAFileCannotBeRead) {
  auto settings = files.settings();
  settings.tls_key = "/nowhere/key.pem";
  EventLog events;
  try {
    const OwnCertificate certificate(settings, events);
    FAIL() << "it served without a key";
  } catch (const std::runtime_error& problem) {
    EXPECT_THAT(problem.what(), HasSubstr("the file /nowhere/key.pem cannot be read: No such file"));
  }
}

TEST_F(OwnCertificateTest, IsShownOutsideOfItsTimeWithAWarning) {
  const PemFiles old({.name = "old", .valid_from = -7200, .valid_until = -3600});
  files.write(old.certificate(), old.key());
  const IngressUnderTest server(files.settings());
  EXPECT_EQ(shown_by(server), "old");
  EXPECT_THAT(server.events.events(), Contains(HasSubstr("(CN=old) expired at")));
}

TEST_F(OwnCertificateTest, IsRenewedForConnectionsThatComeFromThenOn) {
  IngressUnderTest server(files.settings());
  TlsClient under_way(server.ingress.port());
  EXPECT_THAT(under_way.exchange(health), StartsWith("HTTP/1.1 200"));
  files.write("\xef\xbb\xbf" + second.certificate(), second.key());
  EXPECT_EQ(shown_by(server), "first") << "nobody said that it had changed";
  server.ingress.renew_certificate();
  EXPECT_EQ(shown_by(server), "second");
  EXPECT_THAT(server.events.events(), Contains(HasSubstr("new connections are shown the TLS certificate CN=second")));
  EXPECT_THAT(under_way.exchange(health), StartsWith("HTTP/1.1 200")) << "what is under way goes on";
  EXPECT_EQ(under_way.server_name(), "first");
}

TEST_F(OwnCertificateTest, StaysWhereTheNewOneCannotBeUsed) {
  IngressUnderTest server(files.settings());
  files.write(second.certificate(), first.key());
  server.ingress.renew_certificate();
  EXPECT_EQ(shown_by(server), "first");
  EXPECT_THAT(server.events.events(),
              Contains(AllOf(HasSubstr("the TLS certificate is not renewed, the old one stays: the key in"),
                             HasSubstr("does not belong"))));
  files.write("", second.key());
  server.ingress.renew_certificate();
  EXPECT_EQ(shown_by(server), "first");
  files.write(second.certificate(), second.key());
  server.ingress.renew_certificate();
  EXPECT_EQ(shown_by(server), "second");
}

TEST_F(OwnCertificateTest, IsNotTakenAnewWhereItIsTheSame) {
  IngressUnderTest server(files.settings());
  server.ingress.renew_certificate();
  EXPECT_THAT(server.events.events(), Contains(HasSubstr("the TLS certificate is the same as before")));
}

TEST_F(OwnCertificateTest, IsNothingToThinkOfWithoutTls) {
  IngressUnderTest server;
  server.ingress.renew_certificate();
  EXPECT_EQ(server.answer_to(health).status, 200);
  EXPECT_THAT(server.events.events(), testing::IsEmpty());
}

}  // namespace
}  // namespace fulfilld
