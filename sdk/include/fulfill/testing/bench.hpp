// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <fulfill/abi.h>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fulfill/json.hpp>
#include <fulfill/operation.hpp>
#include <fulfill/testing/outcome.hpp>
#include <fulfill/testing/recorded.hpp>
#include <fulfill/testing/script.hpp>
#include <fulfill/testing/virtual_host.hpp>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The adapter that the test program is linked with: FULFILL_ADAPTER defines it.
extern "C" const fulfill_descriptor_v1 fulfill_adapter_v1;

namespace fulfill::testing {

/// Plays the host to an adapter: gives it settings, scripted answers and virtual time, and remembers what it asked for.
/// One execution at a time, any number one after the other; time stands still between the calls of its functions. What
/// the adapter runs by `context.blocking` runs on the test's own thread, right after the coroutine has suspended, and
/// again after a back-off where it asks for that.
///
///     Bench bench;
///     bench.setting("base_url", "https://crm.example").secret("token", "s3cret");
///     bench.on("GET", "https://crm.example/customers/42").answer(200, R"({"name":"Ada"})");
///     EXPECT_EQ(bench.run(R"({"customerId":"42"})").json().at("name"), "Ada");
class Bench {
 public:
  Bench() : Bench(fulfill_adapter_v1) {}
  /// For an adapter that is not the one of the test program. The descriptor has to outlive the bench.
  explicit Bench(const fulfill_descriptor_v1& adapter) : adapter_(adapter), host_(adapter) {}
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench() { forget_instance(); }

  /// One of `[actions.NAME.settings]`, as text. Tables and arrays have dotted names: "headers.Accept", "steps.0.url".
  Bench& setting(std::string name, std::string value) {
    forget_instance();
    settings_.insert_or_assign(std::move(name), std::move(value));
    return *this;
  }
  /// One of `[actions.NAME.secrets]`, and its value.
  Bench& secret(std::string name, std::string value) {
    forget_instance();
    host_.secret(std::move(name), std::move(value));
    return *this;
  }
  /// How long an execution may take; 30 s unless set.
  Bench& deadline(std::chrono::milliseconds time) {
    deadline_ = time;
    return *this;
  }
  /// Blocking work waits from now on, up to the deadline or `cancel`, as if all threads were taken.
  Bench& hold_blocking() {
    host_.hold_blocking();
    return *this;
  }

  /// How often blocking work is attempted at most if it throws TryAgain or BackendBusy; 3 unless set, with back-offs of
  /// 1 s, 2 s, ... in virtual time. What is scripted for calls is what comes after all attempts.
  Bench& attempts(int most) {
    host_.attempts(most);
    return *this;
  }

  /// The sentence with which the adapter refuses its settings; empty if it takes them.
  [[nodiscard]] std::string refusal() {
    make_instance();
    return refusal_;
  }

  /// What is answered to that method and URL, to the letter.
  Script& on(const std::string& method, const std::string& url) { return host_.on(method, url); }
  /// What is answered to all calls for which there is no `on`. Unless it is scripted, such a call fails the test.
  Script& otherwise() { return host_.otherwise(); }

  /// Carries out one execution, to its end. `input`: JSON.
  Outcome run(std::string input) {
    start(std::move(input));
    host_.advance_to_end();
    return end();
  }

  /// Begins one, up to its first wait for something that takes time.
  void start(std::string input) {
    if (fulfill::detail::json_problem(input) != fulfill::detail::JsonProblem::none) {
      ADD_FAILURE() << "the input of an execution is always JSON, and this is not: " << input;
      input = "null";
    }
    make_instance();
    if (instance_ == nullptr) {
      ADD_FAILURE() << "the adapter refuses its settings: " << refusal_;
      return;
    }
    host_.start(*instance_, std::move(input), deadline_);
  }
  /// Lets that much time pass: answers arrive, sleeps end, or the deadline.
  void advance(std::chrono::milliseconds time) { host_.advance(time); }
  /// How many calls, sleeps and pieces of blocking work it waits for.
  [[nodiscard]] std::size_t waiting() const { return host_.waiting(); }
  /// What it ended with; nothing while it is under way.
  [[nodiscard]] const std::optional<Outcome>& outcome() const noexcept { return host_.outcome(); }
  /// Ends it where it stands, as a shutdown does: its coroutine is destroyed, destructors run. The outcome is
  /// `cancelled`.
  void cancel() { host_.cancel("cancelled", "the execution was cancelled"); }

  /// Of the latest execution.
  [[nodiscard]] const std::vector<RecordedCall>& calls() const noexcept { return host_.calls(); }
  /// How often each piece of its blocking work may be done.
  [[nodiscard]] const std::vector<Operation>& works() const noexcept { return host_.works(); }
  /// How often all of that was attempted together.
  [[nodiscard]] std::size_t work_attempts() const noexcept { return host_.work_attempts(); }
  [[nodiscard]] const std::vector<std::string>& progress() const noexcept { return host_.progress(); }
  [[nodiscard]] const std::vector<RecordedLine>& logs() const noexcept { return host_.logs(); }
  [[nodiscard]] const std::string& execution_id() const noexcept { return host_.execution_id(); }

 private:
  Outcome end() {
    if (host_.outcome()) return *host_.outcome();
    return Outcome::failed("not_started", "the execution was not begun");
  }

  void make_instance() {
    if (instance_ != nullptr) return;
    refusal_.clear();
    std::vector<fulfill_field> fields;
    for (const auto& [name, value] : settings_) fields.push_back({detail::lend(name), detail::lend(value)});
    std::vector<fulfill_text> secrets;
    for (const auto& [name, value] : host_.secrets()) secrets.push_back(detail::lend(name));
    fulfill_settings_v1 lent{};
    lent.size = sizeof lent;
    lent.action = detail::lend(host_.action());
    lent.settings = fields.data();
    lent.setting_count = fields.size();
    lent.secrets = secrets.data();
    lent.secret_count = secrets.size();
    instance_ = adapter_.create(&lent, &refusal_, [](void* sink, fulfill_text sentence) {
      *static_cast<std::string*>(sink) = detail::view(sentence);
    });
  }

  void forget_instance() {
    if (instance_ == nullptr) return;
    host_.forget_run();
    adapter_.destroy(std::exchange(instance_, nullptr));
  }

  const fulfill_descriptor_v1& adapter_;
  VirtualHost host_;
  std::map<std::string, std::string> settings_;
  std::chrono::milliseconds deadline_{30'000};
  fulfill_adapter* instance_ = nullptr;
  std::string refusal_;
};

}  // namespace fulfill::testing
