// SPDX-License-Identifier: Apache-2.0
// CPU time of the engine's thread for each keep-alive POST of about 170 bytes. Not run by ctest: look at it by hand,
// with the engine on a core of its own. Usage: http_engine_bench [seconds]
#include <time.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "runtime/egress/asio_http_engine.hpp"
#include "tests/runtime/egress/echo_server.hpp"
#include "tests/runtime/egress/test_exchange.hpp"

namespace fulfilld {
namespace {

double this_thread_cpu_us() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) * 1e-3;
}

/// Starts itself again as soon as it has finished, from the engine's thread.
class RepeatingExchange final : public HttpExchange {
 public:
  RepeatingExchange(HttpEngine& engine, const std::atomic<bool>& go_on, std::atomic<long>& done,
                    std::atomic<long>& failed)
      : engine_(engine), go_on_(go_on), done_(done), failed_(failed) {}

  void finished(std::shared_ptr<HttpExchange> self) noexcept override {
    done_.fetch_add(1, std::memory_order_relaxed);
    if (answer.failure != HttpFailure::none || answer.status != 200) failed_.fetch_add(1, std::memory_order_relaxed);
    if (!go_on_.load(std::memory_order_relaxed)) return;
    answer = HttpAnswer{};
    engine_.start(std::move(self));
  }

 private:
  HttpEngine& engine_;
  const std::atomic<bool>& go_on_;
  std::atomic<long>& done_;
  std::atomic<long>& failed_;
};

void measure(int in_flight, bool idempotency_key, double seconds) {
  testing::EchoServer server;
  IoLoop loop;
  AsioHttpEngine engine(loop);
  std::atomic<bool> go_on{true};
  std::atomic<long> done{0};
  std::atomic<long> failed{0};
  const auto body = std::make_shared<const std::string>(std::string(60, 'x'));
  for (int i = 0; i < in_flight; ++i) {
    auto exchange = std::make_shared<RepeatingExchange>(engine, go_on, done, failed);
    exchange->request.method = "POST";
    exchange->request.url = server.url("/v1/orders");
    exchange->request.header_lines = "Content-Type: application/json\r\n";
    if (idempotency_key) exchange->request.header_lines += "Idempotency-Key: 0123456789abcdef\r\n";
    exchange->request.body = body;
    engine.start(std::move(exchange));
  }
  const auto pass = [](double time) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(time);
    timespec nap{0, 10'000'000};
    while (std::chrono::steady_clock::now() < end) nanosleep(&nap, nullptr);
  };
  pass(seconds / 4);
  double cpu_before = 0;
  double cpu_after = 0;
  loop.run_and_wait([&] { cpu_before = this_thread_cpu_us(); });
  const long done_before = done;
  pass(seconds);
  loop.run_and_wait([&] { cpu_after = this_thread_cpu_us(); });
  const long count = done - done_before;
  const long failures = failed;
  go_on = false;
  engine.stop();
  std::printf("%4d in flight%s: %6.2f us CPU per request, %7.0f requests/s, %ld not 200\n", in_flight,
              idempotency_key ? ", Idempotency-Key" : "                 ", (cpu_after - cpu_before) / count,
              count / seconds, failures);
}

}  // namespace
}  // namespace fulfilld

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 2.0;
  for (int round = 0; round < 2; ++round)
    for (const int in_flight : {1, 32, 100})
      for (const bool key : {false, true}) fulfilld::measure(in_flight, key, seconds);
}
