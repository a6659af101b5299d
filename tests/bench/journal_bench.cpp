// SPDX-License-Identifier: Apache-2.0
// What a life in the journal costs: journal_bench [directory] [lives]. Writes into a directory of its own there.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "runtime/journal/journal_store.hpp"
#include "runtime/journal/sqlite_journal.hpp"
#include "runtime/url/parse_url.hpp"

namespace {

using namespace fulfilld;
using Clock = std::chrono::steady_clock;

double micros(Clock::duration duration) { return std::chrono::duration<double, std::micro>(duration).count(); }

/// CPU time of the thread of that name, from the kernel.
double cpu_micros(const std::string& thread_name) {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    double nanos = 0;
    if (name == thread_name && std::ifstream(task.path() / "schedstat") >> nanos) return nanos / 1000;
  }
  return 0;
}

double process_cpu_micros() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return 1e6 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

/// Ends each execution as soon as its outcome is durable, and counts the groups.
class Ender final : public JournalEvents {
 public:
  void accepted(std::vector<ExecutionPtr>) override { ++groups; }
  void decided(std::vector<Delivery> deliveries) override {
    for (const auto& delivery : deliveries) journal->end(delivery.execution, {Reason::none, 1});
  }
  std::atomic<int> groups{0};
  Journal* journal = nullptr;
};

std::shared_ptr<Execution> make_execution(int number, const Url& url) {
  auto execution = std::make_shared<Execution>();
  const auto spread = static_cast<std::uint64_t>(number) * 0x9e3779b97f4a7c15U;
  execution->id = std::to_string(spread);
  execution->action = "default";
  execution->fulfillment_url = url;
  execution->fulfillment_url.text += execution->id;
  execution->fulfillment_token = "0123456789abcdef0123456789abcdef";
  execution->data.assign(250, 'd');
  execution->correlation_id = "8d7c3f1e-0000-4000-8000-000000000000";
  execution->accepted_at = WallTime(std::chrono::milliseconds(1'700'000'000'000));
  return execution;
}

void run(const std::filesystem::path& directory, bool full_sync, int threads, int lives) {
  std::filesystem::remove_all(directory);
  const auto url = parse_url("https://api.mypurecloud.com/api/v2/fulfill/").url.value();
  Ender events;
  SqliteJournalOptions options;
  options.directory = directory;
  options.full_sync = full_sync;
  auto journal = std::make_unique<SqliteJournal>(options, events);
  events.journal = journal.get();
  journal->start();
  std::atomic<int> next{0};
  std::vector<std::vector<double>> waits(static_cast<std::size_t>(threads));
  const auto begin = Clock::now();
  const double process_before = process_cpu_micros();
  std::vector<std::thread> callers;
  for (auto& mine : waits)
    callers.emplace_back([&] {
      for (int number = next++; number < lives; number = next++) {
        const auto execution = make_execution(number, url);
        const auto asked = Clock::now();
        if (journal->accept(execution).status != AcceptAnswer::Status::accepted) std::abort();
        mine.push_back(micros(Clock::now() - asked));
        journal->decide(execution, {Reason::none, std::string(120, 'o')});
      }
    });
  for (auto& caller : callers) caller.join();
  journal->flush();
  const double elapsed = micros(Clock::now() - begin);
  const double writer = cpu_micros("fulfilld-jrnl");
  const double process = process_cpu_micros() - process_before;
  std::vector<double> all;
  for (const auto& mine : waits) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  std::printf("%-6s %7d %7d %9.1f %12.1f %12.1f %9.0f %9.2f %9.2f %9.2f\n", full_sync ? "full" : "normal", threads,
              lives, lives / static_cast<double>(events.groups), writer / lives, process / lives, 1e6 * lives / elapsed,
              all[all.size() / 2] / 1000, all[all.size() * 99 / 100] / 1000, all.back() / 1000);
}

void recover(const std::filesystem::path& directory, int count) {
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  const auto url = parse_url("https://api.mypurecloud.com/api/v2/fulfill/").url.value();
  SqliteJournalOptions options;
  options.directory = directory;
  {
    journal::JournalStore store(options);
    for (int i = 0; i < count; i += 1000) {
      store.begin_group();
      for (int j = 0; j < 1000; ++j) (void)store.accept(*make_execution(i + j, url));
      store.commit_group();
      while (store.upkeep()) continue;
    }
  }
  Ender events;
  const auto begin = Clock::now();
  SqliteJournal journal(options, events);
  const auto opened = Clock::now();
  std::size_t found = 0;
  journal.recover({Blame::On::everybody, {}}, [&](const std::vector<Unfinished>& slice) { found += slice.size(); });
  std::printf("recovery of %zu unfinished: open %.0f ms, blame and hand out %.0f ms\n", found,
              micros(opened - begin) / 1000, micros(Clock::now() - opened) / 1000);
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path directory =
      std::filesystem::path(argc > 1 ? argv[1] : ".") / ("journal-bench-" + std::to_string(getpid()));
  const int lives = argc > 2 ? std::atoi(argv[2]) : 150'000;
  std::printf("%-6s %7s %7s %9s %12s %12s %9s %9s %9s %9s\n", "sync", "threads", "lives", "per group", "writer us",
              "process us", "lives/s", "p50 ms", "p99 ms", "max ms");
  for (const bool full_sync : {true, false}) {
    run(directory, full_sync, 1, lives / 30);
    run(directory, full_sync, 8, lives / 5);
    run(directory, full_sync, 64, lives);
  }
  recover(directory, 100'000);
  std::filesystem::remove_all(directory);
}
