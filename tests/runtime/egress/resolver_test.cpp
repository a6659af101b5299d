// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/resolver.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>

#include "runtime/egress/asio_http_engine.hpp"
#include "tests/actors/doubles/virtual_time.hpp"
#include "tests/runtime/egress/long_enough.hpp"
#include "tests/runtime/egress/raw_server.hpp"
#include "tests/runtime/egress/test_exchange.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;
using test::start;
using testing::long_enough;

Resolution found(const char* address) { return {{make_address(address)}, {}}; }

TEST(NameCache, ForgetsAddressesAndFailuresAfterTheirTime) {
  NameCache cache(30s, 1s);
  cache.put("a", found("127.0.0.1"), start);
  cache.put("b", {{}, "no such host"}, start);
  ASSERT_NE(cache.find("a", start + 29s), nullptr);
  EXPECT_EQ(cache.find("a", start + 29s)->addresses.at(0), make_address("127.0.0.1"));
  ASSERT_NE(cache.find("b", start + 999ms), nullptr);
  EXPECT_EQ(cache.find("b", start + 999ms)->problem, "no such host");
  EXPECT_EQ(cache.find("a", start + 30s), nullptr);
  EXPECT_EQ(cache.find("b", start + 1s), nullptr);
  EXPECT_EQ(cache.find("c", start), nullptr);
}

TEST(NameCache, TriesFirstWhatAnsweredLast) {
  NameCache cache(30s, 1s);
  cache.put("a", {{make_address("::1"), make_address("127.0.0.1"), make_address("127.0.0.2")}, {}}, start);
  cache.prefer("a", make_address("127.0.0.2"));
  cache.prefer("a", make_address("10.0.0.1"));
  cache.prefer("unknown", make_address("10.0.0.1"));
  EXPECT_EQ(cache.find("a", start)->addresses,
            (std::vector{make_address("127.0.0.2"), make_address("::1"), make_address("127.0.0.1")}));
}

TEST(NameCache, HoldsNoMoreNamesThanItsBound) {
  NameCache cache(30s, 1s);
  for (std::size_t i = 0; i < NameCache::max_names + 10; ++i)
    cache.put(std::to_string(i), found("127.0.0.1"), start + std::chrono::milliseconds(i));
  std::size_t known = 0;
  for (std::size_t i = 0; i < NameCache::max_names + 10; ++i)
    if (cache.find(std::to_string(i), start + 2s) != nullptr) ++known;
  EXPECT_EQ(known, NameCache::max_names);
  EXPECT_EQ(cache.find("0", start + 2s), nullptr) << "the oldest goes first";
}

/// A lookup whose names with "hang" in them wait for a word. Shared with the threads that may outlive a test.
class HangingNames {
 public:
  [[nodiscard]] LookUp look_up() const {
    return [state = state_](const std::string& host) -> Resolution {
      std::unique_lock lock(state->mutex);
      ++state->calls;
      state->changed.notify_all();
      if (host.find("hang") != std::string::npos) state->changed.wait(lock, [&] { return state->released; });
      if (host.find("throw") != std::string::npos) throw std::runtime_error("resolver is ill");
      return found("127.0.0.1");
    };
  }
  ~HangingNames() { release(); }

  void release() {
    const std::lock_guard lock(state_->mutex);
    state_->released = true;
    state_->changed.notify_all();
  }
  [[nodiscard]] bool wait_for_calls(int count) {
    std::unique_lock lock(state_->mutex);
    return state_->changed.wait_for(lock, long_enough, [&] { return state_->calls >= count; });
  }
  [[nodiscard]] int calls() {
    const std::lock_guard lock(state_->mutex);
    return state_->calls;
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    bool released = false;
    int calls = 0;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

EgressSettings with(const HangingNames& names, std::size_t threads = LookUpLimits{}.threads) {
  EgressSettings settings;
  settings.look_ups.threads = threads;
  settings.look_up = names.look_up();
  return settings;
}

class EngineWithNames : public ::testing::Test {
 protected:
  testing::TestExchangePtr start_get(AsioHttpEngine& engine, const std::string& host,
                                     std::chrono::milliseconds time_limit = 20s) {
    auto exchange = testing::make_exchange(server_.url("/", host));
    exchange->request.time_limit = time_limit;
    engine.start(exchange);
    return exchange;
  }

  static HttpFailure end_of(const testing::TestExchangePtr& exchange) {
    EXPECT_TRUE(exchange->wait());
    return exchange->answer.failure;
  }

  HangingNames names_;
  testing::RawServer server_{[](testing::Peer& peer) {
    while (!peer.read_request().empty()) peer.send(testing::answer_with("ok"));
  }};
  IoLoop loop_;
};

TEST_F(EngineWithNames, AHangingNameEndsAtTheTimeLimitAndDelaysNoOther) {
  AsioHttpEngine engine(loop_, with(names_));
  const auto hanging = start_get(engine, "hang.test", 300ms);
  ASSERT_TRUE(names_.wait_for_calls(1));
  EXPECT_EQ(end_of(start_get(engine, "good.test")), HttpFailure::none);
  EXPECT_EQ(end_of(start_get(engine, "127.0.0.1")), HttpFailure::none);
  EXPECT_EQ(end_of(hanging), HttpFailure::resolve);
  EXPECT_FALSE(hanging->answer.request_sent);
  EXPECT_NE(hanging->answer.detail.find("hang.test"), std::string::npos) << hanging->answer.detail;
}

TEST_F(EngineWithNames, ANameIsLookedUpOnceForAllWhoWait) {
  AsioHttpEngine engine(loop_, with(names_));
  std::vector<testing::TestExchangePtr> exchanges;
  for (int i = 0; i < 20; ++i) exchanges.push_back(start_get(engine, "hang.test"));
  ASSERT_TRUE(names_.wait_for_calls(1));
  names_.release();
  for (const auto& exchange : exchanges) EXPECT_EQ(end_of(exchange), HttpFailure::none) << exchange->answer.detail;
  EXPECT_EQ(names_.calls(), 1);
  const auto later = start_get(engine, "hang.test");
  EXPECT_EQ(end_of(later), HttpFailure::none);
  EXPECT_EQ(names_.calls(), 1) << "from the cache";
}

TEST_F(EngineWithNames, ManyNamesThatHangAreInNobodysWay) {
  AsioHttpEngine engine(loop_, with(names_));
  constexpr int many = 20;
  for (int i = 0; i < many; ++i) start_get(engine, "hang" + std::to_string(i) + ".test");
  ASSERT_TRUE(names_.wait_for_calls(many));
  for (int i = 0; i < many; ++i)
    EXPECT_EQ(end_of(start_get(engine, "good" + std::to_string(i) + ".test")), HttpFailure::none);
}

TEST_F(EngineWithNames, NoMoreThreadsThanAllowedWaitForTheResolver) {
  AsioHttpEngine engine(loop_, with(names_, 4));
  std::vector<testing::TestExchangePtr> hanging;
  for (int i = 0; i < 10; ++i) hanging.push_back(start_get(engine, "hang" + std::to_string(i) + ".test"));
  ASSERT_TRUE(names_.wait_for_calls(4));
  const auto waiting = start_get(engine, "good.test", 200ms);
  EXPECT_EQ(end_of(waiting), HttpFailure::resolve);
  EXPECT_EQ(names_.calls(), 4);
  EXPECT_EQ(end_of(start_get(engine, "127.0.0.1")), HttpFailure::none) << "an address needs no lookup";
  names_.release();
  for (const auto& exchange : hanging) EXPECT_EQ(end_of(exchange), HttpFailure::none) << exchange->answer.detail;
}

TEST_F(EngineWithNames, ANameThatNobodyWaitsForAnyMoreIsNotLookedUp) {
  AsioHttpEngine engine(loop_, with(names_, 4));
  std::vector<testing::TestExchangePtr> hanging;
  for (int i = 0; i < 20; ++i) hanging.push_back(start_get(engine, "hang" + std::to_string(i) + ".test", 200ms));
  for (const auto& exchange : hanging) EXPECT_EQ(end_of(exchange), HttpFailure::resolve);
  names_.release();
  EXPECT_EQ(end_of(start_get(engine, "good.test")), HttpFailure::none);
  EXPECT_EQ(names_.calls(), 5) << "those that hung, and the one that is wanted";
}

TEST_F(EngineWithNames, ANameThatIsWantedAgainAfterItLeftTheQueueIsLookedUp) {
  AsioHttpEngine engine(loop_, with(names_, 4));
  std::vector<testing::TestExchangePtr> hanging;
  for (int i = 0; i < 4; ++i) hanging.push_back(start_get(engine, "hang" + std::to_string(i) + ".test"));
  ASSERT_TRUE(names_.wait_for_calls(4));
  EXPECT_EQ(end_of(start_get(engine, "good.test", 100ms)), HttpFailure::resolve);
  const auto again = start_get(engine, "good.test");
  names_.release();
  EXPECT_EQ(end_of(again), HttpFailure::none) << again->answer.detail;
  for (const auto& exchange : hanging) EXPECT_EQ(end_of(exchange), HttpFailure::none);
}

TEST_F(EngineWithNames, TheEngineEndsWhileALookupHangs) {
  testing::TestExchangePtr hanging;
  {
    AsioHttpEngine engine(loop_, with(names_));
    hanging = start_get(engine, "hang.test");
    ASSERT_TRUE(names_.wait_for_calls(1));
  }
  EXPECT_EQ(end_of(hanging), HttpFailure::cancelled);
  EXPECT_EQ(hanging->times_finished(), 1);
}

TEST_F(EngineWithNames, AResolverThatThrowsIsANameWithoutAddress) {
  AsioHttpEngine engine(loop_, with(names_));
  const auto exchange = start_get(engine, "throw.test");
  EXPECT_EQ(end_of(exchange), HttpFailure::resolve);
  EXPECT_EQ(exchange->answer.detail, exchange->request.url.origin + ": resolve: resolver is ill");
}

TEST_F(EngineWithNames, TheSystemKnowsLocalhost) {
  AsioHttpEngine engine(loop_);
  EXPECT_EQ(end_of(start_get(engine, "localhost")), HttpFailure::none);
}

TEST(SystemLookUp, SaysWhyThereIsNoAddress) {
  const Resolution resolution = system_look_up("no_such_name.invalid");
  EXPECT_TRUE(resolution.addresses.empty());
  EXPECT_FALSE(resolution.problem.empty());
}

TEST(Resolver, ACancelledWaiterIsFreedThoughItsNameHangs) {
  HangingNames names;
  IoLoop loop;
  std::optional<Resolver> resolver;
  const auto held = std::make_shared<int>(0);
  loop.run_and_wait([&] {
    resolver.emplace(loop.context(), names.look_up(), LookUpLimits{}, NameCache(30s, 1s));
    const auto ticket = resolver->wait_for("hang.test", [held](const Resolution&) {});
    EXPECT_EQ(held.use_count(), 2);
    resolver->cancel("hang.test", ticket);
    EXPECT_EQ(held.use_count(), 1);
  });
  loop.run_and_wait([&] { resolver.reset(); });
}

}  // namespace
}  // namespace fulfilld
