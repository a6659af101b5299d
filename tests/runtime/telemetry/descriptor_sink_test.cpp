// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/descriptor_sink.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spdlog/pattern_formatter.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe(ends_.data()), 0); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_reader();
    close(ends_[1]);
  }
  [[nodiscard]] int writer() const { return ends_[1]; }
  void close_reader() {
    if (ends_[0] >= 0) close(ends_[0]);
    ends_[0] = -1;
  }
  // All that is in the pipe now.
  [[nodiscard]] std::string drain() const {
    fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    std::string text;
    std::array<char, 65536> buffer{};
    for (ssize_t count = 0; (count = read(ends_[0], buffer.data(), buffer.size())) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(count));
    return text;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

std::unique_ptr<DescriptorSink> sink_to(int descriptor, bool colour = false) {
  auto sink = std::make_unique<DescriptorSink>(descriptor, LogFormat::text, colour, 10ms);
  sink->set_formatter(std::make_unique<spdlog::pattern_formatter>("%^%l%$ %v"));
  return sink;
}

void log(DescriptorSink& sink, std::string_view text) {
  sink.log({spdlog::source_loc{}, "", spdlog::level::info, spdlog::string_view_t(text.data(), text.size())});
}

TEST(DescriptorSink, WritesEachLineAtOnce) {
  const Pipe pipe;
  const auto sink = sink_to(pipe.writer());
  log(*sink, "one");
  EXPECT_EQ(pipe.drain(), "info one\n");
  log(*sink, "two");
  EXPECT_EQ(pipe.drain(), "info two\n");
}

TEST(DescriptorSink, ColoursTheLevelWhereAsked) {
  const Pipe pipe;
  log(*sink_to(pipe.writer(), /*colour=*/true), "one");
  EXPECT_EQ(pipe.drain(), "\033[32minfo\033[0m one\n");
}

TEST(DescriptorSink, DropsLinesForAStalledReaderAndTellsHowMany) {
  const Pipe pipe;
  const auto sink = sink_to(pipe.writer());
  // Far more than a pipe holds: without the limit this would never return.
  const std::string line(1000, 'a');
  const std::size_t sent = 2000;
  for (std::size_t i = 0; i < sent; ++i) log(*sink, line);
  const std::string before = pipe.drain();
  log(*sink, "back");
  const std::string after = pipe.drain();

  std::size_t arrived = 0;
  for (auto at = before.find("info aaa"); at != std::string::npos; at = before.find("info aaa", at + 1)) ++arrived;
  const bool last_cut = !before.ends_with('\n');
  const std::size_t whole = arrived - (last_cut ? 1 : 0);
  EXPECT_GT(whole, 0u);
  EXPECT_THAT(after, HasSubstr("log_lines_dropped count=" + std::to_string(sent - whole) + "\n"));
  EXPECT_EQ(after.starts_with('\n'), last_cut);
  EXPECT_TRUE(after.ends_with("info back\n"));
}

TEST(DescriptorSink, WritesALineLongerThanAPipeTakesAtOnce) {
  const Pipe pipe;
  const auto sink = sink_to(pipe.writer());
  const std::string line(50000, 'a');
  log(*sink, line);
  EXPECT_EQ(pipe.drain(), "info " + line + "\n");
}

TEST(DescriptorSink, EndsALineThatWasCutBeforeTheNext) {
  const Pipe pipe;
  const auto sink = sink_to(pipe.writer());
  log(*sink, std::string(1 << 20, 'a'));
  EXPECT_FALSE(pipe.drain().ends_with('\n'));
  log(*sink, "next");
  EXPECT_THAT(pipe.drain(), testing::MatchesRegex("\nwarning log_lines_dropped count=1\ninfo next\n"));
}

TEST(DescriptorSink, OutlivesItsReader) {
  signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  const auto sink = sink_to(pipe.writer());
  pipe.close_reader();
  for (int i = 0; i < 1000; ++i) log(*sink, "nobody hears");
  const auto bad = sink_to(-1);
  log(*bad, "nowhere");
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  const auto no_room = sink_to(full);
  log(*no_room, "no room");
  close(full);
}

}  // namespace
}  // namespace fulfilld
