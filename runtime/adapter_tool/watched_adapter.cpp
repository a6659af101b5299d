// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/watched_adapter.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <string>
#include <utility>

#include "runtime/adapter_tool/watched_engine.hpp"

namespace fulfilld {
namespace {

using std::chrono::milliseconds;
using TreatmentPtr = std::shared_ptr<const Treatment>;

class WatchedWork final : public BlockingWork {
 public:
  WatchedWork(std::unique_ptr<BlockingWork> work, TreatmentPtr treatment, std::size_t suspension)
      : work_(std::move(work)), treatment_(std::move(treatment)), suspension_(suspension) {
    treatment_->work->begun();
  }
  WatchedWork(const WatchedWork&) = delete;
  WatchedWork& operator=(const WatchedWork&) = delete;
  ~WatchedWork() override {
    work_.reset();
    treatment_->work->ended();
  }
  WorkAttempt run() noexcept override {
    if (treatment_->on_work) treatment_->on_work(suspension_);
    return work_->run();
  }

 private:
  std::unique_ptr<BlockingWork> work_;
  TreatmentPtr treatment_;
  const std::size_t suspension_;
};

class WatchedHost final : public AdapterHost {
 public:
  WatchedHost(AdapterHost& host, TreatmentPtr treatment) : host_(host), treatment_(std::move(treatment)) {}

  OperationId http(AdapterCall call) override {
    const std::size_t number = ++calls_;
    call.request.header_lines += call_number_line(number);
    if (treatment_->time_limit)
      if (const auto limit = treatment_->time_limit(number); limit.count() > 0) call.time_limit = limit;
    const Suspension suspension{Suspension::Kind::call, number, call.operation,
                                call.request.method + " " + call.request.url.text};
    treatment_->witness->suspended(suspension);
    const OperationId operation = host_.http(std::move(call));
    begun();
    return operation;
  }

  OperationId sleep(milliseconds duration) override {
    treatment_->witness->suspended(
        {Suspension::Kind::sleep, 0, OperationClass::safe, "a sleep of " + std::to_string(duration.count()) + " ms"});
    const OperationId operation = host_.sleep(std::min(duration, treatment_->longest_sleep));
    begun();
    return operation;
  }

  OperationId blocking(std::unique_ptr<BlockingWork> work, OperationClass operation_class) override {
    treatment_->witness->suspended({Suspension::Kind::blocking, 0, operation_class, "blocking work"});
    auto watched = std::make_unique<WatchedWork>(std::move(work), treatment_, suspensions_ + 1);
    const OperationId operation = host_.blocking(std::move(watched), operation_class);
    begun();
    return operation;
  }

  void progress(std::string_view json) override {
    treatment_->witness->progressed(json);
    host_.progress(json);
  }
  void log(LogLevel level, std::string_view text) override {
    treatment_->witness->said(level, text);
    host_.log(level, text);
  }
  void complete(std::string json) override {
    treatment_->witness->completed(json);
    host_.complete(std::move(json));
  }
  void fail(Reason reason, std::string code, std::string message) override {
    treatment_->witness->failed(reason, message);
    host_.fail(reason, std::move(code), std::move(message));
  }

 private:
  void begun() {
    ++suspensions_;
    if (treatment_->on_suspension) treatment_->on_suspension(suspensions_);
  }

  AdapterHost& host_;
  TreatmentPtr treatment_;
  std::size_t calls_ = 0;
  std::size_t suspensions_ = 0;
};

/// How long the code that runs since then has kept its thread. What the system itself took from it does not count: a
/// thread that never waited has been kept for the processor time that it used.
class Stay {
 public:
  [[nodiscard]] std::chrono::microseconds duration() const {
    const auto now = used();
    const auto wall = std::chrono::steady_clock::now() - begin_;
    return std::chrono::floor<std::chrono::microseconds>(now.waits == used_.waits ? now.processor - used_.processor
                                                                                  : wall);
  }

 private:
  struct Used {
    std::chrono::nanoseconds processor{0};
    long waits = 0;
  };
  static Used used() {
    rusage usage{};
    ::getrusage(RUSAGE_THREAD, &usage);
    const auto time = [](const timeval& value) {
      return std::chrono::seconds(value.tv_sec) + std::chrono::microseconds(value.tv_usec);
    };
    return {time(usage.ru_utime) + time(usage.ru_stime), usage.ru_nvcsw};
  }

  const Used used_ = used();
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

class WatchedRun final : public AdapterRun {
 public:
  WatchedRun(Adapter& adapter, AdapterHost& host, ExecutionPtr execution, MonotonicTime deadline,
             TreatmentPtr treatment)
      : treatment_(treatment),
        host_(host, std::move(treatment)),
        run_(adapter.make_run(host_, std::move(execution), deadline)) {}
  WatchedRun(const WatchedRun&) = delete;
  WatchedRun& operator=(const WatchedRun&) = delete;
  ~WatchedRun() override {
    timed("when it was destroyed", [this] { run_.reset(); });
  }

  void start() override {
    timed("from the start to the first wait", [this] { run_->start(); });
  }
  void http_done(OperationId operation, const HttpAnswer& answer) override {
    timed("after an answer", [&] { run_->http_done(operation, answer); });
  }
  void done(OperationId operation) override {
    timed("after a sleep or blocking work", [&] { run_->done(operation); });
  }

 private:
  template <typename Step>
  void timed(std::string_view where, Step step) {
    const Stay stay;
    step();
    treatment_->witness->stayed(where, stay.duration());
  }

  TreatmentPtr treatment_;
  WatchedHost host_;
  std::unique_ptr<AdapterRun> run_;
};

class WatchedAdapter final : public Adapter {
 public:
  WatchedAdapter(AdapterPtr adapter, TreatmentPtr treatment)
      : adapter_(std::move(adapter)), treatment_(std::move(treatment)) {}

  std::unique_ptr<AdapterRun> make_run(AdapterHost& host, ExecutionPtr execution, MonotonicTime deadline) override {
    return std::make_unique<WatchedRun>(*adapter_, host, std::move(execution), deadline, treatment_);
  }

 private:
  AdapterPtr adapter_;
  TreatmentPtr treatment_;
};

}  // namespace

void WorkCount::begun() {
  const std::lock_guard lock(mutex_);
  ++count_;
}

void WorkCount::ended() {
  const std::lock_guard lock(mutex_);
  --count_;
  changed_.notify_all();
}

bool WorkCount::wait_for_none(milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [this] { return count_ == 0; });
}

AdapterPtr watched_adapter(AdapterPtr adapter, std::shared_ptr<const Treatment> treatment) {
  return std::make_shared<WatchedAdapter>(std::move(adapter), std::move(treatment));
}

}  // namespace fulfilld
