// SPDX-License-Identifier: Apache-2.0
#include "runtime/flight_recorder/mapped_flight_recorder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class FlightRecorderTest : public testing::Test {
 protected:
  FlightRecorderTest() {
    auto pattern = (std::filesystem::temp_directory_path() / "flight-recorder-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
    directory = pattern;
  }
  ~FlightRecorderTest() override { std::filesystem::remove_all(directory); }

  std::filesystem::path directory;
  std::vector<std::string> notices;

  [[nodiscard]] std::filesystem::path file() const { return directory / "flight.recorder"; }

  std::unique_ptr<MappedFlightRecorder> make(const std::string& boot = "this-boot") {
    return std::make_unique<MappedFlightRecorder>(
        directory, [this](const std::string& text) { notices.push_back(text); }, boot);
  }

  /// A process that has a recorder, does as it is told with it, and dies of `signal`.
  template <class Life>
  void live_and_die(int signal, Life life, const std::string& boot = "this-boot") {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::signal(signal, SIG_DFL);
      const auto recorder = make(boot);
      life(*recorder);
      kill(getpid(), signal);
      for (;;) pause();
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_EQ(WTERMSIG(status), signal);
  }

  void write_file(const std::string& bytes) const { std::ofstream(file(), std::ios::binary) << bytes; }
  [[nodiscard]] std::string read_file() const {
    std::ostringstream text;
    text << std::ifstream(file(), std::ios::binary).rdbuf();
    return text.str();
  }
};

AdapterStay stay_of(std::uint64_t sequence) {
  return {.sequence = sequence, .execution = "e-1", .action = "default", .adapter = "crm 1.0.0"};
}

void enter(FlightRecorder& recorder, std::uint64_t sequence) { (void)recorder.enter(stay_of(sequence)); }

TEST_F(FlightRecorderTest, KnowsNothingBeforeTheFirstProcess) {
  const auto recorder = make();
  EXPECT_FALSE(recorder->last().known);
  EXPECT_THAT(notices, IsEmpty());
}

TEST_F(FlightRecorderTest, IsReadableForItsOwnerOnly) {
  const auto recorder = make();
  struct stat status {};
  ASSERT_EQ(stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(FlightRecorderTest, TellsWhichExecutionsAKilledProcessHadInAdapterCode) {
  constexpr std::uint64_t great = 0xffff'ffff'ffff'fff0U;
  for (const int signal : {SIGKILL, SIGSEGV, SIGABRT}) {
    live_and_die(signal, [](FlightRecorder& recorder) {
      enter(recorder, 17);
      const FlightRecorder::AtWork left(recorder, stay_of(18));
      enter(recorder, great);
    });
    const auto recorder = make();
    EXPECT_TRUE(recorder->last().known);
    EXPECT_TRUE(recorder->last().same_boot);
    EXPECT_FALSE(recorder->last().orderly);
    EXPECT_THAT(recorder->last().in_adapter_code, UnorderedElementsAre(17, great));
  }
}

TEST_F(FlightRecorderTest, BeginsAnewEachTime) {
  live_and_die(SIGKILL, [](FlightRecorder& recorder) { enter(recorder, 17); });
  live_and_die(SIGKILL, [](FlightRecorder&) {});
  const auto recorder = make();
  EXPECT_TRUE(recorder->last().known);
  EXPECT_FALSE(recorder->last().orderly);
  EXPECT_THAT(recorder->last().in_adapter_code, IsEmpty());
}

TEST_F(FlightRecorderTest, AnObjectThatIsDestroyedHasEndedOrderly) {
  enter(*make(), 17);
  const auto recorder = make();
  EXPECT_TRUE(recorder->last().known);
  EXPECT_TRUE(recorder->last().orderly);
}

TEST_F(FlightRecorderTest, WhatComesAfterAnOrderlyEndIsNoDeath) {
  live_and_die(SIGKILL, [](MappedFlightRecorder& recorder) {
    enter(recorder, 17);
    recorder.end_orderly();
    enter(recorder, 18);
  });
  EXPECT_TRUE(make()->last().orderly);
}

TEST_F(FlightRecorderTest, TellsThatTheMachineWasStartedAnew) {
  live_and_die(
      SIGKILL, [](FlightRecorder& recorder) { enter(recorder, 17); }, "an-earlier-boot");
  const auto recorder = make("this-boot");
  EXPECT_TRUE(recorder->last().known);
  EXPECT_FALSE(recorder->last().same_boot);
}

TEST_F(FlightRecorderTest, TakesABootThatHasNoIdForAnotherOne) {
  live_and_die(
      SIGKILL, [](FlightRecorder&) {}, "");
  EXPECT_FALSE(make("")->last().same_boot);
}

TEST_F(FlightRecorderTest, KnowsTheBootOfThisMachine) {
  if (!std::filesystem::exists("/proc/sys/kernel/random/boot_id")) GTEST_SKIP() << "no /proc here";
  EXPECT_EQ(MappedFlightRecorder::this_boot().size(), 36U);
  EXPECT_EQ(MappedFlightRecorder::this_boot(), MappedFlightRecorder::this_boot());
}

TEST_F(FlightRecorderTest, ComparesNoMoreOfABootIdThanItKeeps) {
  const std::string long_id(200, 'b');
  live_and_die(
      SIGKILL, [](FlightRecorder&) {}, long_id);
  EXPECT_TRUE(make(long_id)->last().same_boot);
}

TEST_F(FlightRecorderTest, TakesAFileThatIsCutAnywhereForNone) {
  live_and_die(SIGKILL, [](FlightRecorder& recorder) { enter(recorder, 17); });
  const auto whole = read_file();
  for (std::size_t size = 0; size < whole.size(); size += size < 80 ? 1 : 61) {
    write_file(whole.substr(0, size));
    ASSERT_FALSE(make()->last().known) << size;
  }
  write_file(whole);
  EXPECT_TRUE(make()->last().known);
  write_file(whole + "more, of a later version that kept the number");
  EXPECT_TRUE(make()->last().known);
}

TEST_F(FlightRecorderTest, TakesAForeignFileForNone) {
  write_file(std::string(100'000, 'x'));
  EXPECT_FALSE(make()->last().known);
  EXPECT_THAT(notices, IsEmpty());
  EXPECT_TRUE(make()->last().known);
}

TEST_F(FlightRecorderTest, SurvivesAnyDamagedBit) {
  live_and_die(SIGKILL, [](FlightRecorder& recorder) { enter(recorder, 17); });
  const auto whole = read_file();
  int known = 0;
  for (std::size_t bit = 0; bit < 64 * 8; ++bit) {
    auto damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    write_file(damaged);
    const auto recorder = make();
    known += recorder->last().known ? 1 : 0;
    ASSERT_FALSE(recorder->last().orderly) << bit;
    enter(*recorder, 1);
    EXPECT_EQ(recorder->busy(MonotonicTime::clock::now() + 1h, 1min).size(), 1U);
  }
  // Only what belongs to the boot's id may be another without being noticed.
  EXPECT_EQ(known, 48 * 8);
}

TEST_F(FlightRecorderTest, WorksWithoutAFile) {
  directory /= "absent";
  const auto recorder = make();
  EXPECT_FALSE(recorder->last().known);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_THAT(notices[0], HasSubstr("No such file or directory"));
  enter(*recorder, 17);
  EXPECT_EQ(recorder->busy(MonotonicTime::clock::now() + 1h, 1min).size(), 1U);
}

TEST_F(FlightRecorderTest, WorksWithoutAFileWhereSomethingElseHasItsName) {
  std::filesystem::create_directory(file());
  EXPECT_FALSE(make()->last().known);
  std::filesystem::remove(file());
  std::filesystem::create_symlink("/dev/null", file());
  EXPECT_FALSE(make()->last().known);
  std::filesystem::remove(file());
  ASSERT_EQ(mkfifo(file().c_str(), 0600), 0);
  EXPECT_FALSE(make()->last().known);
  EXPECT_EQ(notices.size(), 3U);
}

TEST_F(FlightRecorderTest, WorksWithoutAFileWhereThereIsNoRoomForIt) {
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit none{.rlim_cur = 100, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &none), 0);
  const auto recorder = make();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(notices.size(), 1U);
  enter(*recorder, 17);
  EXPECT_EQ(recorder->busy(MonotonicTime::clock::now() + 1h, 1min).size(), 1U);
}

TEST_F(FlightRecorderTest, LeavesTheFileOfALivingProcessAlone) {
  const auto owner = make();
  enter(*owner, 17);
  const auto before = read_file();
  {
    const auto other = make();
    EXPECT_FALSE(other->last().known);
    ASSERT_EQ(notices.size(), 1U);
    enter(*other, 18);
    other->end_orderly();
  }
  EXPECT_EQ(read_file(), before);
}

TEST_F(FlightRecorderTest, NamesWhoHasBeenInAdapterCodeForLong) {
  const auto recorder = make();
  const auto now = MonotonicTime::clock::now();
  enter(*recorder, 17);
  const auto left = recorder->enter(stay_of(18));
  EXPECT_THAT(recorder->busy(now + 4s, 5s), IsEmpty());
  recorder->leave(left);
  const auto busy = recorder->busy(now + 10s, 5s);
  ASSERT_EQ(busy.size(), 1U);
  EXPECT_EQ(busy[0].sequence, 17U);
  EXPECT_GT(busy[0].lasts, 5s);
  EXPECT_LE(busy[0].lasts, 11s);
}

TEST_F(FlightRecorderTest, NamesActionAdapterAndExecutionAsFarAsThereIsRoom) {
  const auto recorder = make();
  for (const auto& action : {std::string("crm"), std::string(64, 'x'), std::string()}) {
    const FlightRecorder::AtWork stay(
        *recorder, {.sequence = 17, .execution = action + action, .action = action, .adapter = action});
    const auto busy = recorder->busy(MonotonicTime::clock::now() + 1h, 1min);
    ASSERT_EQ(busy.size(), 1U);
    EXPECT_EQ(busy[0].action, action.substr(0, 40));
    EXPECT_EQ(busy[0].adapter, action.substr(0, 48));
    EXPECT_EQ(busy[0].execution, (action + action).substr(0, 72));
  }
}

TEST_F(FlightRecorderTest, NamesTheLongestStayFirst) {
  const auto recorder = make();
  enter(*recorder, 1);
  // The clock of a stay ticks every few milliseconds.
  while (recorder->busy(MonotonicTime::clock::now(), 20ms).empty()) std::this_thread::yield();
  enter(*recorder, 2);
  const auto busy = recorder->busy(MonotonicTime::clock::now() + 1h, 1min);
  ASSERT_EQ(busy.size(), 2U);
  EXPECT_EQ(busy[0].sequence, 1U);
}

TEST_F(FlightRecorderTest, GoesOnWithoutNotingWhenAllPlacesAreTaken) {
  const auto recorder = make();
  std::set<std::size_t> places;
  for (std::uint64_t n = 1; n <= 64; ++n) places.insert(recorder->enter(stay_of(n)));
  EXPECT_EQ(places.size(), 64U);
  const auto none = recorder->enter(stay_of(65));
  EXPECT_FALSE(places.contains(none));
  recorder->leave(none);
  EXPECT_EQ(recorder->busy(MonotonicTime::clock::now() + 1h, 1min).size(), 64U);
  for (const auto place : places) recorder->leave(place);
  EXPECT_THAT(recorder->busy(MonotonicTime::clock::now() + 1h, 1min), IsEmpty());
}

TEST_F(FlightRecorderTest, KeepsPlacesForWorkThatMayBlockApart) {
  const auto recorder = make();
  auto work = stay_of(1000);
  work.may_block = true;
  for (; work.sequence < 1064; ++work.sequence) (void)recorder->enter(work);
  EXPECT_THAT(recorder->busy(MonotonicTime::clock::now() + 1h, 1min), IsEmpty()) << "it may";
  enter(*recorder, 17);
  EXPECT_EQ(recorder->busy(MonotonicTime::clock::now() + 1h, 1min).size(), 1U) << "there is room for the others";
}

TEST_F(FlightRecorderTest, DoesNotTakeForSuspectWhatMayBlock) {
  live_and_die(SIGKILL, [](FlightRecorder& recorder) {
    auto work = stay_of(18);
    work.may_block = true;
    (void)recorder.enter(work);
    enter(recorder, 17);
  });
  EXPECT_THAT(make()->last().in_adapter_code, UnorderedElementsAre(17));
}

TEST_F(FlightRecorderTest, TellsWhoWasSeenToEndTheProcess) {
  live_and_die(SIGKILL, [](MappedFlightRecorder& recorder) {
    auto work = stay_of(18);
    work.may_block = true;
    (void)recorder.enter(work);
    enter(recorder, 17);
    enter(recorder, 19);
    for (const std::uint64_t sequence : {17, 18, 20}) recorder.blame(sequence);
  });
  EXPECT_THAT(make()->last().culprits, UnorderedElementsAre(17, 18));
  EXPECT_THAT(make()->last().culprits, IsEmpty()) << "once";
}

TEST_F(FlightRecorderTest, KnowsTheStayOfAThread) {
  const auto recorder = make();
  EXPECT_EQ(MappedFlightRecorder::last_stay_of_this_thread(true).sequence, 0U);
  {
    const FlightRecorder::AtWork stay(*recorder, stay_of(17));
    std::thread([] { EXPECT_EQ(MappedFlightRecorder::last_stay_of_this_thread(true).sequence, 0U); }).join();
    const auto last = MappedFlightRecorder::last_stay_of_this_thread(false);
    EXPECT_EQ(last.sequence, 17U);
    EXPECT_STREQ(last.execution.data(), "e-1");
    EXPECT_STREQ(last.action.data(), "default");
    EXPECT_STREQ(last.adapter.data(), "crm 1.0.0");
  }
  EXPECT_EQ(MappedFlightRecorder::last_stay_of_this_thread(true).sequence, 0U);
}

TEST_F(FlightRecorderTest, NeverNotesTheNumberOfNoExecution) {
  const auto recorder = make();
  const auto place = recorder->enter(stay_of(0));
  enter(*recorder, 17);
  recorder->leave(place);
  EXPECT_EQ(recorder->busy(MonotonicTime::clock::now() + 1h, 1min).size(), 1U);
}

TEST_F(FlightRecorderTest, GivesEachThreadItsOwnPlace) {
  const auto recorder = make();
  std::array<std::atomic<int>, 129> holders{};
  std::atomic<bool> shared = false;
  std::vector<std::thread> threads;
  for (std::uint64_t n = 1; n <= 8; ++n)
    threads.emplace_back([&, n] {
      for (int i = 0; i < 20000; ++i) {
        const auto place = recorder->enter(stay_of(n));
        if (holders.at(place).fetch_add(1) != 0) shared = true;
        holders.at(place).fetch_sub(1);
        recorder->leave(place);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_FALSE(shared);
  EXPECT_THAT(recorder->busy(MonotonicTime::clock::now() + 1h, 1min), IsEmpty());
}

}  // namespace
}  // namespace fulfilld
