// SPDX-License-Identifier: Apache-2.0
// What a running execution tells must hold none of the secrets that its calls were sent with.
#include <gmock/gmock.h>

#include "tests/actors/fulfillment_fixture.hpp"

namespace fulfilld::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class FulfillmentSecretTest : public FulfillmentTest {
 protected:
  FulfillmentSecretTest() {
    Routes routes;
    routes.limiter = routes_->limiter;
    routes.callbacks = keep(spawn_callback_lane_double(system_, lane_));
    routes_ = std::make_shared<const Routes>(std::move(routes));
    config_.redaction = Redaction({"configured-secret"});
    adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer& answer) {
      host.fail(Reason::backend_status, "backend_status", "the backend answered 403: " + answer.body);
    };
  }

  void start_with(AdapterCall call) {
    adapter_->on_start = [call](AdapterHost& host) { host.http(call); };
    start();
  }

  /// The only call is answered 403, with those words.
  [[nodiscard]] std::string outcome_after(const std::string& body) {
    answer(status(403, body));
    return journal_.decided().empty() ? "none" : journal_.decided()[0].outcome->body;
  }

  Inbox lane_;
};

TEST_F(FulfillmentSecretTest, AFailureHidesWhatTheProcessKnows) {
  start_with(call_to("backend.test"));
  EXPECT_THAT(outcome_after("'configured-secret' not a valid key"), HasSubstr("403: '***' not a valid key"));
}

TEST_F(FulfillmentSecretTest, AFailureHidesTheTokenThatTheHostAdded) {
  start_with(call_to("backend.test"));
  last_call().request.authorization = "Bearer fetched-token";
  EXPECT_THAT(outcome_after("wrong: 'Bearer fetched-token'"), HasSubstr("wrong: 'Bearer ***'"));
}

TEST_F(FulfillmentSecretTest, AFailureHidesWhatTheAdapterAuthorizedItsCallWith) {
  auto call = call_to("backend.test");
  call.request.authorization = "Basic dXNlcjpwYTU1OncwcmQ=";
  call.request.header_lines = "X-Api-Key: key-of-a-step\r\n";
  call.request.url.target = "/path?access_token=token%2Bof%2Bquery";
  start_with(call);
  const auto body =
      outcome_after("dXNlcjpwYTU1OncwcmQ= (pa55:w0rd), key-of-a-step, token+of+query, token%2bof%2bquery");
  EXPECT_THAT(body, HasSubstr("403: *** (***), ***, ***, ***\""));
}

TEST_F(FulfillmentSecretTest, AFailureHidesWhatAnEarlierCallWasAuthorizedWith) {
  auto call = call_to("backend.test");
  call.request.authorization = "Bearer of-the-first-step";
  adapter_->on_http = [](AdapterHost& host, OperationId operation, const HttpAnswer& answer) {
    if (operation == 1)
      host.http(call_to("other.test"));
    else
      host.fail(Reason::backend_status, "backend_status", answer.body);
  };
  start_with(call);
  answer(status(200, "1"));
  EXPECT_THAT(outcome_after("who is of-the-first-step?"), HasSubstr("who is ***?"));
}

TEST_F(FulfillmentSecretTest, ACodeThatTellsASecretIsNotPassedOn) {
  adapter_->on_start = [](AdapterHost& host) { host.fail(Reason::adapter_failed, "configured-secret", "refused"); };
  start();
  expect_outcome(Reason::adapter_failed, R"("errorCode":"adapter_failed")");
  EXPECT_EQ(journal_.decided()[0].outcome->code, "adapter_failed");
}

TEST_F(FulfillmentSecretTest, AnOutcomeKnowsTheCodeThatItTells) {
  adapter_->on_start = [](AdapterHost& host) { host.fail(Reason::adapter_failed, "bad_input", "no id"); };
  start();
  expect_outcome(Reason::adapter_failed, R"("errorCode":"bad_input")");
  EXPECT_EQ(journal_.decided()[0].outcome->code, "bad_input");
}

TEST_F(FulfillmentSecretTest, AResultIsDataAndPassesAsItIs) {
  adapter_->on_start = [](AdapterHost& host) { host.complete(R"({"key":"configured-secret"})"); };
  start();
  expect_outcome(Reason::none, R"({"key":"configured-secret"})");
}

TEST_F(FulfillmentSecretTest, ReportsAndLogLinesHideThemToo) {
  auto call = call_to("backend.test");
  call.request.authorization = "Bearer of-the-first-step";
  adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer&) {
    host.progress(R"({"token":"of-the-first-step","left":[7]})");
    host.log(LogLevel::warning, "sent of-the-first-step and configured-secret");
    host.complete("1");
  };
  start_with(call);
  answer(status(200, "1"));
  ASSERT_EQ(lane_.progress.size(), 1u);
  EXPECT_THAT(lane_.progress[0]->body, HasSubstr(R"("progress":{"token":"***","left":[7]})"));
  EXPECT_THAT(observer_.lines_with("adapter"), ElementsAre("execution-1 adapter warning: sent *** and ***"));
}

}  // namespace
}  // namespace fulfilld::test
