// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/tls_fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

namespace fulfilld {
namespace {

using boost::system::error_code;
using ::testing::HasSubstr;

error_code ssl_error(int reason) {
  return {static_cast<int>(ERR_PACK(ERR_LIB_SSL, 0, reason)), boost::asio::error::get_ssl_category()};
}

error_code alert(int number) { return ssl_error(SSL_AD_REASON_OFFSET + number); }

TlsFault of_certificate(long verdict) {
  return tls_fault(ssl_error(SSL_R_CERTIFICATE_VERIFY_FAILED), {.host = "crm.test", .verdict = verdict});
}

TEST(TlsFault, ABadCertificateLastsAndSaysWhatToDo) {
  for (const auto verdict :
       {X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_HOSTNAME_MISMATCH,
        X509_V_ERR_IP_ADDRESS_MISMATCH, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_CERT_REVOKED, X509_V_ERR_INVALID_PURPOSE})
    EXPECT_TRUE(of_certificate(verdict).lasting) << verdict;
  EXPECT_THAT(of_certificate(X509_V_ERR_CERT_HAS_EXPIRED).text, HasSubstr("renewed"));
  EXPECT_THAT(of_certificate(X509_V_ERR_HOSTNAME_MISMATCH).text, HasSubstr("not for crm.test"));
  EXPECT_THAT(of_certificate(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY).text, HasSubstr("egress.ca_file"));
  EXPECT_THAT(of_certificate(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT).text, HasSubstr("egress.ca_file"));
}

TEST(TlsFault, WhatTheTwoSidesCannotAgreeOnLasts) {
  EXPECT_THAT(tls_fault(ssl_error(SSL_R_WRONG_VERSION_NUMBER), {}).text, HasSubstr("use http://"));
  EXPECT_THAT(tls_fault(ssl_error(SSL_R_UNSUPPORTED_PROTOCOL), {}).text, HasSubstr("TLS 1.2 or later"));
  for (const int reason : {SSL_R_WRONG_VERSION_NUMBER, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_DH_KEY_TOO_SMALL,
                           SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED})
    EXPECT_TRUE(tls_fault(ssl_error(reason), {}).lasting) << reason;
  for (const int number : {SSL_AD_HANDSHAKE_FAILURE, SSL_AD_PROTOCOL_VERSION, SSL_AD_INSUFFICIENT_SECURITY,
                           SSL_AD_UNRECOGNIZED_NAME, SSL_AD_NO_APPLICATION_PROTOCOL})
    EXPECT_TRUE(tls_fault(alert(number), {}).lasting) << number;
}

TEST(TlsFault, AClientCertificateThatIsWantedIsNamed) {
  for (const int number : {SSL_AD_CERTIFICATE_REQUIRED, SSL_AD_BAD_CERTIFICATE, SSL_AD_ACCESS_DENIED}) {
    EXPECT_TRUE(tls_fault(alert(number), {}).lasting) << number;
    EXPECT_THAT(tls_fault(alert(number), {}).text, HasSubstr("client certificate"));
  }
  EXPECT_THAT(tls_fault(alert(SSL_AD_HANDSHAKE_FAILURE), {.wanted_our_certificate = true}).text,
              HasSubstr("client certificate"));
  EXPECT_THAT(tls_fault(alert(SSL_AD_HANDSHAKE_FAILURE), {}).text, HasSubstr("no common cipher"));
}

TEST(TlsFault, WhatMayPassDoesNotLast) {
  for (const int number : {SSL_AD_INTERNAL_ERROR, SSL_AD_BAD_RECORD_MAC, SSL_AD_DECODE_ERROR, SSL_AD_USER_CANCELLED})
    EXPECT_FALSE(tls_fault(alert(number), {}).lasting) << number;
  EXPECT_FALSE(tls_fault(boost::asio::error::connection_reset, {}).lasting);
  EXPECT_FALSE(tls_fault(boost::asio::error::eof, {}).lasting);
  EXPECT_FALSE(tls_fault(boost::asio::ssl::error::stream_truncated, {.peer_said_nothing = true}).lasting);
  EXPECT_THAT(tls_fault(boost::asio::error::eof, {.peer_said_nothing = true}).text, HasSubstr("speak TLS?"));
}

// Only these are proof that nothing of a request was read: others may come at any time.
TEST(TlsFault, OnlyAlertsAboutWhoWeAreRefuseTheHandshake) {
  for (const int number : {SSL_AD_HANDSHAKE_FAILURE, SSL_AD_BAD_CERTIFICATE, SSL_AD_UNSUPPORTED_CERTIFICATE,
                           SSL_AD_CERTIFICATE_REVOKED, SSL_AD_CERTIFICATE_EXPIRED, SSL_AD_CERTIFICATE_UNKNOWN,
                           SSL_AD_UNKNOWN_CA, SSL_AD_ACCESS_DENIED, SSL_AD_CERTIFICATE_REQUIRED})
    EXPECT_TRUE(is_refusal_of_handshake(alert(number))) << number;
  for (const int number : {SSL_AD_CLOSE_NOTIFY, SSL_AD_UNEXPECTED_MESSAGE, SSL_AD_BAD_RECORD_MAC,
                           SSL_AD_RECORD_OVERFLOW, SSL_AD_DECODE_ERROR, SSL_AD_DECRYPT_ERROR, SSL_AD_PROTOCOL_VERSION,
                           SSL_AD_INTERNAL_ERROR, SSL_AD_USER_CANCELLED, SSL_AD_NO_RENEGOTIATION})
    EXPECT_FALSE(is_refusal_of_handshake(alert(number))) << number;
  EXPECT_FALSE(is_refusal_of_handshake(boost::asio::error::connection_reset));
  EXPECT_FALSE(is_refusal_of_handshake(boost::asio::error::eof));
  EXPECT_FALSE(is_refusal_of_handshake({}));
}

TEST(TlsRecord, IsKnownByItsFirstBytes) {
  EXPECT_TRUE(begins_tls_record("\x15\x03\x01"));
  EXPECT_TRUE(begins_tls_record("\x16\x03"));
  for (const auto* text : {"", "\x16", "\x17\x03", "HTTP/1.1", "<html>", "\x15\x02", " \x03"})
    EXPECT_FALSE(begins_tls_record(text)) << text;
}

TEST(TlsRecord, OfAnAlertAnswersPlainHttpWhereTlsShouldBe) {
  EXPECT_TRUE(begins_tls_alert("\x15\x03\x01"));
  for (const auto* text : {"", "\x16\x03\x01", "\x15\x02", "HTTP/1.1"}) EXPECT_FALSE(begins_tls_alert(text)) << text;
}

TEST(TlsExpected, IsSaidInWordsByManyServers) {
  for (const auto* body : {"<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head>",
                           "<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />",
                           "Client sent an HTTP request to an HTTPS server.\n",
                           "Bad Request\nThis combination of host and port requires TLS.\n"}) {
    EXPECT_TRUE(says_tls_was_expected(400, body)) << body;
    EXPECT_FALSE(says_tls_was_expected(200, body)) << body;
  }
  EXPECT_FALSE(says_tls_was_expected(400, ""));
  EXPECT_FALSE(says_tls_was_expected(400, "customer unknown"));
}

}  // namespace
}  // namespace fulfilld
