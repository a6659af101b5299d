// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/ports/adapter.hpp"

namespace fulfilld::testing {

/// An AdapterHost that records what a run asks for; the test answers.
class ScriptedHost final : public AdapterHost {
 public:
  struct Failure {
    Reason reason = Reason::none;
    std::string code;
    std::string message;
  };

  OperationId http(AdapterCall call) override {
    calls.push_back(std::move(call));
    return ++last_operation;
  }
  OperationId sleep(std::chrono::milliseconds duration) override {
    sleeps.push_back(duration);
    return ++last_operation;
  }
  OperationId blocking(std::unique_ptr<BlockingWork> work, OperationClass operation) override {
    if (refuses_blocking) return 0;
    work_class = operation;
    works.push_back(std::move(work));
    return ++last_operation;
  }
  void progress(std::string_view json) override { reports.emplace_back(json); }
  void log(LogLevel, std::string_view text) override { lines.emplace_back(text); }
  void complete(std::string json) override {
    result = std::move(json);
    ++endings;
  }
  void fail(Reason reason, std::string code, std::string message) override {
    failure = {reason, std::move(code), std::move(message)};
    ++endings;
  }

  std::vector<AdapterCall> calls;
  std::vector<std::chrono::milliseconds> sleeps;
  std::vector<std::unique_ptr<BlockingWork>> works;
  OperationClass work_class = OperationClass::safe;  ///< of the latest work
  bool refuses_blocking = false;
  std::vector<std::string> reports;
  std::vector<std::string> lines;
  std::optional<std::string> result;
  Failure failure;
  int endings = 0;
  OperationId last_operation = 0;
};

inline ExecutionPtr execution(std::string data, std::string id = "e-1") {
  Execution made;
  made.id = std::move(id);
  made.action = "default";
  made.data = std::move(data);
  return std::make_shared<const Execution>(std::move(made));
}

inline HttpAnswer answer(int status, std::string body) {
  HttpAnswer made;
  made.request_sent = true;
  made.status = status;
  made.body = std::move(body);
  return made;
}

inline HttpAnswer broken(HttpFailure failure, bool request_sent = true) {
  HttpAnswer made;
  made.failure = failure;
  made.request_sent = request_sent;
  made.detail = "a detail";
  return made;
}

}  // namespace fulfilld::testing
