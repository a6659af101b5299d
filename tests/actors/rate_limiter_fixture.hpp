// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/call.hpp"
#include "actors/rate_limiter.hpp"
#include "tests/actors/actor_test.hpp"
#include "tests/actors/doubles/answers.hpp"
#include "tests/actors/doubles/inbox.hpp"
#include "tests/actors/doubles/sample_execution.hpp"

namespace fulfilld::test {

/// A rate limiter between stand-ins: what it hands on lies in `pool_inbox_`, what it turns away or gives back in
/// `requester_inbox_`.
class RateLimiterTest : public ActorTest {
 protected:
  using Tags = std::vector<std::uint64_t>;

  /// `config_` as it is by then.
  void start() {
    config_.clock = &clock_;
    config_.observer = &observer_;
    limiter_ = keep(system_.spawn(rate_limiter, config_, pool_));
  }

  /// The same, with that rate for each target that `config_` does not name.
  void start(Rate rate) {
    config_.default_target.rate = rate;
    start();
  }

  CallPtr make_call(std::uint64_t tag, const std::string& host) {
    auto call = std::make_shared<Call>();
    call->requester = requester_;
    call->tag = tag;
    call->request.url = url_on(host);
    return call;
  }

  CallPtr hand_in(CallPtr call) {
    send(limiter_, call_atom_v, call);
    return call;
  }

  CallPtr call(std::uint64_t tag, const std::string& host) { return hand_in(make_call(tag, host)); }

  CallPtr call_with(const std::string& credential, std::uint64_t tag, const std::string& host) {
    auto made = make_call(tag, host);
    made->credential = credential;
    return hand_in(std::move(made));
  }

  CallPtr retry(std::uint64_t tag, const std::string& host) {
    auto made = make_call(tag, host);
    made->retry = true;
    return hand_in(std::move(made));
  }

  void push_token(std::uint64_t version, std::string authorization, const std::string& credential = "genesys") {
    send(limiter_, token_atom_v, std::make_shared<const Token>(Token{credential, std::move(authorization), version}));
  }

  /// The answer to a call that was handed on.
  void answer(const CallPtr& call, HttpAnswer answer) {
    call->answer = std::move(answer);
    send(limiter_, answered_atom_v, call);
  }

  /// Answers all that was handed on and has no answer yet.
  void answer_all(const HttpAnswer& with) {
    for (; answered_ < pool_inbox_.calls.size(); ++answered_) answer(pool_inbox_.calls[answered_], with);
  }

  /// Tags of what was handed on, in order.
  [[nodiscard]] Tags granted() const { return tags_of(pool_inbox_.calls); }

  /// Tags of what was turned away for that reason.
  [[nodiscard]] Tags turned_away(Reason why) const {
    Tags tags;
    for (const auto& call : requester_inbox_.answered)
      if (call->turned_away() && call->answer.refusal == why) tags.push_back(call->tag);
    return tags;
  }

  static Tags tags_of(const std::vector<CallPtr>& calls) {
    Tags tags;
    for (const auto& call : calls) tags.push_back(call->tag);
    return tags;
  }

  static std::string origin_of(const std::string& host) { return url_on(host).origin; }

  RateLimiterConfig config_;
  Inbox pool_inbox_;
  Inbox requester_inbox_;
  http_pool_actor pool_ = keep(spawn_http_pool_double(system_, pool_inbox_));
  requester_actor requester_ = keep(spawn_requester_double(system_, requester_inbox_));
  rate_limiter_actor limiter_;

 private:
  std::size_t answered_ = 0;
};

}  // namespace fulfilld::test
