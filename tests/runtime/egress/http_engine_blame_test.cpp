// SPDX-License-Identifier: Apache-2.0
// Conformance: whom a failure names, and whom it blames.
#include <string>

#include "tests/runtime/egress/http_engine_fixture.hpp"
#include "tests/runtime/egress/no_more_descriptors.hpp"

namespace fulfilld::testing {
namespace {

using namespace std::chrono_literals;

class HttpEngineBlame : public HttpEngineTest {};

TEST_P(HttpEngineBlame, NamesWhoWasCalled) {
  const auto expect_named = [this](RawServer::Script script, HttpFailure failure) {
    RawServer server(std::move(script));
    const auto exchange = make_post(server.url("/path?query"), "{}");
    exchange->request.time_limit = 300ms;
    EXPECT_EQ(run(exchange).failure, failure) << exchange->answer.detail;
    EXPECT_TRUE(exchange->answer.detail.starts_with(server.url().origin + ": ")) << exchange->answer.detail;
  };
  expect_named([](Peer& peer) { peer.wait_until_gone(); }, HttpFailure::timeout);
  expect_named([](Peer& peer) { peer.reset(); }, HttpFailure::reset);
  expect_named([](Peer& peer) { peer.send("nonsense\r\n\r\n"); }, HttpFailure::bad_answer);
  expect_named([](Peer& peer) { peer.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"); },
               HttpFailure::too_large);
}

TEST_P(HttpEngineBlame, NamesTheNameThatHasNoAddress) {
  make_engine({.ca_file = {}, .hosts = {{"here.test", {"127.0.0.1"}}}});
  const auto exchange = make_exchange(make_url("http", "nowhere.test", 80, "/"));
  EXPECT_EQ(run(exchange).failure, HttpFailure::resolve);
  EXPECT_EQ(exchange->answer.detail, "http://nowhere.test:80: resolve: no such host");
}

TEST_P(HttpEngineBlame, DoesNotBlameThePeerForWantOfDescriptors) {
  RawServer server([](Peer& peer) {
    while (!peer.read_request().empty()) peer.send(answer_with("ok"));
  });
  make_engine({.ca_file = {}, .hosts = {{"two.test", {"127.0.0.1", "127.0.0.2"}}}});
  for (const auto* host : {"127.0.0.1", "two.test"}) {
    const auto exchange = make_post(server.url("/", host), "{}");
    {
      const NoMoreDescriptors none;
      EXPECT_EQ(run(exchange).failure, HttpFailure::no_socket) << exchange->answer.detail;
    }
    EXPECT_FALSE(exchange->answer.request_sent);
    EXPECT_NE(exchange->answer.detail.find("Too many open files"), std::string::npos) << exchange->answer.detail;
  }
  EXPECT_EQ(run(make_post(server.url(), "{}")).status, 200) << "as soon as there are some";
}

INSTANTIATE_TEST_SUITE_P(Engines, HttpEngineBlame, ::testing::Values(asio_engine_kind()),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace fulfilld::testing
