// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <random>
#include <set>
#include <thread>

#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {
namespace {

/// Goes to the pipe in one piece, once the journal has answered.
struct Acknowledged {
  enum class Kind : std::uint32_t { accepted, decided } kind;
  std::uint32_t number;
};

/// Reports outcomes to the pipe as soon as the journal says that they are durable.
class PipeEvents final : public JournalEvents {
 public:
  explicit PipeEvents(int pipe) : pipe_(pipe) {}
  void accepted(std::vector<ExecutionPtr>) override {}
  void decided(std::vector<Delivery> deliveries) override {
    for (const auto& delivery : deliveries)
      tell({Acknowledged::Kind::decided, static_cast<std::uint32_t>(std::stoul(delivery.execution->id))});
  }
  void tell(Acknowledged what) const {
    if (write(pipe_, &what, sizeof(what)) != sizeof(what)) _exit(1);
  }

 private:
  int pipe_;
};

[[noreturn]] void live_until_killed(const SqliteJournalOptions& options, int pipe, std::uint32_t from) {
  PipeEvents events(pipe);
  SqliteJournal journal(options, events);
  journal.recover({}, [](std::vector<Unfinished>) {});
  journal.start();
  std::atomic<std::uint32_t> next{from};
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i)
    threads.emplace_back([&] {
      for (;;) {
        const auto number = next++;
        const auto execution = make_execution(std::to_string(number));
        if (journal.accept(execution).status != Status::accepted) _exit(2);
        events.tell({Acknowledged::Kind::accepted, number});
        if (number % 2 == 0) journal.decide(execution, completed());
        if (number % 4 == 0) journal.end(execution, {});
      }
    });
  for (auto& thread : threads) thread.join();
  _exit(3);
}

TEST(Kill, LosesNothingThatWasAcknowledged) {
  ScratchDirectory directory;
  SqliteJournalOptions options;
  options.directory = directory.path() / "journal";
  options.partition_rows = 300;  // so that kills also hit a roll and a sealing
  std::set<std::uint32_t> accepted;
  std::set<std::uint32_t> decided;
  std::mt19937 chance(3);
  std::uint32_t next = 0;
  for (int kill_number = 0; kill_number < 8; ++kill_number) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      live_until_killed(options, ends[1], next);
    }
    close(ends[1]);
    Acknowledged what{};
    const unsigned enough = 100 + chance() % 500;
    for (unsigned count = 0; read(ends[0], &what, sizeof(what)) == sizeof(what); ++count) {
      (what.kind == Acknowledged::Kind::accepted ? accepted : decided).insert(what.number);
      next = std::max(next, what.number + 1000);
      if (count == enough) kill(child, SIGKILL);
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);

    RecordedEvents events;
    SqliteJournal journal(options, events);
    std::map<std::uint32_t, bool> unfinished;
    journal.recover({}, [&](std::vector<Unfinished> slice) {
      for (const auto& one : slice) unfinished[std::stoul(one.execution->id)] = one.outcome != nullptr;
    });
    journal.start();
    for (const auto number : accepted)
      ASSERT_EQ(journal.accept(make_execution(std::to_string(number))).status, Status::repeated) << number;
    for (const auto number : accepted)
      ASSERT_TRUE(number % 4 == 0 || unfinished.count(number) == 1) << number << " was not to be ended";
    for (const auto number : decided)
      ASSERT_TRUE(unfinished.count(number) == 0 || unfinished[number]) << number << " has lost its outcome";
  }
  EXPECT_GT(accepted.size(), 500U);
  EXPECT_GT(decided.size(), 100U);
}

}  // namespace
}  // namespace fulfilld::testing
