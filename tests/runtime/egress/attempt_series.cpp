// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/egress/attempt_series.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace fulfilld::testing {

namespace {

using Now = std::chrono::steady_clock;

constexpr std::chrono::seconds longest_series{30};

}  // namespace

class AttemptSeries::Run : public std::enable_shared_from_this<Run> {
 public:
  Run(HttpEngine& engine, Prepare prepare, std::size_t count, Pause pause)
      : engine_(engine), prepare_(std::move(prepare)), pause_(pause), count_(count) {}

  void begin(std::size_t at_a_time);

  void go_on(std::shared_ptr<One> exchange) {
    if (pause_.clock == nullptr) return start_next(exchange);
    pause_.clock->schedule(Now::now() + pause_.length,
                           [run = shared_from_this(), exchange = std::move(exchange)] { run->start_next(exchange); });
  }

  void ended(Now::duration took, HttpFailure failure) {
    const std::lock_guard lock(mutex_);
    durations.push_back(std::chrono::duration_cast<std::chrono::microseconds>(took));
    ++ends[failure];
  }

  void stop() {
    const std::lock_guard lock(mutex_);
    count_ = started_;
  }

  bool wait() {
    std::unique_lock lock(mutex_);
    while (under_way_ > 0) {
      const std::size_t before = durations.size();
      changed_.wait_for(lock, longest_series, [this] { return under_way_ == 0; });
      if (under_way_ > 0 && durations.size() == before) return false;
    }
    std::sort(durations.begin(), durations.end());
    return true;
  }

  std::vector<std::chrono::microseconds> durations;
  std::map<HttpFailure, std::size_t> ends;

 private:
  /// Starts `exchange` as the next attempt, if there is to be one.
  void start_next(const std::shared_ptr<One>& exchange);

  HttpEngine& engine_;
  const Prepare prepare_;
  const Pause pause_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t count_;
  std::size_t started_ = 0;
  std::size_t under_way_ = 0;
};

class AttemptSeries::One final : public HttpExchange {
 public:
  explicit One(std::shared_ptr<Run> run) : run_(std::move(run)) {}

  void finished(std::shared_ptr<HttpExchange> self) noexcept override {
    run_->ended(Now::now() - started, answer.failure);
    run_->go_on(std::static_pointer_cast<One>(std::move(self)));
  }

  Now::time_point started;

 private:
  const std::shared_ptr<Run> run_;
};

void AttemptSeries::Run::begin(std::size_t at_a_time) {
  under_way_ = std::min(at_a_time, count_);
  for (std::size_t i = under_way_; i > 0; --i) start_next(std::make_shared<One>(shared_from_this()));
}

void AttemptSeries::Run::start_next(const std::shared_ptr<One>& exchange) {
  std::size_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    if (started_ >= count_) {
      --under_way_;
      changed_.notify_all();
      return;
    }
    number = started_++;
  }
  exchange->answer = HttpAnswer{};
  prepare_(number, exchange->request);
  exchange->started = Now::now();
  engine_.start(exchange);
}

AttemptSeries::AttemptSeries(HttpEngine& engine, Prepare prepare, std::size_t count, std::size_t at_a_time, Pause pause)
    : run_(std::make_shared<Run>(engine, std::move(prepare), count, pause)) {
  run_->begin(at_a_time);
}

AttemptSeries::~AttemptSeries() {
  stop();
  static_cast<void>(wait());
}

void AttemptSeries::stop() { run_->stop(); }

bool AttemptSeries::wait() { return run_->wait(); }

const std::map<HttpFailure, std::size_t>& AttemptSeries::ends() const { return run_->ends; }

const std::vector<std::chrono::microseconds>& AttemptSeries::durations() const { return run_->durations; }

std::chrono::microseconds share_below(const std::vector<std::chrono::microseconds>& sorted, double share) {
  if (sorted.empty()) return {};
  const auto place = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
  return sorted[std::min(place, sorted.size() - 1)];
}

std::string describe(const std::map<HttpFailure, std::size_t>& ends) {
  static constexpr std::array names{"none",       "resolve",   "connect",   "tls",       "timeout",    "reset",
                                    "bad_answer", "too_large", "no_socket", "cancelled", "turned_away"};
  std::string text;
  for (const auto& [end, count] : ends)
    text.append(text.empty() ? "" : ", ").append(names.at(static_cast<std::size_t>(end))) +=
        " " + std::to_string(count);
  return text;
}

double in_ms(std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1000; }

}  // namespace fulfilld::testing
