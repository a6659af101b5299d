// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/call_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/plugin_host/lent_text.hpp"
#include "tests/runtime/plugin_host/scripted_host.hpp"

namespace fulfilld {
namespace {

class CallCheck : public ::testing::Test {
 protected:
  CheckedCall check(std::string_view method, std::string_view url,
                    const std::vector<std::pair<std::string, std::string>>& headers = {},
                    std::uint32_t operation = FULFILL_OPERATION_BY_METHOD) {
    std::vector<fulfill_field> fields;
    for (const auto& [name, value] : headers) fields.push_back({lend(name), lend(value)});
    fulfill_request_v1 request{};
    request.size = sizeof request;
    request.method = lend(method);
    request.url = lend(url);
    request.fields = fields.data();
    request.field_count = fields.size();
    request.body = lend(body_);
    request.has_body = has_body_ ? 1 : 0;
    request.operation = operation;
    request.timeout_ms = timeout_ms_;
    return check_call(request, execution_, urls_);
  }

  ExecutionPtr execution_ = testing::execution("{\"data\":true}");
  UrlCache urls_;
  std::string_view body_;
  bool has_body_ = false;
  std::int64_t timeout_ms_ = 0;
};

TEST_F(CallCheck, MakesHeaderLinesAndTakesAuthorizationApart) {
  const auto checked = check("GET", "http://b/x", {{"Accept", "a/b"}, {"authorization", "Bearer s"}, {"X", ""}});
  ASSERT_EQ(checked.problem, "");
  EXPECT_EQ(checked.call.request.header_lines, "Accept: a/b\r\nX: \r\n");
  EXPECT_EQ(checked.call.request.authorization, "Bearer s");
  EXPECT_EQ(checked.call.request.url.origin, "http://b:80");
}

TEST_F(CallCheck, RefusesHeadersThatWouldBreakTheMessage) {
  const std::string nul("a\0b", 3);
  for (const std::string& value : {std::string("a\r\nX: y"), std::string("a\nb"), std::string("a\rb"), nul,
                                   std::string("\x7F"), std::string("\x01")})
    EXPECT_NE(check("GET", "http://b/", {{"X", value}}).problem, "");
  for (const char* name : {"", "a b", "a:", "a\r\n", "\xC3\xA9", "a\n"})
    EXPECT_NE(check("GET", "http://b/", {{name, "v"}}).problem, "") << name;
  EXPECT_EQ(check("GET", "http://b/", {{"X", "\xC3\xA9\tz"}}).problem, "");
}

TEST_F(CallCheck, RefusesFieldsThatBelongToTheConnectionInAnyCase) {
  for (const char* name : {"Host", "content-LENGTH", "Transfer-Encoding", "CONNECTION", "Upgrade", "te", "Expect"})
    EXPECT_NE(check("GET", "http://b/", {{name, "v"}}).problem.find("belongs to the host"), std::string::npos) << name;
}

TEST_F(CallCheck, RefusesMethodsThatAreNoTokensOrChangeTheConnection) {
  for (const char* method : {"", "GE T", "GET\r\n", "CONNECT", "TRACE", "(", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    EXPECT_NE(check(method, "http://b/").problem, "") << method;
  EXPECT_EQ(check("PROPFIND", "http://b/").problem, "");
}

TEST_F(CallCheck, RefusesUrlsThatCannotBeCalled) {
  for (const char* url : {"", "/path", "ftp://b/", "file:///etc/passwd", "http://", "http://b/a b", "http://u:p@b/"})
    EXPECT_NE(check("GET", url).problem, "") << url;
}

TEST_F(CallCheck, RefusesMoreHeaderAndBodyThanThereIsRoomFor) {
  EXPECT_NE(check("GET", "http://b/", {{"X", std::string(70000, 'x')}}).problem, "");
  const std::string large((16 << 20) + 1, 'x');
  body_ = large;
  has_body_ = true;
  EXPECT_NE(check("POST", "http://b/").problem, "");
}

TEST_F(CallCheck, SharesTheExecutionsDataAndCopiesAnyOtherBody) {
  has_body_ = true;
  body_ = execution_->data;
  EXPECT_EQ(check("POST", "http://b/").call.request.body.get(), &execution_->data);
  body_ = std::string_view(execution_->data).substr(1);
  const auto part = check("POST", "http://b/");
  EXPECT_NE(part.call.request.body.get(), &execution_->data);
  EXPECT_EQ(*part.call.request.body, body_);
  has_body_ = false;
  EXPECT_EQ(check("POST", "http://b/").call.request.body, nullptr);
}

TEST_F(CallCheck, TakesTheOperationFromTheMethodUnlessItIsDeclared) {
  const auto of = [&](const char* method, std::uint32_t declared) {
    return check(method, "http://b/", {}, declared).call.operation;
  };
  for (const char* method : {"GET", "HEAD", "OPTIONS"})
    EXPECT_EQ(of(method, FULFILL_OPERATION_BY_METHOD), OperationClass::safe);
  for (const char* method : {"PUT", "DELETE"})
    EXPECT_EQ(of(method, FULFILL_OPERATION_BY_METHOD), OperationClass::idempotent);
  for (const char* method : {"POST", "PATCH", "get", "LOCK"})
    EXPECT_EQ(of(method, FULFILL_OPERATION_BY_METHOD), OperationClass::unsafe);
  EXPECT_EQ(of("POST", FULFILL_OPERATION_IDEMPOTENT), OperationClass::idempotent);
  EXPECT_EQ(of("GET", FULFILL_OPERATION_UNSAFE), OperationClass::unsafe);
  EXPECT_EQ(of("GET", 77), OperationClass::unsafe);
}

TEST_F(CallCheck, BoundsTheTimeLimit) {
  timeout_ms_ = -5;
  EXPECT_EQ(check("GET", "http://b/").call.time_limit.count(), 0);
  timeout_ms_ = 250;
  EXPECT_EQ(check("GET", "http://b/").call.time_limit.count(), 250);
  timeout_ms_ = INT64_MAX;
  EXPECT_EQ(check("GET", "http://b/").call.time_limit, std::chrono::hours(24));
}

TEST_F(CallCheck, RemembersUrlsWithoutMixingThemUp) {
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 100; ++i) {
      const std::string url = "http://b/" + std::to_string(i);
      EXPECT_EQ(check("GET", url).call.request.url.target, "/" + std::to_string(i));
    }
}

}  // namespace
}  // namespace fulfilld
