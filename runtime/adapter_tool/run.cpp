// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/run.hpp"

#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "runtime/adapter_tool/attempt_text.hpp"
#include "runtime/adapter_tool/backend.hpp"
#include "runtime/adapter_tool/exit_status.hpp"
#include "runtime/adapter_tool/failure_parts.hpp"
#include "runtime/adapter_tool/loaded_adapter.hpp"
#include "runtime/adapter_tool/workbench.hpp"

namespace fulfilld {
namespace {

using std::chrono::milliseconds;

const char* name_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      break;
  }
  return "error";
}

/// Prints what it sees, a line each.
class Printer final : public Witness {
 public:
  void suspended(const Suspension& suspension) override {
    if (suspension.kind != Suspension::Kind::call) print("wait", suspension.what);
  }
  void attempt_ended(const Attempt& attempt) override {
    const std::string call = attempt.call == 0 ? "token" : "call " + std::to_string(attempt.call);
    print(call, "attempt " + std::to_string(attempt.number) + "  " + attempt.method + " " + attempt.url + "  " +
                    end_of(attempt) + "  " + std::to_string(attempt.elapsed.count()) + " ms");
  }
  void retry_planned(milliseconds delay) override { print("retry", "in " + std::to_string(delay.count()) + " ms"); }
  void progressed(std::string_view json) override { print("progress", json); }
  void completed(std::string_view json) override {
    const std::lock_guard lock(mutex_);
    result_ = json;
  }
  void failed(Reason, std::string_view) override {}
  void said(LogLevel level, std::string_view text) override {
    print("log", std::string(name_of(level)) + ": " + std::string(text));
  }
  void noted(LogLevel level, std::string_view text) override {
    print("host", std::string(name_of(level)) + ": " + std::string(text));
  }
  void stayed(std::string_view where, std::chrono::microseconds duration) override {
    if (duration >= milliseconds(50))
      print("slow", "the adapter kept the thread for " + std::to_string(duration.count() / 1000) + " ms, " +
                        std::string(where) + ": all other executions waited");
  }

  [[nodiscard]] std::string result() {
    const std::lock_guard lock(mutex_);
    return result_;
  }

  void print(std::string_view label, std::string_view text) {
    const std::lock_guard lock(mutex_);
    std::cout << std::left << std::setw(9) << label << ' ' << text << std::endl;
  }

 private:
  std::mutex mutex_;
  std::string result_;
};

int print_end(Printer& printer, const RunEnd& end, const std::string& file) {
  const std::string lasted = "after " + std::to_string(end.lasted.count()) + " ms";
  if (end.stuck) {
    printer.print("stuck", file + " keeps the thread beyond its deadline: in fulfilld nothing else could run");
    return adapter_tool_status::failed;
  }
  if (end.outcomes.empty()) {
    printer.print("failed", "the execution ended without an outcome, " + lasted);
    return adapter_tool_status::failed;
  }
  if (!end.outcomes.front().complete()) {
    const auto [code, message] = failure_of(end.outcomes.front());
    printer.print("failed", code + ": " + message + " (" + lasted + ")");
    return adapter_tool_status::failed;
  }
  printer.print("complete", lasted);
  std::cout << printer.result() << std::endl;
  return adapter_tool_status::good;
}

}  // namespace

int run_command(const RunOptions& options) {
  auto loaded = load_adapter({.file = options.file,
                              .config = options.config,
                              .action = options.action,
                              .data = options.data,
                              .answers = options.answers,
                              .made_up_secrets = options.answers.has_value()});
  if (!loaded.problem.empty()) {
    std::cerr << loaded.problem << '\n';
    return loaded.status;
  }
  const auto printer = std::make_shared<Printer>();
  printer->print("adapter",
                 loaded.plugin->name() + " " + loaded.plugin->version() + " as action " + loaded.setup.action);
  LoopbackServer server;
  std::shared_ptr<Backend> backend;
  WatchedEngine::Redirect redirect;
  if (options.answers) {
    backend = std::make_shared<Backend>(server, std::move(loaded.answers), loaded.setup.token_url());
    redirect = Backend::redirect_to(backend);
  }
  auto workbench = std::make_unique<Workbench>(loaded.setup.config, loaded.setup.action, std::move(loaded.adapter));
  Treatment treatment;
  treatment.witness = printer;
  const auto end = workbench->run(loaded.data, treatment, std::move(redirect));
  if (backend)
    for (const auto& call : backend->unanswered())
      printer->print("note", options.answers->string() + " has no answer for " + call + ": it got a 404");
  const int status = print_end(*printer, end, options.file.string());
  if (end.work_left) printer->print("stuck", "its blocking work goes on");
  // What holds a thread for ever cannot be waited for.
  if (end.stuck || end.work_left) std::_Exit(status);
  return status;
}

}  // namespace fulfilld
