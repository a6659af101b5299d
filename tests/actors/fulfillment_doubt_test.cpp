// SPDX-License-Identifier: Apache-2.0
// What an execution ends as when it is not certain what its calls have done.
#include "tests/actors/fulfillment_fixture.hpp"

namespace fulfilld::test {
namespace {

class DoubtTest : public FulfillmentTest {
 protected:
  DoubtTest() { action_.retry = {.attempts = 3, .attempt_timeout = 5s, .backoff = 1s, .backoff_max = 30s}; }

  void start_unsafe(std::chrono::milliseconds deadline = 60s) {
    start_with_one_call(deadline, OperationClass::unsafe);
    write_notes();
  }

  /// Answers the newest attempt and lets time pass until there is another one, or the end.
  void answer_and_wait(const HttpAnswer& given) {
    const auto before = attempts();
    answer(given);
    while (attempts() == before && journal_.decided().empty()) advance(100ms);
  }
};

TEST_F(DoubtTest, AnUnsafeCallIsMadeOnceWhateverStatusDoesNotSayThatNothingWasDone) {
  start_unsafe();
  answer(status(503, "upstream connect error or disconnect/reset before headers"));
  expect_outcome(Reason::outcome_unknown, "outcome_unknown");
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(DoubtTest, AnUnsafeCallThatWasTurnedAwayIsMadeAgain) {
  start_unsafe();
  answer_and_wait(status(429));
  answer_and_wait(status(425));
  ASSERT_EQ(attempts(), 3u);
  answer(status(200, "1"));
  expect_outcome(Reason::none, "externalResponse");
}

TEST_F(DoubtTest, AnUnsafeCallIsMadeAgainAfter503WhereTheActionTrustsIt) {
  action_.retry.unsafe_after_503 = true;
  start_unsafe();
  answer_and_wait(status(503, {}, "2"));
  ASSERT_EQ(attempts(), 2u);
  answer(status(503));
  expect_outcome(Reason::outcome_unknown, "outcome_unknown");
}

TEST_F(DoubtTest, AnUnsafeCallWhoseAnswerIsTooLargeMayHaveBeenCarriedOut) {
  start_unsafe();
  auto too_large = status(200);
  too_large.failure = HttpFailure::too_large;
  answer(std::move(too_large));
  expect_outcome(Reason::outcome_unknown, "outcome_unknown");
}

TEST_F(DoubtTest, ARefusalOfAnUnsafeCallIsItsOutcome) {
  start_unsafe();
  answer(status(422));
  expect_outcome(Reason::backend_status, "status 422");
}

TEST_F(DoubtTest, WhatTheAdapterCannotReadOfAnUnsafeCallThatSucceededHasBeenDone) {
  for (const auto reason :
       {Reason::backend_bad_answer, Reason::answer_too_large, Reason::adapter_fault, Reason::queue_full}) {
    adapter_->on_http = [reason](AdapterHost& host, OperationId, const HttpAnswer&) {
      host.fail(reason, std::string(code(reason)), "cannot be read");
    };
    start_unsafe();
    answer(status(201, "<html>"));
    expect_outcome(Reason::outcome_unknown, std::string(code(reason)) + ": cannot be read");
    journal_.forget();
  }
}

TEST_F(DoubtTest, WhatTheAdapterSaysOfAnUnsafeCallItselfHolds) {
  adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer&) {
    host.fail(Reason::adapter_failed, "out_of_stock", "none left");
  };
  start_unsafe();
  answer(status(200, R"({"error":"none left"})"));
  expect_outcome(Reason::adapter_failed, "out_of_stock");
}

TEST_F(DoubtTest, WhatCannotBeReadOfALaterCallIsAboutThatOne) {
  adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer& answer) {
    if (answer.status == 201) return static_cast<void>(host.http(call_to("b.test", OperationClass::safe)));
    host.fail(Reason::backend_bad_answer, "backend_bad_answer", "no JSON");
  };
  start_unsafe();
  answer(status(201));
  answer(status(200, "<html>"));
  expect_outcome(Reason::backend_bad_answer, "no JSON");
}

TEST_F(DoubtTest, AtTheDeadlineAnUnsafeCallThatIsUnderWayMayBeCarriedOut) {
  start_unsafe(10s);
  last_call().start();
  advance(10s);
  expect_outcome(Reason::outcome_unknown, "The deadline of the execution passed");
}

TEST_F(DoubtTest, AtTheDeadlineAKeyThatIsInUseLeavesTheOutcomeUnknown) {
  start_with_one_call(20s, OperationClass::idempotent);
  answer_and_wait(status(504));
  answer_and_wait(status(409));
  ASSERT_EQ(attempts(), 3u);
  last_call().start();
  advance(20s);
  expect_outcome(Reason::outcome_unknown, "The deadline of the execution passed");
}

TEST_F(DoubtTest, AtTheDeadlineAnUnsafeCallThatNeverHadItsTurnWasNot) {
  start_unsafe(10s);
  advance(10s);
  expect_outcome(Reason::deadline, R"("errorCode":"deadline")");
}

TEST_F(DoubtTest, AtTheDeadlineAnUnsafeCallThatWasAnsweredHasBeenCarriedOut) {
  adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer&) { host.sleep(1h); };
  start_unsafe(10s);
  answer(status(200, "1"));
  advance(10s);
  expect_outcome(Reason::outcome_unknown, "outcome_unknown");
}

TEST_F(DoubtTest, AtTheDeadlineUnsafeWorkThatHasBegunMayBeDone) {
  class LateWork final : public BlockingWork {
   public:
    explicit LateWork(std::function<void()> at_work) : at_work_(std::move(at_work)) {}
    WorkAttempt run() noexcept override {
      at_work_();
      return {};
    }

   private:
    std::function<void()> at_work_;
  };
  adapter_->on_start = [this](AdapterHost& host) {
    host.blocking(std::make_unique<LateWork>([this] { advance(10s); }), OperationClass::unsafe);
  };
  start(10s);
  write_notes();
  blocking_.run_next();
  settle();
  expect_outcome(Reason::outcome_unknown, "The deadline of the execution passed");
}

TEST_F(DoubtTest, UnsafeWorkThatHasNotBegunAtTheDeadlineNeverDoes) {
  bool ran = false;
  class Work final : public BlockingWork {
   public:
    explicit Work(bool& ran) : ran_(ran) {}
    WorkAttempt run() noexcept override {
      ran_ = true;
      return {};
    }

   private:
    bool& ran_;
  };
  adapter_->on_start = [&](AdapterHost& host) { host.blocking(std::make_unique<Work>(ran), OperationClass::unsafe); };
  start(10s);
  write_notes();
  advance(10s);
  expect_outcome(Reason::deadline, R"("errorCode":"deadline")");
  blocking_.run_next();
  EXPECT_FALSE(ran);
}

TEST_F(DoubtTest, ARefusedUnsafeCallLeavesNoDoubtAtTheDeadline) {
  adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer&) { host.sleep(1h); };
  start_unsafe(10s);
  answer(status(409));
  advance(10s);
  expect_outcome(Reason::deadline, R"("errorCode":"deadline")");
}

TEST_F(DoubtTest, ARetryAfterThatIsTooLateForTheNextCallDoesNotHideWhatWasDone) {
  adapter_->on_http = [](AdapterHost& host, OperationId, const HttpAnswer&) { host.http(call_to("b.test")); };
  start_unsafe(10s);
  answer(status(200, "1"));
  answer(status(429, {}, "60"));
  expect_outcome(Reason::outcome_unknown, "The backend asked to wait");
}

TEST_F(DoubtTest, TheRefusalOfARepetitionIsNotTheOutcomeOfTheWhole) {
  for (const int refusal : {404, 410, 412, 422}) {
    start_with_one_call();
    answer_and_wait(broken(HttpFailure::reset));
    answer(status(refusal));
    expect_outcome(Reason::outcome_unknown, "status " + std::to_string(refusal));
    journal_.forget();
  }
}

TEST_F(DoubtTest, TheRefusalOfTheFirstAttemptIsTheOutcome) {
  start_with_one_call();
  answer_and_wait(status(429));
  answer(status(404));
  expect_outcome(Reason::backend_status, "status 404");
}

TEST_F(DoubtTest, AKeyInUseIsTriedOnAsLongAsTheDeadlineAllows) {
  action_.retry.attempts = 2;
  start_with_one_call();
  answer_and_wait(broken(HttpFailure::timeout));
  for (int n = 0; n < 5; ++n) answer_and_wait(status(409));
  ASSERT_EQ(attempts(), 7u);
  answer(status(200, R"({"id":1})"));
  expect_outcome(Reason::none, R"({"id":1})");
}

TEST_F(DoubtTest, AKeyThatStaysInUseLeavesTheOutcomeUnknown) {
  start_with_one_call(20s);
  answer_and_wait(broken(HttpFailure::timeout));
  while (journal_.decided().empty()) answer_and_wait(status(409));
  EXPECT_LT(clock_.now(), FakeClock::start + 20s) << "it is known before the deadline that there is no time left";
  expect_outcome(Reason::outcome_unknown, "outcome_unknown");
}

TEST_F(DoubtTest, ARepetitionThatIsNotMadeLeavesTheOutcomeUnknown) {
  for (const auto why : {Reason::circuit_open, Reason::queue_full, Reason::retry_after_exceeds_deadline}) {
    start_with_one_call();
    answer_and_wait(broken(HttpFailure::reset));
    auto turned_away = broken(HttpFailure::turned_away, false);
    turned_away.refusal = why;
    answer(std::move(turned_away));
    expect_outcome(Reason::outcome_unknown, "outcome_unknown");
    journal_.forget();
  }
}

TEST_F(DoubtTest, ARetryAfterPastTheDeadlineDoesNotHideTheAttemptBefore) {
  start_with_one_call(20s);
  answer_and_wait(broken(HttpFailure::reset));
  answer(status(429, {}, "60"));
  expect_outcome(Reason::outcome_unknown, "outcome_unknown");
}

TEST_F(DoubtTest, ACallLostWithItsRouteMayHaveBeenCarriedOut) {
  start_with_one_call();
  last_call().start();
  Inbox new_inbox;
  send(fulfillment_, routes_atom_v, routes_through(new_inbox));
  answer(new_inbox.calls.at(0), status(412));
  expect_outcome(Reason::outcome_unknown, "status 412");
}

TEST_F(DoubtTest, AnExecutionThatAnEarlierProcessBeganMayHaveMadeItsCalls) {
  for (const bool resumed : {false, true}) {
    execution_->resumed = resumed;
    start_with_one_call();
    answer(status(404));
    expect_outcome(resumed ? Reason::outcome_unknown : Reason::backend_status, "status 404");
    journal_.forget();
  }
}

TEST_F(DoubtTest, ASafeCallOfAnEarlierProcessLeavesNone) {
  execution_->resumed = true;
  start_with_one_call(60s, OperationClass::safe);
  answer(status(404));
  expect_outcome(Reason::backend_status, "status 404");
}

}  // namespace
}  // namespace fulfilld::test
