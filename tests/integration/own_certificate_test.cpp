// SPDX-License-Identifier: Apache-2.0
// The certificate that fulfilld itself shows: refused where it cannot be used, renewed by SIGHUP.
#include <csignal>
#include <filesystem>

#include "tests/integration/certificate.hpp"
#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

class OwnCertificate : public FulfilldTest {
 protected:
  OwnCertificate() {
    set_text("server", "tls_certificate", own.certificate);
    set_text("server", "tls_key", own.key);
  }

  [[nodiscard]] std::filesystem::path folder(const std::string& name) const {
    std::filesystem::create_directory(directory.path() / name);
    return directory.path() / name;
  }

  static void replace(const std::filesystem::path& file, const std::filesystem::path& by) {
    std::filesystem::copy_file(by, file, std::filesystem::copy_options::overwrite_existing);
  }

  const Certificate own{folder("own"), "own"};
  const Certificate other{folder("other"), "other"};
};

TEST_F(OwnCertificate, IsRefusedWithTheKeyOfAnotherByTheCheckAndAtTheStart) {
  set_text("server", "tls_key", other.key);
  for (const bool check : {true, false}) {
    auto refused = command();
    if (check) refused.arguments.emplace_back("--check-config");
    const auto [exit, output] = run(refused);
    EXPECT_EQ(exit.status, check ? 1 : 78) << output;
    EXPECT_THAT(output, testing::HasSubstr("server.tls_key: the key in " + other.key.string() +
                                           " does not belong to the certificate in " + own.certificate.string()));
  }
}

TEST_F(OwnCertificate, IsRenewedByHangupUnlessTheNewOneCannotBeUsed) {
  Service service = start();
  EXPECT_TRUE(service.said("new connections are shown the TLS certificate CN=own"));
  replace(own.certificate, other.certificate);
  service.process().send_signal(SIGHUP);
  EXPECT_TRUE(service.said("the TLS certificate is not renewed, the old one stays: the key in " + own.key.string()));
  replace(own.key, other.key);
  service.process().send_signal(SIGHUP);
  EXPECT_TRUE(service.said("new connections are shown the TLS certificate CN=other"));
  const auto exit = service.stop();
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->status, 0);
}

TEST_F(OwnCertificate, TellsOfHandshakesThatFail) {
  Service service = start();
  const auto answer = exchange_bytes(service.port(), "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(answer, testing::HasSubstr("the URL must begin with https://"));
  EXPECT_TRUE(service.said("a TLS handshake failed, with 127.0.0.1: the client spoke plain HTTP"));
}

}  // namespace
}  // namespace fulfilld::integration
