// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/watched_engine.hpp"

#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

namespace fulfilld {
namespace {

constexpr std::string_view kCallField = "Fulfilld-Tool-Call: ";

/// Takes the call's number out of the header lines.
std::size_t take_call_number(std::string& header_lines) {
  const auto begin = header_lines.find(kCallField);
  if (begin == std::string::npos) return 0;
  const auto end = header_lines.find("\r\n", begin);
  std::size_t call = 0;
  std::from_chars(header_lines.data() + begin + kCallField.size(), header_lines.data() + end, call);
  header_lines.erase(begin, end + 2 - begin);
  return call;
}

/// A copy of an attempt. The original stays as it is: the actors know its target by its URL.
class WatchedExchange final : public HttpExchange {
 public:
  WatchedExchange(std::shared_ptr<HttpExchange> original, Attempt attempt, WitnessPtr witness)
      : original_(std::move(original)), attempt_(std::move(attempt)), witness_(std::move(witness)) {}

  void finished(std::shared_ptr<HttpExchange>) noexcept override {
    attempt_.failure = answer.failure;
    attempt_.sent = answer.request_sent;
    attempt_.status = answer.status;
    attempt_.detail = answer.detail;
    attempt_.elapsed = std::chrono::round<std::chrono::milliseconds>(answer.elapsed);
    if (witness_ != nullptr && answer.failure != HttpFailure::cancelled) witness_->attempt_ended(attempt_);
    original_->answer = std::move(answer);
    HttpExchange& whose = *original_;
    whose.finished(std::move(original_));
  }

 private:
  std::shared_ptr<HttpExchange> original_;
  Attempt attempt_;
  WitnessPtr witness_;
};

}  // namespace

std::string call_number_line(std::size_t call) { return std::string(kCallField) + std::to_string(call) + "\r\n"; }

void WatchedEngine::watch(WitnessPtr witness, Redirect redirect) {
  const std::lock_guard lock(mutex_);
  witness_ = std::move(witness);
  redirect_ = std::move(redirect);
  attempts_.clear();
}

void WatchedEngine::start(std::shared_ptr<HttpExchange> exchange) {
  HttpRequest request = exchange->request;
  Attempt attempt;
  attempt.call = take_call_number(request.header_lines);
  attempt.method = request.method;
  attempt.url = request.url.text;
  attempt.body = request.body;
  WitnessPtr witness;
  Redirect redirect;
  {
    const std::lock_guard lock(mutex_);
    attempt.number = ++attempts_[attempt.call];
    witness = witness_;
    redirect = redirect_;
  }
  if (redirect)
    if (auto elsewhere = redirect(attempt)) request.url = std::move(*elsewhere);
  auto watched = std::make_shared<WatchedExchange>(std::move(exchange), std::move(attempt), std::move(witness));
  watched->request = std::move(request);
  engine_.start(std::move(watched));
}

}  // namespace fulfilld
