// SPDX-License-Identifier: Apache-2.0
// CPU time of the server per request: 64 keep-alive connections on loopback, driven by one epoll thread. That thread is
// not counted; the one that stands for the journal's commit is.
#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tests/runtime/ingress/ingress_fixture.hpp"

namespace fulfilld {
namespace {

constexpr std::size_t connections = 64;

double seconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Stands for the group commit: the writer takes all who wait, is busy for as long as a sync takes, wakes them.
class GroupCommit {
 public:
  GroupCommit() : writer_([this] { run(); }) {}
  ~GroupCommit() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    queued_.notify_one();
    writer_.join();
  }

  void wait() {
    std::atomic<int> done{0};
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(&done);
    }
    queued_.notify_one();
    done.wait(0);
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      queued_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      auto group = std::exchange(waiting_, {});
      lock.unlock();
      std::this_thread::sleep_for(std::chrono::microseconds(300));
      for (auto* done : group) {
        done->store(1);
        done->notify_one();
      }
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable queued_;
  std::vector<std::atomic<int>*> waiting_;
  bool stopping_ = false;
  std::thread writer_;
};

/// Keeps one request under way on each connection.
class Load {
 public:
  Load(std::uint16_t port, std::string request) : request_(std::move(request)), epoll_(epoll_create1(0)) {
    for (auto& socket : sockets_) {
      socket = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(port);
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        throw std::runtime_error("cannot connect");
      const int on = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      epoll_event event{EPOLLIN, {.fd = socket}};
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
    }
  }
  ~Load() {
    for (const int socket : sockets_) ::close(socket);
    ::close(epoll_);
  }

  /// Sends `count` requests and takes their answers, each of which comes as one piece.
  void run(std::size_t count) {
    std::size_t sent = 0;
    for (; sent < std::min(connections, count); ++sent) send(sockets_[sent]);
    std::array<epoll_event, connections> events;
    for (std::size_t answered = 0; answered < count;) {
      const int ready = ::epoll_wait(epoll_, events.data(), connections, -1);
      for (int i = 0; i < ready; ++i) {
        std::array<char, 1024> answer;
        const auto size = ::recv(events[i].data.fd, answer.data(), answer.size(), 0);
        if (size < 12 || std::string_view(answer.data(), 12) != "HTTP/1.1 202") throw std::runtime_error("refused");
        ++answered;
        if (sent < count) {
          send(events[i].data.fd);
          ++sent;
        }
      }
    }
  }

 private:
  void send(int socket) { ::send(socket, request_.data(), request_.size(), MSG_NOSIGNAL); }

  const std::string request_;
  const int epoll_;
  std::array<int, connections> sockets_{};
};

/// Accepts without keeping, so that memory stays level.
class ForgettingJournal final : public Journal {
 public:
  explicit ForgettingJournal(GroupCommit* commit) : commit_(commit) {}
  AcceptAnswer accept(std::shared_ptr<Execution> execution) override {
    if (commit_ != nullptr) commit_->wait();
    return {AcceptAnswer::Status::accepted, execution->id};
  }
  void decide(ExecutionPtr /*execution*/, Outcome /*outcome*/) override {}
  void end(ExecutionPtr /*execution*/, Ending /*ending*/) override {}
  void note_failed_attempt(ExecutionPtr /*execution*/, Reason /*why*/) override {}
  void note_sending(ExecutionPtr /*execution*/, std::function<void()> then) override { then(); }
  void recover(const Blame& /*blame*/, const std::function<void(std::vector<Unfinished>)>& /*each_slice*/) override {}
  [[nodiscard]] bool writable() const override { return true; }
  void flush() override {}

 private:
  GroupCommit* const commit_;
};

void measure(benchmark::State& state, GroupCommit* commit, std::size_t data_size) {
  ForgettingJournal journal(commit);
  const StandingClock clock;
  EventLog events;
  Admission admission({.executions = 1000}, {{"default", std::chrono::minutes(1)}}, clock);
  const HostAllowList allowed(genesys_api_hosts());
  Ingress ingress(IngressUnderTest::options({}), journal, admission, allowed, events, {});
  ingress.start();
  Load load(ingress.port(), post(execute_body("0b9d8a52-2c1e-4a53-9a0c-b8f2a5e7d0c1",
                                              R"({"customerId":")" + std::string(data_size, 'x') + R"("})"),
                                 "/execute", "User-Agent: bench\r\nAccept: */*\r\nININ-Correlation-Id: c-1\r\n"));
  load.run(2000);

  constexpr std::size_t per_round = 20000;
  const double process = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  const double client = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  for (auto _ : state) load.run(per_round);
  const double server = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - process - (seconds_of(CLOCK_THREAD_CPUTIME_ID) - client);
  const auto requests = static_cast<double>(state.iterations()) * per_round;
  state.counters["server_us_per_request"] = server * 1e6 / requests;
  state.counters["requests_per_s"] = benchmark::Counter(requests, benchmark::Counter::kIsRate);
}

void BM_ExecuteAtOnce(benchmark::State& state) { measure(state, nullptr, static_cast<std::size_t>(state.range(0))); }
BENCHMARK(BM_ExecuteAtOnce)->Arg(90)->Arg(10000)->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_ExecuteWithGroupCommit(benchmark::State& state) {
  GroupCommit commit;
  measure(state, &commit, static_cast<std::size_t>(state.range(0)));
}
BENCHMARK(BM_ExecuteWithGroupCommit)->Arg(90)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace fulfilld

BENCHMARK_MAIN();
