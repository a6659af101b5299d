// SPDX-License-Identifier: Apache-2.0
// What the front door takes and what it refuses: a refused request gets a clear JSON error, and costs nothing.
#include <ostream>

#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

/// A request that must be refused. `{url}` in the body stands for a good fulfillmentUrl.
struct Bad {
  std::string name;
  std::string body;
  int status = 400;
  std::string code;
  std::string path = "/execute";
  std::string method = "POST";
  std::string content_type = "application/json";
};

void PrintTo(const Bad& bad, std::ostream* out) { *out << bad.name; }

std::string with_url(const std::string& url) { return R"({"fulfillmentUrl":")" + url + R"(","data":{}})"; }

std::string nested(int depth) {
  return R"({"fulfillmentUrl":"{url}","data":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

const std::string& good() {
  static const std::string body = R"({"fulfillmentUrl":"{url}","data":{}})";
  return body;
}

class FrontDoor : public FulfilldTest {
 protected:
  [[nodiscard]] std::string filled_in(std::string body) const {
    if (const auto place = body.find("{url}"); place != std::string::npos)
      body.replace(place, 5, simulator.fulfillment_url("e-1"));
    return body;
  }
};

class Refusal : public FrontDoor, public testing::WithParamInterface<Bad> {};

TEST_P(Refusal, IsClearAndCostsNothing) {
  const auto service = start();
  const auto& bad = GetParam();
  HttpCall request;
  request.method = bad.method;
  request.url = service.url(bad.path);
  request.body = filled_in(bad.body);
  if (!bad.content_type.empty()) request.fields["Content-Type"] = bad.content_type;
  const auto reply = call(request);
  EXPECT_EQ(reply.status, bad.status) << reply.body;
  EXPECT_EQ(reply.fields.at("content-type"), "application/json");
  const auto json = Json::parse(reply.body, nullptr, false);
  ASSERT_TRUE(json.is_object()) << reply.body;
  EXPECT_EQ(json.value("code", ""), bad.code);
  EXPECT_FALSE(json.value("error", "").empty());
  if (bad.status == 405) {
    EXPECT_EQ(reply.fields.at("allow"), bad.path == "/execute" ? "POST" : "GET, HEAD");
  }

  // A good one afterwards is the only one that anybody hears of.
  EXPECT_EQ(result_of(service, "good").at("status"), "complete");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 1);
  EXPECT_EQ(simulator.counts().at("callback_requests"), 1);
  EXPECT_FALSE(service.log().find("\"execution\":\"e-1\"") != std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Of, Refusal,
    testing::Values(Bad{"NoData", R"({"fulfillmentUrl":"{url}"})", 400, "missing_field"},
                    Bad{"NoUrl", R"({"data":{}})", 400, "missing_field"}, Bad{"Neither", "{}", 400, "missing_field"},
                    Bad{"UrlOfTheWrongType", R"({"fulfillmentUrl":5,"data":{}})", 400, "missing_field"},
                    Bad{"AnArray", "[]", 400, "missing_field"}, Bad{"NoBody", "", 400, "missing_field"},
                    Bad{"NoJson", "fulfillmentUrl=x", 400, "malformed_json"},
                    Bad{"HalfJson", R"({"fulfillmentUrl":"{url}","data":{)", 400, "malformed_json"},
                    Bad{"TwoJsons", good() + good(), 400, "malformed_json"},
                    Bad{"DeepNesting", nested(64), 400, "nested_too_deep"},
                    Bad{"ExtremeNesting", nested(100000), 400, "nested_too_deep"},
                    Bad{"FormContent", good(), 415, "unsupported_content_type", "/execute", "POST",
                        "application/x-www-form-urlencoded"},
                    Bad{"NoContentType", good(), 415, "unsupported_content_type", "/execute", "POST", ""},
                    Bad{"UnknownAction", good(), 404, "unknown_action", "/execute/nothing"},
                    Bad{"UnknownPath", good(), 404, "not_found", "/elsewhere"},
                    Bad{"GetOfExecute", "", 405, "method_not_allowed", "/execute", "GET"},
                    Bad{"PutOfExecute", good(), 405, "method_not_allowed", "/execute", "PUT"},
                    Bad{"PostOfHealth", good(), 405, "method_not_allowed", "/healthz"},
                    Bad{"PlainHttp", with_url("http://api.mypurecloud.com/x"), 403, "url_not_allowed"},
                    Bad{"UnlistedHost", with_url("https://example.org/x"), 403, "url_not_allowed"},
                    Bad{"LookalikeHost", with_url("https://api.mypurecloud.com.example.org/x"), 403, "url_not_allowed"},
                    Bad{"SuffixOfAHost", with_url("https://evil-api.mypurecloud.com/x"), 403, "url_not_allowed"},
                    Bad{"OtherLoopback", with_url("http://127.0.0.2/x"), 403, "url_not_allowed"},
                    Bad{"UserInfo", with_url("http://127.0.0.1@example.org/x"), 403, "url_not_allowed"},
                    Bad{"OtherScheme", with_url("file:///etc/passwd"), 403, "url_not_allowed"},
                    Bad{"NoUrlAtAll", with_url("nonsense"), 403, "url_not_allowed"}),
    [](const auto& bad) { return bad.param.name; });

TEST_F(FrontDoor, SaysOfMissingFieldsWhatTheTutorialSays) {
  const auto service = start();
  EXPECT_EQ(Json::parse(service.execute("{}").body).at("error"), "Missing fulfillmentUrl or data payload");
}

TEST_F(FrontDoor, RefusesALargeBodyWithoutReadingIt) {
  const auto service = start();
  // Ten mebibytes are announced, and next to nothing is sent: who wanted to read them would wait for ever.
  const auto answer = exchange_bytes(service.port(),
                                     "POST /execute HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                     "Content-Length: 10485760\r\nConnection: close\r\n\r\n{\"fulfillmentUrl\":");
  EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answer, testing::HasSubstr("body_too_large"));
}

TEST_F(FrontDoor, RefusesALargeBodyThatComesInChunks) {
  const auto service = start();
  std::string request =
      "POST /execute HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 40; ++i) request += "10000\r\n" + std::string(65536, ' ') + "\r\n";
  EXPECT_THAT(exchange_bytes(service.port(), request), testing::StartsWith("HTTP/1.1 413 "));
}

TEST_F(FrontDoor, TakesABodyOfJustTheSizeThatIsAllowed) {
  set_text("actions.default", "max_result", "2MiB");  // the backend echoes it
  const auto service = start();
  auto body = execute_body("e-1", "\"\"");
  body.insert(body.size() - 2, std::string((1 << 20) - body.size(), 'x'));
  EXPECT_EQ(service.execute(body).status, 202);
  EXPECT_EQ(service.execute(body + " ").status, 413);
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");
}

TEST_F(FrontDoor, RefusesALengthTogetherWithChunks) {
  const auto service = start();
  const auto answer = exchange_bytes(service.port(),
                                     "POST /execute HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                     "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 400 "));
}

TEST_F(FrontDoor, TellsThatItIsAliveAndReady) {
  const auto service = start();
  EXPECT_EQ(service.get("/healthz").status, 200);
  const auto ready = service.get("/readyz");
  EXPECT_EQ(ready.status, 200) << ready.body;
  EXPECT_TRUE(Json::accept(ready.body)) << ready.body;
}

TEST_F(FrontDoor, IsNotOpenedWithAnAdapterThatIsNotThere) {
  set_text("actions.default", "adapter", "no_such_adapter");
  set("actions.default.settings", "url", R"("http://127.0.0.1:9/")");
  const auto finished = run(command());
  EXPECT_NE(finished.exit.status, 0);
  EXPECT_THAT(finished.output, testing::HasSubstr("no_such_adapter"));
}

}  // namespace
}  // namespace fulfilld::integration
