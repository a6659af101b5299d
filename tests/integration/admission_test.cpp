// SPDX-License-Identifier: Apache-2.0
// What is refused because there is too much of it, and what is known already.
#include <thread>

#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

const std::string held = R"({"simulate":{"hold":true}})";

std::string large(std::size_t size) {
  return R"({"simulate":{"hold":true},"fill":")" + std::string(size, 'x') + R"("})";
}

class Admission : public FulfilldTest {
 protected:
  /// 503 for that reason, with a time to come back and with a detail that holds `words`.
  static void expect_refused(const HttpReply& reply, const std::string& code, const std::string& words) {
    ASSERT_EQ(reply.status, 503) << reply.body;
    const auto body = Json::parse(reply.body);
    EXPECT_EQ(body.at("code"), code);
    EXPECT_THAT(body.value("detail", ""), testing::HasSubstr(words));
    ASSERT_TRUE(reply.fields.contains("retry-after"));
    EXPECT_THAT(reply.fields.at("retry-after"), testing::MatchesRegex("[1-9]|[1-5][0-9]|60"));
  }

  /// The first answer that `is_wanted`, to one execution after another.
  template <class IsWanted>
  [[nodiscard]] HttpReply first_reply(const Service& service, const std::string& data, IsWanted is_wanted) const {
    const auto limit = std::chrono::steady_clock::now() + patience;
    for (int i = 0;; ++i) {
      const auto reply = service.execute(execute_body("try-" + std::to_string(i), data));
      if (is_wanted(reply) || std::chrono::steady_clock::now() > limit) return reply;
    }
  }

  [[nodiscard]] HttpReply execute_with_key(const Service& service, const std::string& key, const std::string& id,
                                           const std::string& data) const {
    HttpCall request;
    request.method = "POST";
    request.url = service.url("/execute");
    request.body = execute_body(id, data);
    request.fields = {{"Content-Type", "application/json"}, {"Idempotency-Key", key}};
    return call(request);
  }
};

TEST_F(Admission, HoldsNoMoreExecutionsThanItMay) {
  set("limits", "max_in_flight", "2");
  const auto service = start();
  send(service, "e-1", held);
  send(service, "e-2", held);
  expect_refused(service.execute(execute_body("e-3")), "overloaded", "limits.max_in_flight is 2");
  ASSERT_TRUE(simulator.wait({{"backend_calls", 2}}));
  simulator.release();
  EXPECT_EQ(first_reply(service, "{}", [](const HttpReply& reply) { return reply.status == 202; }).status, 202);
  EXPECT_TRUE(simulator.callbacks("e-3").empty()) << "what is refused is not run";
}

TEST_F(Admission, HoldsNoMoreBytesThanItMay) {
  set_text("limits", "max_bytes", "2MiB");
  set_text("actions.default", "max_result", "1MiB");
  const auto service = start();
  send(service, "e-1", large(700000));
  send(service, "e-2", large(700000));
  expect_refused(service.execute(execute_body("e-3", large(700000))), "overloaded", "limits.max_bytes is 2097152");
  send(service, "e-4", held);
  ASSERT_TRUE(simulator.wait({{"backend_calls", 3}}));
  simulator.release();
  for (const auto* id : {"e-1", "e-2", "e-4"}) EXPECT_EQ(taken_result(id).at("status"), "complete");
  EXPECT_EQ(first_reply(service, large(700000), [](const HttpReply& reply) { return reply.status == 202; }).status,
            202);
}

TEST_F(Admission, TakesNoMoreThanItCanDeliver) {
  set_text("callback", "rate", "2/min");
  set("callback", "burst", "1");
  set_text("callback", "lifetime", "1m");
  const auto service = start();
  for (const auto* id : {"e-1", "e-2", "e-3"}) send(service, id, held);
  expect_refused(service.execute(execute_body("e-4")), "overloaded",
                 "callback.rate delivers 3 within callback.lifetime");
}

TEST_F(Admission, TakesNoMoreThanTheBackendServesBeforeTheDeadline) {
  set_text("callback", "rate", "none");
  set_text("actions.default", "deadline", "1s");
  set_text("actions.default", "retry.attempt_timeout", "1s");
  set("targets.default", "connections", "1");
  const auto service = start();
  expect_refused(first_reply(service, held, [](const HttpReply& reply) { return reply.status != 202; }),
                 "backlog_too_long", "executions of this action wait");
}

TEST_F(Admission, KnowsARepeatByItsIdempotencyKey) {
  const auto service = start();
  const auto first = execute_with_key(service, "key-1", "e-1", R"({"n":1})");
  EXPECT_EQ(first.status, 202) << first.body;
  EXPECT_EQ(taken_result("e-1").at("status"), "complete");

  const auto repeat = execute_with_key(service, "key-1", "e-2", R"({"n":1})");
  EXPECT_EQ(repeat.status, 202) << repeat.body;
  EXPECT_EQ(Json::parse(repeat.body).at("executionId"), "e-1");

  const auto conflict = execute_with_key(service, "key-1", "e-3", R"({"n":2})");
  EXPECT_EQ(conflict.status, 409) << conflict.body;
  EXPECT_EQ(Json::parse(conflict.body).at("code"), "key_conflict");
  EXPECT_THAT(conflict.body, testing::HasSubstr("e-1"));

  EXPECT_EQ(result_of(service, "e-4").at("status"), "complete");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 2) << "the first, and the one without a key";
}

TEST_F(Admission, RunsOneOfManyCopiesWithTheSameIdempotencyKey) {
  const auto service = start();
  constexpr int copies = 50;
  std::vector<HttpReply> replies(copies);
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < copies; ++i)
      clients.emplace_back([&, i] {
        replies[static_cast<std::size_t>(i)] = execute_with_key(service, "key-1", "e-" + std::to_string(i), "1");
      });
  }
  for (const auto& reply : replies) {
    EXPECT_EQ(reply.status, 202) << reply.body;
    EXPECT_EQ(reply.body, replies[0].body);
  }
  EXPECT_EQ(taken_result(Json::parse(replies[0].body).at("executionId")).at("status"), "complete");
  EXPECT_EQ(simulator.counts().at("backend_calls"), 1);
}

TEST_F(Admission, RefusesAnIdempotencyKeyThatCannotBeOne) {
  const auto service = start();
  const auto reply = execute_with_key(service, std::string(256, 'x'), "e-1", "{}");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, testing::HasSubstr("Idempotency-Key must be 1 to 255 visible ASCII characters"));
}

}  // namespace
}  // namespace fulfilld::integration
