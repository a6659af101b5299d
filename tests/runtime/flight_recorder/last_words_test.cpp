// SPDX-License-Identifier: Apache-2.0
// A process that dies of itself says so first; each in a process of its own.
#include "runtime/flight_recorder/last_words.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>

#include "runtime/flight_recorder/mapped_flight_recorder.hpp"

namespace fulfilld {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

struct Death {
  int status = 0;  ///< as of waitpid
  std::string line;
};

class LastWordsTest : public testing::Test {
 protected:
  LastWordsTest() {
    auto pattern = (std::filesystem::temp_directory_path() / "last-words-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
    directory_ = pattern;
  }
  ~LastWordsTest() override { std::filesystem::remove_all(directory_); }

  /// What a process says that speaks last words and then does that, and how it ends.
  template <class Life>
  Death death_of(Life life, LastLine::Form form = LastLine::Form::json) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const pid_t child = fork();
    if (child == 0) {
      for (const int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) ::signal(number, SIG_DFL);
      speak_last_words(ends[1], form);
      const auto recorder = make();
      life(*recorder);
      _exit(100);
    }
    close(ends[1]);
    Death death;
    std::array<char, 4096> bytes{};
    for (ssize_t got = 0; (got = read(ends[0], bytes.data(), bytes.size())) > 0;)
      death.line.append(bytes.data(), static_cast<std::size_t>(got));
    close(ends[0]);
    waitpid(child, &death.status, 0);
    return death;
  }

  std::unique_ptr<MappedFlightRecorder> make() {
    return std::make_unique<MappedFlightRecorder>(
        directory_, [](const std::string&) {}, "this-boot");
  }

 private:
  std::filesystem::path directory_;
};

constexpr AdapterStay at_work{.sequence = 17, .execution = "e-1", .action = "crm", .adapter = "lookup 1.2.0"};

[[gnu::noinline]] int fault() {
  volatile int* volatile nowhere = nullptr;
  return *nowhere;
}

// Not a loop, whatever the optimiser thinks.
[[gnu::noinline]] int recurse(int depth) {
  volatile int large[1024] = {};
  large[depth % 1024] = depth;
  return depth < 0 ? 0 : recurse(depth + 1) + large[0];
}

void throw_where_nothing_may_be_thrown() noexcept {
  const auto thrown = [] { throw std::runtime_error("a secret"); };
  thrown();
}

TEST_F(LastWordsTest, NameAdapterExecutionAndSignal) {
  const auto death = death_of([](FlightRecorder& recorder) {
    const FlightRecorder::AtWork stay(recorder, at_work);
    static_cast<void>(fault());
  });
  ASSERT_TRUE(WIFSIGNALED(death.status));
  EXPECT_EQ(WTERMSIG(death.status), SIGSEGV) << "as without last words";
  EXPECT_THAT(death.line, MatchesRegex(R"(\{"ts":"20[0-9-]+T[0-9:.]+Z","level":"error","event":"crashed",)"
                                       R"("signal":"SIGSEGV","execution":"e-1","action":"crm",)"
                                       R"("adapter":"lookup 1\.2\.0","sequence":17\}.)"));
  EXPECT_THAT(make()->last().culprits, testing::ElementsAre(17U));
}

TEST_F(LastWordsTest, NameTheThreadThatDiedAndNoOther) {
  const auto death = death_of([](FlightRecorder& recorder) {
    (void)recorder.enter({.sequence = 18, .execution = "e-2"});
    std::thread([&] {
      const FlightRecorder::AtWork stay(recorder, at_work);
      static_cast<void>(fault());
    }).join();
  });
  EXPECT_THAT(death.line, HasSubstr("\"execution\":\"e-1\""));
  EXPECT_THAT(make()->last().culprits, testing::ElementsAre(17U));
}

TEST_F(LastWordsTest, AreSpokenOutsideOfAdaptersToo) {
  const auto death = death_of([](FlightRecorder&) { std::abort(); });
  EXPECT_EQ(WTERMSIG(death.status), SIGABRT);
  EXPECT_THAT(death.line, HasSubstr(R"("signal":"SIGABRT","thread":")"));
  EXPECT_THAT(make()->last().culprits, testing::IsEmpty());
}

TEST_F(LastWordsTest, AreReadableAsText) {
  const auto death = death_of(
      [](FlightRecorder& recorder) {
        const FlightRecorder::AtWork stay(recorder, at_work);
        std::abort();
      },
      LastLine::Form::text);
  EXPECT_THAT(death.line, MatchesRegex(R"(20[0-9-]+T[0-9:.]+Z error   crashed signal="SIGABRT" execution="e-1" .*)"));
}

TEST_F(LastWordsTest, TellOfAStackThatHasOverflown) {
  const auto death = death_of([](FlightRecorder& recorder) {
    std::thread([&] {
      const FlightRecorder::AtWork stay(recorder, at_work);
      static_cast<void>(recurse(1));
    }).join();
  });
  EXPECT_EQ(WTERMSIG(death.status), SIGSEGV);
  EXPECT_THAT(death.line, HasSubstr("\"execution\":\"e-1\""));
  EXPECT_THAT(death.line, HasSubstr("the stack has overflown"));
}

TEST_F(LastWordsTest, TellOfTerminateTheTypeOfTheExceptionButNotWhatItSays) {
  const auto death = death_of([](FlightRecorder& recorder) {
    const FlightRecorder::AtWork stay(recorder, at_work);
    throw_where_nothing_may_be_thrown();
  });
  EXPECT_EQ(WTERMSIG(death.status), SIGABRT);
  EXPECT_THAT(death.line, HasSubstr("std::terminate after an exception of type std::runtime_error"));
  EXPECT_THAT(death.line, Not(HasSubstr("a secret")));
}

TEST_F(LastWordsTest, TellOfAnAdapterThatCallsExit) {
  const auto death = death_of([](FlightRecorder& recorder) {
    (void)recorder.enter(at_work);
    std::exit(3);
  });
  ASSERT_TRUE(WIFEXITED(death.status));
  EXPECT_EQ(WEXITSTATUS(death.status), 3);
  EXPECT_THAT(death.line, HasSubstr("\"execution\":\"e-1\""));
  EXPECT_THAT(death.line, HasSubstr("exit()"));
}

TEST_F(LastWordsTest, LayASignalFromOutsideToNobody) {
  const auto death = death_of([](FlightRecorder& recorder) {
    (void)recorder.enter(at_work);
    const pid_t parent = getpid();
    if (fork() == 0) {
      kill(parent, SIGABRT);
      _exit(0);
    }
    for (;;) pause();
  });
  EXPECT_EQ(WTERMSIG(death.status), SIGABRT);
  EXPECT_THAT(death.line, HasSubstr("\"sent_by_process\":"));
  const auto last = make()->last();
  EXPECT_THAT(last.culprits, testing::IsEmpty());
  EXPECT_THAT(last.in_adapter_code, testing::ElementsAre(17U)) << "as for any death that nobody explains";
}

TEST_F(LastWordsTest, DoNotWaitForAReaderThatStalls) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
  const std::string filling(4096, 'x');
  while (write(ends[1], filling.data(), filling.size()) > 0) continue;
  fcntl(ends[1], F_SETFL, 0);
  const pid_t child = fork();
  if (child == 0) {
    ::signal(SIGABRT, SIG_DFL);
    speak_last_words(ends[1], LastLine::Form::json);
    std::abort();
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
  for (const int end : ends) close(end);
}

TEST(LastLine, IsOneLineWhateverItHolds) {
  LastLine line(LastLine::Form::json, "crashed");
  line.field("execution", "a\"b\\c\nd\x01\xff");
  line.field("nothing", "");
  line.number("sequence", 0);
  EXPECT_THAT(std::string(line.end()), MatchesRegex(R"(.*"execution":"a\?b\?c\?d\?\?","sequence":0\}.)"));
}

}  // namespace
}  // namespace fulfilld
