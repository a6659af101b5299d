// SPDX-License-Identifier: Apache-2.0
// fulfilld-demo: the first half minute with fulfilld. Starts the simulator and the real service, sends six requests,
// tells what becomes of each, and goes on serving.
#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "tests/integration/scratch_directory.hpp"
#include "tests/integration/service.hpp"
#include "tests/integration/simulator_client.hpp"
#include "tests/simulator/demo/scenes.hpp"
#include "tests/simulator/demo/story.hpp"
#include "tests/simulator/demo/terminal.hpp"

namespace {

using namespace fulfilld::demo;
using namespace fulfilld::integration;
using namespace std::chrono_literals;

constexpr std::chrono::seconds time_limit{60};  ///< for the six; a few seconds are usual
constexpr std::chrono::seconds stop_limit{35};  ///< fulfilld's own grace period is 30 s

struct Options {
  std::filesystem::path fulfilld;
  std::filesystem::path simulator;
  std::uint16_t port = 3000;
  bool once = false;
};

/// SIGINT and SIGTERM, kept from every thread and taken up where it suits.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  /// True if one came within `limit`, which is below a second.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds limit) const {
    const timespec time{0, std::chrono::nanoseconds(limit).count()};
    return sigtimedwait(&set_, nullptr, &time) > 0;
  }

 private:
  sigset_t set_{};
};

/// `wanted` if nobody listens there, else 0: any free port.
std::uint16_t free_port(std::uint16_t wanted) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(wanted);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int reuse = 1;
  setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  const bool free = bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return free ? wanted : 0;
}

/// fulfilld's configuration. Limits are shorter than the defaults so that nobody has to wait for long.
std::string configuration(const Options& options, const SimulatorClient& simulator,
                          const std::filesystem::path& directory) {
  const auto quoted = [](const std::string& text) { return "\"" + text + "\"\n"; };
  return "[server]\naddress = \"127.0.0.1\"\nport = " + std::to_string(free_port(options.port)) + "\n" +
         "[journal]\ndirectory = " + quoted(directory / "journal") +
         "[log]\nformat = \"json\"\nlevel = \"debug\"\n"
         "[credentials.genesys]\nclient_id = \"demo\"\nclient_secret = \"env:DEMO_SECRET\"\ntoken_url = " +
         quoted(simulator.token_url()) +
         "[callback]\nallowed_hosts = [\"127.0.0.1\"]\nretry.backoff = \"500ms\"\n"
         "[actions.default]\nretry.attempt_timeout = \"1500ms\"\nretry.backoff = \"500ms\"\n"
         "[actions.default.settings]\nurl = " +
         quoted(simulator.backend() + "/backend/crm") +
         "[actions.default.secrets]\ntoken = \"env:DEMO_BACKEND_TOKEN\"\n";
}

Command service_command(const Options& options, const SimulatorClient& simulator,
                        const std::filesystem::path& directory) {
  const auto file = directory / "fulfilld.toml";
  std::ofstream(file) << configuration(options, simulator, directory);
  // Nothing else: the demo must not depend on what the shell happens to hold, nor on a .env file.
  return {options.fulfilld,
          {"--config", file.string()},
          {{"DEMO_SECRET", "demo-secret"}, {"DEMO_BACKEND_TOKEN", "demo-backend-token"}},
          directory};
}

void introduce(Terminal& terminal, const Service& service, const SimulatorClient& simulator,
               const std::vector<Scene>& all) {
  terminal.line("");
  terminal.line("  " + terminal.paint(Colour::bold, "fulfilld") +
                ": takes Data Action executions from Genesys Cloud, calls your backend, delivers the result.");
  terminal.line("");
  terminal.line("  fulfilld         " + service.url() + "  (the real program)");
  terminal.line("  Genesys Cloud    " + simulator.genesys() + "  (simulated)");
  terminal.line("  your backend     " + simulator.backend() + "  (simulated)");
  terminal.line("");
  terminal.line("  Six executions, all at once:");
  for (const auto& scene : all)
    terminal.line("    " + terminal.paint(Colour::bold, padded(scene.execution, 10)) + scene.plot);
  terminal.line("");
}

/// Sends the request and tells what only the sender sees: a refusal. True: answered as expected.
bool play(const Scene& scene, const Service& service, Story& story, Terminal& terminal) {
  const auto reply = service.execute(scene.body);
  if (reply.status == 202 && scene.answer == 202) return true;
  const auto json = Json::parse(reply.body, nullptr, false);
  const auto why = json.is_object() ? json.value("error", reply.body) : reply.body;
  const auto colour = reply.status == scene.answer ? Colour::yellow : Colour::red;
  story.tell(scene.execution, terminal.paint(colour, "refused with " + std::to_string(reply.status)) + ": " + why);
  return reply.status == scene.answer;
}

/// How often the simulated platform has taken a result of that execution.
int times_taken(const Json& outcomes, const std::string& execution) {
  if (!outcomes.contains(execution)) return 0;
  return outcomes.at(execution).at("complete").get<int>() + outcomes.at(execution).at("failed").get<int>();
}

/// Prints the table. True: everything ended as it had to.
bool sum_up(const std::vector<Scene>& all, const Story& story, const Json& outcomes, Terminal& terminal) {
  const std::string gap = "  ";
  terminal.line("");
  terminal.line(terminal.paint(Colour::bold, gap + padded("execution", 12) + padded("ended as", 18) + "calls  posts" +
                                                 padded_left("total", 10) + "   Genesys has it"));
  bool good = true;
  for (const auto& scene : all) {
    if (scene.answer != 202) continue;
    const auto life = story.life(scene.execution);
    const int taken = times_taken(outcomes, scene.execution);
    const bool as_expected = life.ending == scene.ending && life.delivered && taken == 1;
    good = good && as_expected;
    const auto verdict =
        as_expected
            ? terminal.paint(Colour::green, std::string(terminal.sign("✓", "yes")) + " once")
            : terminal.paint(Colour::red, std::to_string(taken) + " times; expected " + scene.ending + ", once");
    std::string row = gap + padded(scene.execution, 12) + padded(life.ending.empty() ? "-" : life.ending, 18);
    row += padded_left(std::to_string(life.calls), 5);
    row += padded_left(std::to_string(life.posts), 7);
    row += padded_left(life.delivered ? duration_text(life.total_ms) : "-", 10);
    terminal.line(row.append("   ").append(verdict));
  }
  terminal.line("");
  return good;
}

void invite(const Service& service, const SimulatorClient& simulator, Terminal& terminal) {
  // A new id each time: the same one again is answered 202 and runs nothing.
  const auto curl = "curl -i " + service.url("/execute") + " -H 'Content-Type: application/json' -d '" +
                    R"({"fulfillmentUrl":")" + simulator.fulfillment_url("hand-") +
                    R"('$(date +%s)'","data":{"customerId":"C-7"}})" + "'";
  terminal.line("  Send one yourself, from another terminal:");
  terminal.line("");
  terminal.line("    " + terminal.paint(Colour::cyan, curl));
  terminal.line("");
  terminal.line(
      "  In \"data\" you choose the backend's mood: \"simulate\":{\"status\":503,\"times\":2}, or {\"cut\":\"hang\"},");
  terminal.line("  or {\"delay_ms\":800}. All of them: tests/simulator/README.md");
  terminal.line("  What the simulated Genesys Cloud has got: " + simulator.control() + "/simulator/outcomes");
  terminal.line("");
  terminal.line("  " + terminal.paint(Colour::dim, "Ctrl-C ends."));
  terminal.line("");
}

/// Waits for the results, but not longer than it takes to press Ctrl-C. True: all are there.
bool all_delivered(const std::vector<Scene>& all, Story& story, const StopSignals& signals) {
  std::vector<std::string> ids;
  for (const auto& scene : all)
    if (scene.answer == 202) ids.push_back(scene.execution);
  const auto end = std::chrono::steady_clock::now() + time_limit;
  while (std::chrono::steady_clock::now() < end && !signals.wait_for(0ms))
    if (story.delivered(ids, 100ms)) return true;
  return false;
}

/// The demo from start to end; its exit status.
int perform(const Options& options, const StopSignals& signals) {
  Terminal terminal;
  const ScratchDirectory directory("fulfilld-demo");
  SimulatorClient simulator(options.simulator);
  Story story(terminal);
  Service service(service_command(options, simulator, directory.path()),
                  [&story](const std::string& line) { story.hear(line); });
  const auto all = scenes(simulator);
  introduce(terminal, service, simulator, all);

  story.begin();
  bool good = true;
  for (const auto& scene : all) good = play(scene, service, story, terminal) && good;
  good = all_delivered(all, story, signals) && good;
  good = sum_up(all, story, simulator.outcomes(), terminal) && good;

  if (good && !options.once) {
    invite(service, simulator, terminal);
    while (!signals.wait_for(500ms) && !service.process().wait(0ms)) continue;
    terminal.line("");
  }
  const auto exit = service.stop(stop_limit);
  const bool orderly = exit && exit->status == 0 && exit->signal == 0;
  if (!good || !orderly) terminal.line("  Something is not as it should be. What fulfilld wrote:\n" + service.log());
  terminal.line(orderly ? "  fulfilld has stopped in good order." : "  fulfilld did NOT stop in good order.");
  return good && orderly ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::error_code unknown;
  const auto here = std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path();
  Options options{here / "fulfilld", here / "fulfilld-simulator"};
  CLI::App app{"Shows fulfilld at work, against a simulated Genesys Cloud and backend"};
  app.add_option("--fulfilld", options.fulfilld, "the service; default: beside this program");
  app.add_option("--simulator", options.simulator, "the simulator; default: beside this program");
  app.add_option("--port", options.port, "port of the service; if it is taken, any free one");
  app.add_flag("--once", options.once, "end when all are delivered; status 0 if all went as expected");
  CLI11_PARSE(app, argc, argv);

  const StopSignals signals;
  try {
    return perform(options, signals);
  } catch (const std::exception& problem) {
    std::cerr << "fulfilld-demo: " << problem.what() << '\n';
    return 1;
  }
}
