// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

#include "runtime/config/command_line.hpp"
#include "runtime/exit_status.hpp"
#include "runtime/flight_recorder/last_words.hpp"
#include "runtime/health/shutdown.hpp"
#include "runtime/health/systemd_notifier.hpp"
#include "runtime/known_secrets.hpp"
#include "runtime/metrics/metrics.hpp"
#include "runtime/service.hpp"
#include "runtime/start_check.hpp"
#include "runtime/telemetry/standard_log.hpp"

namespace {

using namespace fulfilld;
using namespace std::chrono_literals;
using Stage = Shutdown::Stage;

/// Connections are descriptors: take all that the system grants.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::string listening_on(const Service& service) { return "listening on port " + std::to_string(service.port()); }

/// Looks after the running service, about once a second; at once if it is to reload.
class Watch {
 public:
  Watch(Service& service, SystemdNotifier& systemd, Shutdown& shutdown)
      : service_(service),
        systemd_(systemd),
        shutdown_(shutdown),
        interval_(std::min(systemd.interval().value_or(1s), 1000ms)) {}

  [[nodiscard]] std::chrono::milliseconds interval() const noexcept { return interval_; }

  void tick() {
    const auto now = std::chrono::steady_clock::now();
    if (shutdown_.take_hangup()) reload(now);
    if (now < next_) return;
    next_ = now + interval_;
    service_.tick();
    if (service_.alive()) systemd_.alive(now);
  }

 private:
  void reload(MonotonicTime now) {
    systemd_.reloading(now);
    service_.reload();
    systemd_.ready(listening_on(service_));
  }

  Service& service_;
  SystemdNotifier& systemd_;
  Shutdown& shutdown_;
  const std::chrono::milliseconds interval_;
  MonotonicTime next_{};
};

/// Nothing that waits for the thread of the adapter would end: no destructor, no drain. What was accepted is in the
/// journal.
[[noreturn]] void end_at_once(Service& service, SystemdNotifier& systemd, Observer& log) {
  service.close_the_door();
  for (const auto& stay : service.hung()) {
    auto line = last_line("adapter_hung");
    line.field("execution", stay.execution);
    line.field("action", stay.action);
    line.field("adapter", stay.adapter);
    line.number("sequence", stay.sequence);
    line.number("ms", static_cast<unsigned long long>(stay.lasts.count()));
    speak(line);
  }
  log.event(
      LogLevel::error, "service",
      "giving up, to be started anew: an adapter does not let its thread go; what is not finished is in the journal");
  systemd.stopping("an adapter hangs");
  service.blame_the_hung();
  _exit(exit_status::adapter_hung);
}

void drain(Service& service, Watch& watch, Shutdown& shutdown, Observer& log) {
  shutdown.waiting_for("the door to close");
  service.close_the_door();
  log.event(LogLevel::info, "service",
            "stopping: " + std::to_string(service.in_flight()) + " executions have up to " +
                std::to_string(shutdown.drain().count()) + " ms to end; another signal ends at once");
  shutdown.waiting_for("the executions to end");
  while (service.in_flight() > 0 && !service.failure() && service.hung().empty() &&
         shutdown.wait_while(Stage::draining, 20ms) == Stage::draining)
    watch.tick();
  if (!service.hung().empty()) return;
  if (const auto left = service.in_flight(); left > 0)
    log.event(LogLevel::warning, "service", std::to_string(left) + " executions are left to the journal");
}

/// Runs the service until it is told to end, or gives up. Returns the exit status.
int serve(const LoadedConfig& loaded, const Redaction& redaction, Shutdown& shutdown, Observer& log) {
  const Config& config = loaded.config;
  SystemdNotifier systemd;
  std::optional<Metrics> metrics;
  if (config.metrics.port) metrics.emplace(config.metrics, log);
  Service service(loaded, redaction, metrics ? metrics->observer() : log);
  service.start();
  log.listening(service.port());
  systemd.ready(listening_on(service));

  Watch watch(service, systemd, shutdown);
  shutdown.waiting_for("the heartbeat");
  while (!service.failure() && service.hung().empty() &&
         shutdown.wait_while(Stage::running, watch.interval()) == Stage::running)
    watch.tick();
  if (!service.hung().empty()) end_at_once(service, systemd, log);
  systemd.stopping("stopping");
  if (!service.failure()) drain(service, watch, shutdown, log);
  if (!service.hung().empty()) end_at_once(service, systemd, log);

  const auto failure = service.failure();
  if (failure) {
    log.event(LogLevel::error, "service", "giving up, to be started anew: " + *failure);
    shutdown.give_up();
  }
  // What is left of the grace is for the destructors.
  shutdown.waiting_for("its own parts to stop");
  return failure ? exit_status::gave_up : exit_status::ended;
}

int print(const Report& report) {
  (report.status == 0 ? std::cout : std::cerr) << report.text << std::flush;
  return report.status;
}

}  // namespace

int main(int argc, char** argv) {
  const auto command_line = parse_command_line(argc, argv, FULFILLD_VERSION);
  if (command_line.answer) return print(*command_line.answer);

  using Command = CommandLine::Command;
  std::error_code unknown;
  auto loaded = load_config({.file = command_line.config_file,
                             .environment = process_environment(),
                             .working_directory = ".",
                             .program = std::filesystem::read_symlink("/proc/self/exe", unknown)});
  if (command_line.command == Command::print_config) return print(print_report(loaded));
  const auto redaction = redaction_for(loaded.config);
  const bool is_check = command_line.command == Command::check_config;
  if (is_check || !loaded.usable()) {
    check_as_the_start_does(loaded);
    auto report = check_report(loaded);
    report.text = redaction.clean(report.text);
    const int status = print(report);
    return is_check ? status : exit_status::configuration;
  }

  std::signal(SIGPIPE, SIG_IGN);
  raise_descriptor_limit();
  const auto log = make_standard_log(loaded.config.log, redaction);
  speak_last_words(STDOUT_FILENO, standard_log_format(loaded.config.log) == LogFormat::json ? LastLine::Form::json
                                                                                            : LastLine::Form::text);
  try {
    Shutdown shutdown(loaded.config.shutdown_grace,
                      [&log](LogLevel level, const std::string& text) { log->event(level, "service", text); });
    return serve(loaded, redaction, shutdown, *log);
  } catch (const std::exception& problem) {
    log->event(LogLevel::error, "service", problem.what());
    return exit_status::not_started;
  }
}
