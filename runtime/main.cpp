// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "runtime/config/command_line.hpp"
#include "runtime/service.hpp"
#include "runtime/telemetry/standard_log.hpp"

namespace {

using namespace fulfilld;

/// The signals that end the service. Blocked in every thread, so that only `wait` sees them.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }

  void wait() const {
    int signal = 0;
    sigwait(&set_, &signal);
  }

  /// True if one came within `limit`.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds limit) const {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
    const timespec time{seconds.count(), std::chrono::nanoseconds(limit - seconds).count()};
    return sigtimedwait(&set_, nullptr, &time) > 0;
  }

 private:
  sigset_t set_{};
};

/// Connections are descriptors: take all that the system grants.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void drain(Service& service, const StopSignals& signals, std::chrono::milliseconds grace, Observer& log) {
  using namespace std::chrono_literals;
  service.close_the_door();
  log.event(LogLevel::info, "service",
            "stopping: " + std::to_string(service.in_flight()) + " executions have up to " +
                std::to_string(grace.count()) + " ms to end; another signal ends at once");
  const auto last = std::chrono::steady_clock::now() + grace;
  while (service.in_flight() > 0 && std::chrono::steady_clock::now() < last)
    if (signals.wait_for(20ms)) break;
  if (const auto left = service.in_flight(); left > 0)
    log.event(LogLevel::warning, "service", std::to_string(left) + " executions are left to the journal");
}

/// Runs the service until it is told to stop.
int serve(const Config& config, const StopSignals& signals, Observer& log) {
  Service service(config, log);
  service.start();
  log.listening(service.port());
  signals.wait();
  drain(service, signals, config.shutdown_grace, log);
  return EXIT_SUCCESS;
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
  const auto loaded = load_config({.file = command_line.config_file,
                                   .environment = process_environment(),
                                   .working_directory = ".",
                                   .program = std::filesystem::read_symlink("/proc/self/exe", unknown)});
  if (command_line.command == Command::print_config) return print(print_report(loaded));
  if (command_line.command == Command::check_config || !loaded.usable()) return print(check_report(loaded));

  const StopSignals signals;
  raise_descriptor_limit();
  const auto log = make_standard_log(loaded.config);
  try {
    return serve(loaded.config, signals, *log);
  } catch (const std::exception& problem) {
    log->event(LogLevel::error, "service", problem.what());
    return EXIT_FAILURE;
  }
}
