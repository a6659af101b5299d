// SPDX-License-Identifier: Apache-2.0
// The journal of a program of schema 1, taken over by this one.
#include <algorithm>
#include <cstddef>
#include <string>

#include "tests/chaos/chaos_test.hpp"
#include "tests/chaos/journal_reader.hpp"
#include "tests/runtime/journal/version_1_journal.hpp"

namespace fulfilld::chaos {
namespace {

constexpr std::size_t ended = 1000;
constexpr std::size_t unfinished = 10'000;

class Upgrade : public ChaosTest {
 protected:
  Upgrade() {
    for (const auto& action : actions) set_text("actions." + action, "deadline", "10m");
    testing::write_version_1_journal(directory.path() / "journal", ended + unfinished,
                                     [this](std::size_t number) { return old_execution(number); });
  }

  [[nodiscard]] static bool is_decided(std::size_t number) { return number < ended || number % 5 == 0; }

  /// The first ones have ended; of the others every fifth has an outcome.
  [[nodiscard]] testing::Version1Execution old_execution(std::size_t number) const {
    testing::Version1Execution execution;
    execution.id = "old-" + std::to_string(number);
    execution.url = fulfillments() + execution.id;
    execution.action = actions[number % actions.size()];
    execution.accepted_at = now_ms_;
    execution.data = R"({"id":")" + execution.id + R"("})";
    if (is_decided(number)) execution.outcome = {0, R"({"status":"complete","of":")" + execution.id + R"("})"};
    if (number < ended) execution.ending = {0, 1};
    return execution;
  }

 private:
  const std::int64_t now_ms_ =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
};

TEST_F(Upgrade, FinishesWhatTheOlderProgramLeft) {
  Figures figures("upgrade from schema 1");
  auto service = start();
  ASSERT_TRUE(simulator.wait({{"callbacks", unfinished}}, 4 * integration::patience)) << simulator.counts().dump();
  EXPECT_EQ(service.execute(execute_body("old-0", R"({"id":"old-0"})"), actions[0]).status, 202);
  let_it_finish(service);

  const auto counts = simulator.counts();
  const auto outcomes = simulator.outcomes();
  std::size_t once = 0;
  for (std::size_t number = ended; number < ended + unfinished; ++number)
    if (outcomes.value("old-" + std::to_string(number), Json()) == Json::parse(R"({"complete":1,"failed":0})")) ++once;
  const auto endings = JournalReader(directory.path() / "journal").endings();
  const auto delivered = std::count_if(endings.begin(), endings.end(),
                                       [](const auto& one) { return one.second == JournalReader::Ending::delivered; });
  figures.add(unfinished, "unfinished");
  figures.add(once, "complete exactly once");
  figures.add(counts.at("callback_requests"), "callbacks");
  figures.add(counts.at("backend_calls"), "backend calls");
  figures.print();
  EXPECT_EQ(once, unfinished);
  EXPECT_EQ(counts.at("callback_requests"), unfinished);
  EXPECT_EQ(counts.at("backend_calls"), unfinished - unfinished / 5) << "what is decided is only delivered";
  EXPECT_EQ(delivered, static_cast<std::ptrdiff_t>(ended + unfinished));
}

}  // namespace
}  // namespace fulfilld::chaos
