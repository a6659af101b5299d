// SPDX-License-Identifier: Apache-2.0
// Many copies of one request at the same moment.
#include <atomic>
#include <barrier>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "tests/chaos/chaos_test.hpp"

namespace fulfilld::chaos {
namespace {

class Copies : public ChaosTest {
 protected:
  static constexpr int copies = 100;

  /// Sends each key at once on as many connections as there are copies, until all are answered 202. Answers the
  /// executionIds that each key got, or what else it was answered.
  template <class Send>
  std::vector<std::set<std::string>> send_at_once(int keys, const Send& send) {
    std::vector<std::set<std::string>> answered(static_cast<std::size_t>(keys));
    std::mutex mutex;
    std::barrier together(copies);
    std::vector<std::thread> threads;
    for (int copy = 0; copy < copies; ++copy)
      threads.emplace_back([&, copy] {
        PersistentConnection connection;
        for (int key = 0; key < keys; ++key) {
          together.arrive_and_wait();
          auto id = accepted_id(connection, key, copy, send);
          const std::lock_guard lock(mutex);
          answered[static_cast<std::size_t>(key)].insert(std::move(id));
        }
      });
    for (auto& thread : threads) thread.join();
    return answered;
  }

  void expect_each_ran_once(int keys, Figures& figures) const {
    const auto counts = simulator.counts();
    figures.add(static_cast<std::uint64_t>(keys), "keys");
    figures.add(copies, "copies of each");
    figures.add(counts.at("backend_calls"), "backend calls");
    figures.add(counts.at("callbacks"), "results");
    figures.add(counts.at("callback_duplicates"), "duplicate callbacks");
    figures.add(unavailable, "503");
    figures.print();
    EXPECT_EQ(counts.at("backend_calls"), keys);
    EXPECT_EQ(counts.at("callbacks"), keys);
    EXPECT_EQ(counts.at("callback_requests"), keys);
  }

 private:
  std::atomic<std::uint64_t> unavailable{0};

  template <class Send>
  std::string accepted_id(PersistentConnection& connection, int key, int copy, const Send& send) {
    for (int attempt = 0; attempt < 1000; ++attempt) {
      const Try result = send(connection, key, copy);
      if (result.end != Try::End::answered) continue;
      if (result.reply.status == 202) return Json::parse(result.reply.body).at("executionId");
      if (result.reply.status != 503) return result.reply.body;
      ++unavailable;
    }
    return "never answered";
  }
};

TEST_F(Copies, OfOneFulfillmentUrlRunOnce) {
  const int keys = times(10, 1000);
  auto service = start();
  Figures figures("copies");
  const auto answered = send_at_once(keys, [&](PersistentConnection& connection, int key, int) {
    return connection.post(service.port(), "/execute/unsafe",
                           chaos::execute_body(fulfillments(), "copy-" + std::to_string(key)));
  });
  let_it_finish(service);

  for (int key = 0; key < keys; ++key)
    EXPECT_EQ(answered[static_cast<std::size_t>(key)], std::set<std::string>{"copy-" + std::to_string(key)});
  expect_each_ran_once(keys, figures);
}

TEST_F(Copies, OfOneIdempotencyKeyRunOnceWhereverTheirResultsGo) {
  const int keys = times(10, 1000);
  auto service = start();
  Figures figures("copies by Idempotency-Key");
  const auto answered = send_at_once(keys, [&](PersistentConnection& connection, int key, int copy) {
    const auto id = "copy-" + std::to_string(key);
    const auto url = fulfillments() + id + "-" + std::to_string(copy);
    return connection.post(service.port(), "/execute/unsafe",
                           R"({"fulfillmentUrl":")" + url + R"(","data":{"id":")" + id + R"("}})",
                           {{"Idempotency-Key", id}});
  });
  let_it_finish(service);

  for (const auto& ids : answered) EXPECT_EQ(ids.size(), 1U) << *ids.begin() << ", " << *ids.rbegin();
  expect_each_ran_once(keys, figures);
}

}  // namespace
}  // namespace fulfilld::chaos
