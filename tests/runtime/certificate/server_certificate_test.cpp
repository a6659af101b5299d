// SPDX-License-Identifier: Apache-2.0
#include "runtime/certificate/server_certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string>

#include "tests/runtime/certificate/pem_files.hpp"

namespace fulfilld {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string bom = "\xef\xbb\xbf";

class ServerCertificateTest : public testing::Test {
 protected:
  static CheckedCertificate check(const std::string& certificate, const std::string& key) {
    return check_server_certificate({"cert.pem", certificate}, {"key.pem", key}, std::chrono::system_clock::now());
  }

  /// The sentence, begun with the file that it is about.
  static std::string mistake(const std::string& certificate, const std::string& key) {
    const auto checked = check(certificate, key);
    EXPECT_EQ(checked.certificate, nullptr);
    EXPECT_EQ(ERR_peek_error(), 0u) << "an error is left behind for whoever uses OpenSSL next";
    if (!checked.mistake) return "none";
    return (checked.mistake->in_key_file ? "key: " : "certificate: ") + checked.mistake->sentence;
  }

  const PemFiles authority{{.name = "ca"}};
  const PemFiles own{{.name = "a", .signed_by = &authority}};
  const PemFiles other{{.name = "b", .signed_by = &authority}};
};

TEST_F(ServerCertificateTest, IsTakenWithItsChain) {
  const auto checked = check(own.certificate() + authority.certificate(), own.key());
  ASSERT_FALSE(checked.mistake) << checked.mistake->sentence;
  EXPECT_THAT(checked.warnings, IsEmpty());
  EXPECT_THAT(checked.certificate->description(), testing::StartsWith("CN=a, valid until 2"));
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  EXPECT_TRUE(checked.certificate->use_in(*context));
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_get0_chain_certs(context.get(), &chain);
  EXPECT_EQ(sk_X509_num(chain), 1);
}

TEST_F(ServerCertificateTest, IsTakenWhateverEditorsAndCatLeaveBehind) {
  auto joined = own.certificate();
  joined.pop_back();
  const auto with_crlf = [](std::string text) {
    for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) text.insert(at, "\r");
    return text;
  };
  for (const auto& certificate :
       {bom + own.certificate(), own.certificate() + bom + authority.certificate(), joined + authority.certificate(),
        with_crlf(own.certificate()), "subject=/CN=a\n" + own.certificate() + "\n\n", own.key() + own.certificate()}) {
    EXPECT_FALSE(check(certificate, own.key()).mistake) << certificate;
  }
  for (const auto& key : {bom + own.key(), with_crlf(own.key()), own.certificate() + own.key(),
                          "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + own.key()})
    EXPECT_FALSE(check(own.certificate(), key).mistake) << key;
}

TEST_F(ServerCertificateTest, IsRefusedWithTheKeyOfAnother) {
  EXPECT_THAT(mistake(own.certificate() + authority.certificate(), other.key()),
              AllOf(HasSubstr("key: the key in key.pem does not belong to the certificate in cert.pem (CN=a)"),
                    HasSubstr("give the two files that were made together")));
  const PemFiles rsa({.name = "r", .rsa_bits = 2048});
  EXPECT_THAT(mistake(own.certificate(), rsa.key()), HasSubstr("does not belong"));
}

TEST_F(ServerCertificateTest, IsRefusedBehindThoseThatSignedIt) {
  EXPECT_THAT(mistake(authority.certificate() + own.certificate(), own.key()),
              HasSubstr("belongs to certificate number 2 of cert.pem (CN=a): put that one first"));
}

TEST_F(ServerCertificateTest, IsRefusedWhereTheTwoFilesAreSwapped) {
  EXPECT_THAT(
      mistake(own.key(), own.certificate()),
      HasSubstr("certificate: the file cert.pem holds a private key and no certificate: are tls_certificate and "
                "tls_key swapped?"));
  EXPECT_THAT(mistake(own.certificate(), own.certificate()),
              HasSubstr("key: the file key.pem holds a certificate and no private key"));
}

TEST_F(ServerCertificateTest, IsRefusedWithAKeyThatNeedsAPassphrase) {
  for (const auto& key : {own.encrypted_key(), own.old_encrypted_key()})
    EXPECT_THAT(mistake(own.certificate(), key),
                AllOf(HasSubstr("key: the key in key.pem is encrypted"), HasSubstr("openssl pkey -in key.pem")));
}

TEST_F(ServerCertificateTest, IsRefusedInAnotherForm) {
  EXPECT_THAT(mistake("", own.key()), HasSubstr("certificate: the file cert.pem is empty"));
  EXPECT_THAT(mistake(own.binary_certificate(), own.key()), HasSubstr("is binary"));
  EXPECT_THAT(mistake("\xff\xfe-\0-\0", own.key()), HasSubstr("is UTF-16 text"));
  EXPECT_THAT(mistake("hello", own.key()), HasSubstr("holds no certificate in PEM form"));
  EXPECT_THAT(mistake(own.certificate(), "hello"), HasSubstr("key: the file key.pem holds no private key in PEM form"));
  EXPECT_THAT(mistake("-----BEGIN PKCS7-----\nAA\n-----END PKCS7-----\n", own.key()), HasSubstr("is PKCS#7"));
}

TEST_F(ServerCertificateTest, IsRefusedWhenItIsDamaged) {
  auto cut = own.certificate();
  cut.erase(cut.size() / 2, 64);
  EXPECT_THAT(mistake(cut, own.key()), HasSubstr("certificate number 1 of cert.pem cannot be read, it is damaged"));
  EXPECT_THAT(mistake(own.certificate() + cut, own.key()), HasSubstr("certificate number 2 of cert.pem"));
  auto key = own.key();
  key.erase(key.size() / 2, 16);
  EXPECT_THAT(mistake(own.certificate(), key), HasSubstr("key: the key in key.pem cannot be read, it is damaged"));
}

TEST_F(ServerCertificateTest, IsRefusedWhereItsKeyIsTooSmall) {
  const PemFiles small({.name = "small", .rsa_bits = 1024});
  EXPECT_THAT(mistake(small.certificate(), small.key()),
              AllOf(HasSubstr("certificate: the certificate in cert.pem (CN=small"), HasSubstr("key too small")));
}

TEST_F(ServerCertificateTest, IsTakenWithAWarningOutsideOfItsTime) {
  const PemFiles old({.name = "old", .valid_from = -7200, .valid_until = -3600});
  const auto expired = check(old.certificate(), old.key());
  EXPECT_NE(expired.certificate, nullptr);
  EXPECT_THAT(expired.warnings, ElementsAre(AllOf(HasSubstr("certificate number 1 of cert.pem (CN=old) expired at 2"),
                                                  HasSubstr("renew it"))));
  const PemFiles early({.name = "early", .valid_from = 3600, .valid_until = 7200});
  EXPECT_THAT(check(early.certificate(), early.key()).warnings, ElementsAre(HasSubstr("is not valid before 2")));
}

TEST_F(ServerCertificateTest, IsTakenWithAWarningAboutAChainOutOfOrder) {
  EXPECT_THAT(check(own.certificate() + other.certificate(), own.key()).warnings,
              ElementsAre(HasSubstr("certificate number 2 of cert.pem (CN=b) did not sign the one before it")));
}

TEST_F(ServerCertificateTest, KnowsTheOneThatIsShownAlready) {
  const auto first = check(own.certificate(), own.key()).certificate;
  EXPECT_TRUE(first->same_as(*check(own.certificate(), own.key()).certificate));
  EXPECT_FALSE(first->same_as(*check(other.certificate(), other.key()).certificate));
  EXPECT_FALSE(first->same_as(*check(own.certificate() + authority.certificate(), own.key()).certificate));
}

}  // namespace
}  // namespace fulfilld
