// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/scenario_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX wants it declared by the user

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kLongest = 120s;
constexpr int kReport = 3;  ///< the descriptor on which the child reports

/// What the child says, a JSON object on each line: `{"at": ...}` or `{"rule": ..., "sentence": ...}`.
class ReportReader {
 public:
  void take(std::string_view bytes) {
    pending_ += bytes;
    for (auto end = pending_.find('\n'); end != std::string::npos; end = pending_.find('\n')) {
      take_line(pending_.substr(0, end));
      pending_.erase(0, end + 1);
    }
  }
  [[nodiscard]] const std::string& at() const noexcept { return at_; }
  [[nodiscard]] std::vector<Finding>& findings() noexcept { return findings_; }

 private:
  void take_line(const std::string& line) {
    const auto said = nlohmann::json::parse(line, nullptr, false);
    if (!said.is_object()) return;
    if (said.contains("at"))
      at_ = said.value("at", "");
    else
      findings_.push_back({said.value("rule", ""), said.value("sentence", "")});
  }

  std::string pending_;
  std::string at_;
  std::vector<Finding> findings_;
};

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  [[nodiscard]] int number() const noexcept { return number_; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

std::vector<std::string> command_for(const std::string& scenario, const AdapterOrder& order) {
  std::vector<std::string> words = {"fulfilld-adapter", "verify", order.file.string(), "--scenario", scenario};
  const auto add = [&](const char* option, const std::string& value) {
    words.emplace_back(option);
    words.push_back(value);
  };
  if (order.config) add("--config", order.config->string());
  if (order.action) add("--action", *order.action);
  if (order.data) add("--data", *order.data);
  if (order.answers) add("--answers", order.answers->string());
  return words;
}

/// Starts this program anew; its report goes into `report`, and what it prints to the standard error.
pid_t start(std::vector<std::string> words, int report) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, report, kReport);
  pid_t child = -1;
  const int error = posix_spawn(&child, "/proc/self/exe", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error(std::string("cannot start a process: ") + std::strerror(error));
  return child;
}

/// Reads until the child closes its end. False if that takes too long.
bool read_report(int descriptor, ReportReader& reader) {
  const auto end = SteadyClock::now() + kLongest;
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - SteadyClock::now());
    pollfd watch{descriptor, POLLIN, 0};
    const int ready = ::poll(&watch, 1, static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const auto got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    reader.take({buffer.data(), static_cast<std::size_t>(got)});
  }
}

std::string where(const ReportReader& reader) { return reader.at().empty() ? "" : reader.at() + ": "; }

std::string signal_name(int signal) {
  const char* const name = ::sigabbrev_np(signal);
  return name == nullptr ? "signal " + std::to_string(signal) : std::string("SIG") + name;
}

void write_line(const nlohmann::json& said) {
  const std::string line = said.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  for (std::size_t done = 0; done < line.size();) {
    const auto written = ::write(kReport, line.data() + done, line.size() - done);
    if (written < 0 && errno != EINTR) return;
    done += written < 0 ? 0 : static_cast<std::size_t>(written);
  }
}

}  // namespace

std::vector<Finding> play_in_process(const std::string& scenario, const AdapterOrder& order) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  const Descriptor from_child(ends[0]);
  Descriptor to_parent(ends[1]);
  const pid_t child = start(command_for(scenario, order), to_parent.number());
  to_parent.close();

  ReportReader reader;
  const bool in_time = read_report(from_child.number(), reader);
  if (!in_time) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  auto& findings = reader.findings();
  if (!in_time)
    findings.push_back({scenario, where(reader) + "the process did not end"});
  else if (WIFSIGNALED(status))
    findings.push_back({scenario, where(reader) + "the process died of " + signal_name(WTERMSIG(status))});
  else if (WEXITSTATUS(status) != 0)
    findings.push_back(
        {scenario, where(reader) + "the process ended itself with status " + std::to_string(WEXITSTATUS(status))});
  return std::move(findings);
}

int scenario_process(const std::string& scenario, const AdapterOrder& order) {
  // Dying is part of what may happen: no need to keep the remains.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::fcntl(kReport, F_SETFD, FD_CLOEXEC);
  ScenarioReport report;
  report.at = [](const std::string& what) { write_line({{"at", what}}); };
  report.found = [](const Finding& finding) { write_line({{"rule", finding.rule}, {"sentence", finding.sentence}}); };
  play_scenario(scenario, order, report);
  return 0;
}

}  // namespace fulfilld
