// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/request_head.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/egress/test_exchange.hpp"

namespace fulfilld {
namespace {

HttpRequest request(std::string method) {
  HttpRequest result;
  result.method = std::move(method);
  result.url = testing::make_url("https", "a.test", 8443, "/x");
  return result;
}

TEST(RequestHead, HoldsWhatIsGivenAndWhatIsTrueOfAll) {
  std::string head = "what was there before";
  HttpRequest post = request("POST");
  post.header_lines = "A: b\r\n";
  post.authorization = "Bearer t";
  post.body = std::make_shared<const std::string>(12345, 'x');
  write_request_head(post, "User-Agent: me/1\r\n", head);
  EXPECT_EQ(head,
            "POST /x HTTP/1.1\r\nHost: a.test:8443\r\nConnection: keep-alive\r\nAccept-Encoding: gzip, deflate\r\n"
            "User-Agent: me/1\r\nA: b\r\nContent-Length: 12345\r\nAuthorization: Bearer t\r\n\r\n");
  write_request_head(request("GET"), "", head);
  EXPECT_EQ(head,
            "GET /x HTTP/1.1\r\nHost: a.test:8443\r\nConnection: keep-alive\r\nAccept-Encoding: gzip, deflate\r\n\r\n");
}

TEST(RequestHead, WhatItsMakerSaysWins) {
  std::string head;
  HttpRequest get = request("GET");
  get.header_lines = "accept-ENCODING: br\r\nX: y\r\n";
  write_request_head(get, "User-Agent: me/1\r\n", head);
  EXPECT_EQ(head,
            "GET /x HTTP/1.1\r\nHost: a.test:8443\r\nConnection: keep-alive\r\nUser-Agent: me/1\r\n"
            "accept-ENCODING: br\r\nX: y\r\n\r\n");
  get.header_lines = "X-User-Agent: no\r\nuser-agent: mine\r\n";
  write_request_head(get, "User-Agent: me/1\r\n", head);
  EXPECT_EQ(head,
            "GET /x HTTP/1.1\r\nHost: a.test:8443\r\nConnection: keep-alive\r\nAccept-Encoding: gzip, deflate\r\n"
            "X-User-Agent: no\r\nuser-agent: mine\r\n\r\n");
}

TEST(RequestHead, ControlCharactersAreNotSafe) {
  EXPECT_TRUE(is_safe_to_write(request("GET")));
  for (const char* bad : {"\r\nX: y", "\n", "\x7f", "\t"}) {
    HttpRequest changed = request("GET");
    changed.authorization = std::string("Bearer ") + bad;
    EXPECT_FALSE(is_safe_to_write(changed));
    changed = request("GET");
    changed.url.target += bad;
    EXPECT_FALSE(is_safe_to_write(changed));
    changed = request("GET");
    changed.url.authority += bad;
    EXPECT_FALSE(is_safe_to_write(changed));
    EXPECT_FALSE(is_safe_to_write(request(std::string("GET") + bad)));
  }
  EXPECT_FALSE(is_safe_to_write(request("")));
  EXPECT_FALSE(is_safe_to_write(request("GET /smuggled HTTP/1.1")));
}

TEST(RequestHead, OnlyIdempotentRequestsMayBeSentTwice) {
  for (const char* method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
    EXPECT_TRUE(may_be_sent_twice(request(method))) << method;
  for (const char* method : {"POST", "PATCH", "get"}) EXPECT_FALSE(may_be_sent_twice(request(method))) << method;
  HttpRequest post = request("POST");
  post.header_lines = "X-Not-Idempotency-Key: 1\r\nIdempotency-Keys: 2\r\nA: Idempotency-Key: 3\r\n";
  EXPECT_FALSE(may_be_sent_twice(post));
  post.header_lines += "IDEMPOTENCY-key: 4\r\n";
  EXPECT_TRUE(may_be_sent_twice(post));
}

}  // namespace
}  // namespace fulfilld
