// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <fulfill/request.hpp>
#include <fulfill/testing/recorded.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fulfill::testing {

/// What becomes of a call in the end, after all the retries that are the host's work.
class ScriptedAnswer {
 public:
  enum class Kind { answer, timeout, reset, unreachable, failure, never };
  using Headers = std::vector<std::pair<std::string, std::string>>;

  ScriptedAnswer(Kind kind, std::chrono::milliseconds delay) : kind_(kind), delay_(delay) {}
  ScriptedAnswer(int status, std::string body, Headers headers, std::chrono::milliseconds delay)
      : kind_(Kind::answer), delay_(delay), status_(status), body_(std::move(body)), headers_(std::move(headers)) {}
  ScriptedAnswer(std::string code, std::string message, std::chrono::milliseconds delay)
      : kind_(Kind::failure), delay_(delay), code_(std::move(code)), message_(std::move(message)) {}

  [[nodiscard]] bool comes() const noexcept { return kind_ != Kind::never; }
  /// How long after the call.
  [[nodiscard]] std::chrono::milliseconds delay_for(const RecordedCall& call) const noexcept {
    constexpr std::chrono::milliseconds kAttemptTimeout{10'000};
    if (kind_ != Kind::timeout) return delay_;
    return delay_ + (call.timeout().count() != 0 ? call.timeout() : kAttemptTimeout);
  }
  /// 0: no status line was read.
  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] const std::string& body() const noexcept { return body_; }
  [[nodiscard]] const Headers& headers() const noexcept { return headers_; }

  /// The reason that the host would give; empty: it succeeded.
  [[nodiscard]] std::string code_for(const RecordedCall& call) const {
    switch (kind_) {
      case Kind::timeout:
        return call.is_unsafe() ? "outcome_unknown" : "backend_timeout";
      case Kind::reset:
        return call.is_unsafe() ? "outcome_unknown" : "backend_reset";
      case Kind::unreachable:
        return "backend_unreachable";
      case Kind::failure:
        return code_;
      case Kind::answer:
      case Kind::never:
        break;
    }
    if (status_ >= 200 && status_ < 300) return {};
    if (call.is_unsafe() && leaves_open(status_)) return "outcome_unknown";
    return status_ >= 300 && status_ < 400 ? "backend_redirect" : "backend_status";
  }
  [[nodiscard]] std::string message() const {
    switch (kind_) {
      case Kind::timeout:
        return "the backend did not answer in time";
      case Kind::reset:
        return "the connection to the backend broke";
      case Kind::unreachable:
        return "no connection to the backend";
      case Kind::failure:
        return message_;
      case Kind::answer:
      case Kind::never:
        break;
    }
    std::string text = "the backend answered " + std::to_string(status_);
    for (const auto& [name, value] : headers_)
      if (name == "Location" && status_ >= 300 && status_ < 400) text += " to " + fulfill::detail::place_of(value);
    if (!body_.empty()) text += ": " + body_.substr(0, 200);
    return text;
  }

 private:
  /// True for a status that does not tell whether the call was carried out: gateways send it, and slow backends.
  static bool leaves_open(int status) noexcept {
    return status == 303 || status == 408 || status == 502 || status == 503 || status == 504 || status > 511;
  }

  Kind kind_;
  std::chrono::milliseconds delay_;
  int status_ = 0;
  std::string body_;
  Headers headers_;
  std::string code_;
  std::string message_;
};

/// The answers to one method and URL, used one after the other; the last one repeats.
class Script {
 public:
  Script() = default;

  /// An answer of any status. Other than 2xx is an HttpError for an adapter that did not ask for `any_status()`. After
  /// 303, 408, 502, 503 or 504 an unsafe call ends as `outcome_unknown`.
  Script& answer(int status, std::string body = {}, ScriptedAnswer::Headers headers = {}) {
    return add(ScriptedAnswer(status, std::move(body), std::move(headers), take_delay()));
  }
  /// The same, without a body.
  Script& status(int status) { return answer(status); }
  /// No answer within the limit of an attempt. An unsafe call ends as `outcome_unknown`.
  Script& timeout() { return add(ScriptedAnswer(ScriptedAnswer::Kind::timeout, take_delay())); }
  /// The connection breaks after the request was sent. An unsafe call ends as `outcome_unknown`.
  Script& reset() { return add(ScriptedAnswer(ScriptedAnswer::Kind::reset, take_delay())); }
  /// No connection: nothing was sent.
  Script& unreachable() { return add(ScriptedAnswer(ScriptedAnswer::Kind::unreachable, take_delay())); }
  /// Any other reason of the host, such as `circuit_open`, `queue_full`, `no_token`.
  Script& failure(std::string code, std::string message = "it did not work") {
    return add(ScriptedAnswer(std::move(code), std::move(message), take_delay()));
  }
  /// Nothing, up to the deadline of the execution.
  Script& never() { return add(ScriptedAnswer(ScriptedAnswer::Kind::never, take_delay())); }

  /// Delays the next one: `after(200ms).answer(200)`.
  Script& after(std::chrono::milliseconds delay) {
    delay_ = delay;
    return *this;
  }

  /// The next one; null if nothing was scripted. Valid until the script is added to.
  [[nodiscard]] const ScriptedAnswer* next() {
    if (answers_.empty()) return nullptr;
    return &answers_[std::min(used_++, answers_.size() - 1)];
  }

 private:
  Script& add(ScriptedAnswer answer) {
    answers_.push_back(std::move(answer));
    return *this;
  }
  std::chrono::milliseconds take_delay() noexcept { return std::exchange(delay_, std::chrono::milliseconds{0}); }

  std::vector<ScriptedAnswer> answers_;
  std::size_t used_ = 0;
  std::chrono::milliseconds delay_{0};
};

}  // namespace fulfill::testing
