// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/chaos_test.hpp"

#include <chrono>

#include "tests/chaos/journal_reader.hpp"

namespace fulfilld::chaos {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_finish = 90s;

void expect_none(const std::vector<std::string>& list, const std::string& what) {
  EXPECT_TRUE(list.empty()) << list.size() << " " << what << ", the first: " << list.front();
}

}  // namespace

const std::vector<std::string> ChaosTest::actions{"safe", "idempotent", "unsafe"};

ChaosTest::ChaosTest() {
  set_text("log", "level", "info");
  set_text("callback", "rate", "none");
  set("limits", "park_after", "1000");
  set_text("shutdown", "grace", "90s");
  for (const auto& action : actions) {
    set_text("actions." + action, "retry.backoff", "20ms");
    set("actions." + action, "retry.attempts", "20");
    set_text("actions." + action + ".settings", "url", simulator.backend() + "/backend/" + action);
    set_text("actions." + action + ".settings", "operation", action);
  }
  simulator.configure({{"seed", seed()}, {"record_limit", 1000}});
}

void ChaosTest::make_trouble() const {
  // An unsafe call may be repeated where the backend says that it did nothing, so it never says that here.
  simulator.configure({{"backend",
                        {{"faults",
                          {{{"path", "/backend/unsafe"}, {"status", 500}, {"probability", 0.03}},
                           {{"path", "/backend/unsafe"}, {"cut", "reset"}, {"probability", 0.03}},
                           {{"path", "/backend/idempotent"}, {"status", 503}, {"probability", 0.03}},
                           {{"path", "/backend/safe"}, {"cut", "close"}, {"after", "half"}, {"probability", 0.03}},
                           {{"delay_ms", 30}, {"probability", 0.4}}}}}},
                       {"callback",
                        {{"faults",
                          {{{"status", 503}, {"probability", 0.03}},
                           {{"cut", "reset"}, {"probability", 0.03}},
                           {{"delay_ms", 20}, {"probability", 0.2}}}}}}});
}

void ChaosTest::let_it_finish(Service& service) {
  const auto exit = service.stop(longest_finish + integration::patience);
  ASSERT_TRUE(exit) << "it does not end";
  EXPECT_EQ(exit->status, 0);
  EXPECT_EQ(exit->signal, 0);
}

void ChaosTest::finish(Load& load) {
  auto last = start();
  load.aim(last.port());
  load.stop();
  let_it_finish(last);
}

Reckoning ChaosTest::expect_nothing_lost(const Load& load, Figures& figures) const {
  auto reckoning = reckon(load.sent());
  add_figures(figures, reckoning);
  figures.print();
  expect_sound(reckoning, load);
  return reckoning;
}

Reckoning ChaosTest::reckon(const std::vector<Sent>& sent) const {
  Reckoning result;
  const auto outcomes = simulator.outcomes();
  const auto endings = JournalReader(directory.path() / "journal").endings();
  for (const auto& [id, ending] : endings) {
    if (ending == JournalReader::Ending::none) result.unfinished.push_back(id);
    if (ending == JournalReader::Ending::other) result.undelivered.push_back(id);
    if (ending == JournalReader::Ending::delivered && !outcomes.contains(id)) result.lost.push_back(id);
  }
  for (const auto& execution : sent) {
    ++(execution.accepted ? result.accepted : result.unanswered);
    if (execution.accepted && !endings.contains(execution.id)) result.lost.push_back(execution.id);
    const auto outcome = outcomes.find(execution.id);
    if (outcome == outcomes.end() || outcome->at("failed") == 0) continue;
    ++result.failed;
    if (outcome->at("complete") > 0) result.contradictory.push_back(execution.id);
    if (execution.action != "unsafe") result.needless.push_back(execution.id);
  }

  const auto counts = simulator.counts();
  result.duplicates = counts.at("callback_duplicates");
  result.changed_duplicates = counts.at("callback_contradictions");
  const auto attempts = simulator.attempts();
  for (const auto& [call, times] : attempts.at("backend").items())
    if (call.starts_with("/backend/unsafe") && times > 1) ++result.unsafe_repeats;
  return result;
}

void ChaosTest::expect_sound(const Reckoning& reckoning, const Load& load) {
  EXPECT_GT(reckoning.accepted, 0U);
  expect_none(reckoning.lost, "are lost");
  expect_none(reckoning.unfinished, "have no ending");
  expect_none(reckoning.undelivered, "were given up");
  expect_none(reckoning.contradictory, "are both complete and failed");
  expect_none(reckoning.needless, "have failed though they could have been run again");
  expect_none(load.complaints(), "answers must never be");
  EXPECT_EQ(reckoning.changed_duplicates, 0U);
  EXPECT_EQ(reckoning.unsafe_repeats, 0U);
}

void ChaosTest::add_figures(Figures& figures, const Reckoning& reckoning) {
  figures.add(reckoning.accepted, "accepted");
  figures.add(reckoning.lost.size(), "lost");
  figures.add(reckoning.duplicates, "duplicate callbacks");
  figures.add(reckoning.unsafe_repeats, "unsafe repeated");
  figures.add(reckoning.failed, "failed");
  figures.add(reckoning.unanswered, "unanswered");
}

}  // namespace fulfilld::chaos
