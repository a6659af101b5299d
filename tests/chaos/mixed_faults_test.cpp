// SPDX-License-Identifier: Apache-2.0
// Everything goes wrong now and then, and executions have little time: does whoever waits hear in time?
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

#include "tests/chaos/in_time_test.hpp"

namespace fulfilld::chaos {
namespace {

using namespace std::chrono_literals;

/// A port that is taken, and where nobody listens: connections are refused.
class DeadPort {
 public:
  DeadPort() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket_, any, size) != 0 || getsockname(socket_, any, &size) != 0)
      throw std::runtime_error("no port is free");
    port_ = ntohs(address.sin_port);
  }
  DeadPort(const DeadPort&) = delete;
  DeadPort& operator=(const DeadPort&) = delete;
  ~DeadPort() { close(socket_); }

  [[nodiscard]] std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  const int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint16_t port_ = 0;
};

/// A fault that the backend shows to one execution, and how many in a thousand executions meet it.
struct Ill {
  int in_thousand;
  const char* fault;
};

const std::vector<Ill> ills{
    {20, R"({"cut":"hang"})"},
    {20, R"({"cut":"hang","times":1})"},
    {10, R"({"cut":"hang","after":"head"})"},
    {10, R"({"cut":"hang","after":"half","times":1})"},
    {15, R"({"drip_ms":200})"},
    {15, R"({"drip_ms":20,"drip":"body"})"},
    {20, R"({"cut":"reset","times":1})"},
    {20, R"({"cut":"reset","after":"half","times":2})"},
    {10, R"({"cut":"close","after":"head"})"},
    {30, R"({"status":500,"times":1})"},
    {20, R"({"status":503})"},
    {20, R"({"status":404})"},
    {20, R"({"status":429,"retry_after":1,"times":1})"},
    {10, R"({"status":429,"retry_after":4,"times":1})"},
    {10, R"({"status":503,"retry_after":60})"},
    {40, R"({"delay_ms":1000})"},
    {10, R"({"delay_ms":3000,"times":1})"},
    {10, R"({"delay_ms":8000})"},
    {10, R"({"body":"huge"})"},
    {10, R"({"body":"huge","wire":"chunked"})"},
    {5, R"({"wire":"endless_body"})"},
    {5, R"({"wire":"endless_continue","drip_ms":20})"},
    {10, R"({"wire":"bad_chunk"})"},
    {10, R"({"wire":"garbage"})"},
};

class MixedFaults : public InTimeTest {
 protected:
  MixedFaults() {
    for (const int seconds : {2, 5, 10}) set_action(name(seconds), seconds, simulator.backend());
    set_action("refused-5", 5, dead.origin());
    const Json unavailable{{"status", 503}, {"probability", 0.02}};
    const Json cut{{"cut", "reset"}, {"probability", 0.01}};
    const Json cut_within{{"cut", "reset"}, {"after", "half"}, {"probability", 0.01}};
    const Json late{{"delay_ms", 30}, {"probability", 0.1}};
    const Json no_token{{"status", 503}, {"probability", 0.3}};
    const Json late_token{{"delay_ms", 50}, {"probability", 0.3}};
    simulator.configure({{"callback", {{"faults", {unavailable, cut, cut_within, late}}}},
                         {"token", {{"faults", {no_token, late_token}}, {"lifetime_ms", 3000}}}});
  }

  DeadPort dead;

  /// One execution in fifty has a backend that refuses connections; the others have one of the ills, or none.
  [[nodiscard]] std::vector<Order> draw(int count) const {
    Chance chance{seed()};
    std::vector<Order> drawn;
    for (int i = 1; i <= count; ++i) {
      const auto id = "e-" + std::to_string(i);
      const int seconds = std::vector{2, 5, 10}[static_cast<std::size_t>(below(chance, 3))];
      drawn.push_back(below(chance, 50) == 0 ? order(id, "refused-5", "") : order(id, name(seconds), fault(chance)));
    }
    return drawn;
  }

  [[nodiscard]] static std::chrono::seconds deadline(const std::string& action) {
    return std::chrono::seconds(std::stoi(action.substr(action.find('-') + 1)));
  }

 private:
  static std::string name(int seconds) { return "within-" + std::to_string(seconds); }

  static std::string fault(Chance& chance) {
    int drawn = below(chance, 1000);
    for (const auto& ill : ills) {
      if (drawn < ill.in_thousand) return ill.fault;
      drawn -= ill.in_thousand;
    }
    return {};
  }

  void set_action(const std::string& name, int seconds, const std::string& origin) {
    set_text("actions." + name, "deadline", std::to_string(seconds) + "s");
    set_text("actions." + name, "retry.attempt_timeout", "1500ms");
    set_text("actions." + name, "retry.backoff", "100ms");
    set_text("actions." + name + ".settings", "url", origin + "/backend/" + name);
  }
};

TEST_F(MixedFaults, AreHeardOfBeforeTheDeadline) {
  Figures figures("mixed faults");
  const auto service = start();
  const auto sent = send_at_rate(service.port(), draw(times(500, 10000)), 150, 32);
  const auto accepted = count_accepted(sent);
  wait_for_results(accepted, 30s);

  const SimulatorRecord record(simulator);
  const auto taken = record.results();
  const auto calls = record.calls_by_execution();
  std::size_t late = 0;
  std::size_t attempts = 0;
  std::size_t late_attempts = 0;
  std::vector<double> share_of_time;
  for (const auto& execution : sent) {
    if (!execution.accepted()) continue;
    const auto limit = deadline(execution.action);
    const auto result = taken.find(execution.id);
    // Accepted after it was sent, and before that was answered: each time the hour that is worse for the service.
    if (result == taken.end() || result->second.at > execution.sent + limit) ++late;
    if (result != taken.end()) share_of_time.push_back((result->second.at - execution.sent) / (limit / 1.0));
    const auto made = calls.find(execution.id);
    if (made == calls.end()) continue;
    for (const auto& call : made->second) {
      ++attempts;
      if (call.at > execution.answered + limit) ++late_attempts;
    }
  }
  const auto results = results_of(sent);
  figures.add(accepted, "accepted");
  figures.add(results.complete, "complete");
  figures.add(results.failures(), "failed (" + results.reasons() + ")");
  figures.add(results.missing.size(), "lost");
  figures.add(late, "after the deadline");
  figures.add_decimal(100 * quantile(share_of_time, 0.999), "% of their time for 99.9 % of them");
  figures.add(attempts, "attempts");
  figures.add(late_attempts, "begun after the deadline");
  figures.print();

  expect_all_accepted(sent);
  expect_one_result_each(results);
  EXPECT_LE(late, accepted / 1000);
  EXPECT_EQ(late_attempts, 0U);
  const auto outcomes = simulator.outcomes();
  for (const auto& [id, outcome] : outcomes.items())
    EXPECT_TRUE(outcome.at("complete") == 0 || outcome.at("failed") == 0) << id << " " << outcome;
}

}  // namespace
}  // namespace fulfilld::chaos
