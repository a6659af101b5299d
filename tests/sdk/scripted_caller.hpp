// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/abi.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fulfill::testing {

/// The host's side of the C ABI, for one run: records what the adapter asks for, answers when the test says so.
class ScriptedCaller {
 public:
  class Call {
   public:
    explicit Call(const fulfill_request_v1& request)
        : method(text(request.method)),
          url(text(request.url)),
          body(text(request.body)),
          has_body(request.has_body != 0),
          body_address(request.body.data),
          operation(request.operation),
          timeout_ms(request.timeout_ms) {
      for (std::size_t i = 0; i < request.field_count; ++i)
        headers.emplace_back(text(request.fields[i].name), text(request.fields[i].value));
    }
    std::uint64_t number = 0;
    std::string method;
    std::string url;
    std::string body;
    bool has_body;
    const char* body_address;
    std::uint32_t operation;
    std::int64_t timeout_ms;
    std::vector<std::pair<std::string, std::string>> headers;
  };

  explicit ScriptedCaller(const fulfill_descriptor_v1& functions) : functions_(functions) {}
  ScriptedCaller(const ScriptedCaller&) = delete;
  ScriptedCaller& operator=(const ScriptedCaller&) = delete;
  ~ScriptedCaller() {
    cancel();
    if (adapter_ != nullptr) functions_.destroy(adapter_);
  }

  /// Makes the adapter; false if it refuses, see `refusal`.
  bool create() {
    std::vector<fulfill_field> values;
    for (const auto& [name, value] : settings) values.push_back({lend(name), lend(value)});
    std::vector<fulfill_text> names;
    for (const auto& [name, value] : secrets) names.push_back(lend(name));
    const fulfill_settings_v1 lent = {sizeof lent,   lend(action), values.data(),
                                      values.size(), names.data(), names.size()};
    adapter_ = functions_.create(
        &lent, &refusal, [](void* sink, fulfill_text sentence) { *static_cast<std::string*>(sink) = text(sentence); });
    return adapter_ != nullptr;
  }

  void start() {
    if (adapter_ == nullptr && !create()) return;
    const fulfill_start_v1 lent = {sizeof lent, &table(),     reinterpret_cast<fulfill_caller*>(this),
                                   lend(id),    lend(action), lend(input),
                                   deadline_ns};
    run_ = functions_.start(adapter_, &lent);
  }

  /// Answers the latest call. `code` is empty for a 2xx.
  void answer(int status, std::string_view body, std::string_view code = {}, bool complete = true) {
    answer_to(calls.back().number, status, body, code, complete);
  }
  void answer_to(std::uint64_t number, int status, std::string_view body, std::string_view code = {},
                 bool complete = true) {
    const fulfill_field field = {lend("Content-Type"), lend("application/json")};
    fulfill_answer_v1 lent{};
    lent.size = sizeof lent;
    if (!code.empty()) lent.failure = {lend(code), lend("it did not work")};
    lent.status = status;
    lent.complete = complete ? 1 : 0;
    lent.fields = &field;
    lent.field_count = 1;
    lent.body = lend(body);
    functions_.http_done(run_, number, &lent);
  }
  void wake() { wake(last_number_); }
  /// Ends a sleep or blocking work. Operations of every kind are numbered from 1, as they are asked for.
  void wake(std::uint64_t number) { functions_.done(run_, number); }
  void cancel() {
    if (run_ != nullptr) functions_.cancel(std::exchange(run_, nullptr));
  }

  std::string action = "default";
  std::string id = "e-1";
  std::string input = "{\"a\":1}";
  std::int64_t deadline_ns = 5000000000;
  std::map<std::string, std::string> settings;
  std::map<std::string, std::string> secrets;
  std::string refuse_calls;  ///< a reason: the next calls cannot be made
  std::string refuse_works;  ///< the same for blocking work

  std::string refusal;
  std::vector<Call> calls;
  std::vector<std::int64_t> sleeps;
  std::vector<fulfill_work_v1> works;  ///< the test runs and releases them
  std::vector<std::string> progress;
  std::vector<std::pair<int, std::string>> logs;
  std::optional<std::string> result;
  bool result_from_backend = false;
  std::string failure_code;
  std::string failure_message;
  int endings = 0;

 private:
  static std::string text(fulfill_text t) { return t.size == 0 ? std::string() : std::string(t.data, t.size); }
  static fulfill_text lend(std::string_view t) { return {t.data(), t.size()}; }
  static ScriptedCaller& self(fulfill_caller* caller) { return *reinterpret_cast<ScriptedCaller*>(caller); }

  static const fulfill_host_v1& table() {
    static const fulfill_host_v1 functions = {
        sizeof(fulfill_host_v1),
        [](fulfill_caller* caller, const fulfill_request_v1* request, fulfill_failure* failure) -> std::uint64_t {
          auto& me = self(caller);
          if (!me.refuse_calls.empty()) {
            *failure = {lend(me.refuse_calls), lend("not this one")};
            return 0;
          }
          me.calls.emplace_back(*request).number = ++me.last_number_;
          return me.last_number_;
        },
        [](fulfill_caller* caller, std::int64_t milliseconds, fulfill_failure*) -> std::uint64_t {
          self(caller).sleeps.push_back(milliseconds);
          return ++self(caller).last_number_;
        },
        [](fulfill_caller* caller, fulfill_text json) { self(caller).progress.push_back(text(json)); },
        [](fulfill_caller* caller, std::int32_t level, fulfill_text line) {
          self(caller).logs.emplace_back(level, text(line));
        },
        [](fulfill_caller* caller, fulfill_text name, fulfill_text* value) -> std::int32_t {
          const auto found = self(caller).secrets.find(text(name));
          if (found == self(caller).secrets.end()) return 0;
          *value = lend(found->second);
          return 1;
        },
        [](fulfill_caller* caller, fulfill_text json, std::uint32_t source) {
          self(caller).result = text(json);
          self(caller).result_from_backend = source == FULFILL_RESULT_FROM_BACKEND;
          ++self(caller).endings;
        },
        [](fulfill_caller* caller, fulfill_text code, fulfill_text message) {
          self(caller).failure_code = text(code);
          self(caller).failure_message = text(message);
          ++self(caller).endings;
        },
        [](fulfill_caller* caller, const fulfill_work_v1* work, fulfill_failure* failure) -> std::uint64_t {
          auto& me = self(caller);
          if (!me.refuse_works.empty()) {
            work->release(work->state);
            *failure = {lend(me.refuse_works), lend("not this one")};
            return 0;
          }
          me.works.push_back(*work);
          return ++me.last_number_;
        }};
    return functions;
  }

  const fulfill_descriptor_v1& functions_;
  fulfill_adapter* adapter_ = nullptr;
  fulfill_run* run_ = nullptr;
  std::uint64_t last_number_ = 0;
};

}  // namespace fulfill::testing
