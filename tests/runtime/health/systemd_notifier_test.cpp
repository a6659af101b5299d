// SPDX-License-Identifier: Apache-2.0
#include "runtime/health/systemd_notifier.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "tests/actors/doubles/virtual_time.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using test::start;

/// The receiving end, as systemd has it.
class SystemdNotifierTest : public testing::Test {
 protected:
  SystemdNotifierTest() {
    auto pattern = (std::filesystem::temp_directory_path() / "notify-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
    directory_ = pattern;
    const auto path = (directory_ / "socket").string();
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("cannot bind " + path);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
  }
  ~SystemdNotifierTest() override {
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    close(socket_);
    std::filesystem::remove_all(directory_);
  }

  /// What has come, or "nothing": a datagram is there as soon as it is sent.
  [[nodiscard]] std::string received() const {
    std::array<char, 4096> buffer{};
    const auto size = recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(buffer.data(), static_cast<std::size_t>(size));
  }

 private:
  std::filesystem::path directory_;
  int socket_ = -1;
};

TEST_F(SystemdNotifierTest, TellsThatItIsReadyAndThatItStops) {
  SystemdNotifier systemd;
  EXPECT_EQ(received(), "nothing");
  systemd.ready("listening on port 3000");
  EXPECT_EQ(received(), "READY=1\nSTATUS=listening on port 3000");
  systemd.stopping("7 executions may end");
  EXPECT_EQ(received(), "STOPPING=1\nSTATUS=7 executions may end");
}

TEST_F(SystemdNotifierTest, TellsWhenItReloads) {
  SystemdNotifier systemd;
  systemd.reloading(start);
  EXPECT_EQ(received(), "RELOADING=1\nMONOTONIC_USEC=3600000000");
}

TEST_F(SystemdNotifierTest, FeedsTheWatchdogAtHalfItsTime) {
  setenv("WATCHDOG_USEC", "30000000", 1);
  SystemdNotifier systemd;
  systemd.alive(start);
  EXPECT_EQ(received(), "WATCHDOG=1");
  systemd.alive(start + 14'999ms);
  EXPECT_EQ(received(), "nothing");
  systemd.alive(start + 15s);
  EXPECT_EQ(received(), "WATCHDOG=1");
  systemd.alive(start + 29s);
  EXPECT_EQ(received(), "nothing");
}

TEST_F(SystemdNotifierTest, IsInTimeWhenItIsCalledAsOftenAsItAsks) {
  setenv("WATCHDOG_USEC", "1000000", 1);
  SystemdNotifier systemd;
  ASSERT_TRUE(systemd.interval());
  auto last = start;
  for (auto now = start; now < start + 1min; now += *systemd.interval() - 1ms) {
    systemd.alive(now);
    if (received() != "nothing") last = now;
    ASSERT_LT(now - last, 1s);
  }
}

TEST_F(SystemdNotifierTest, HasNoWatchdogUnlessTheUnitHasOne) {
  SystemdNotifier systemd;
  EXPECT_FALSE(systemd.interval());
  systemd.alive(start);
  EXPECT_EQ(received(), "nothing");
}

TEST_F(SystemdNotifierTest, LeavesTheWatchdogOfAnotherProcessAlone) {
  setenv("WATCHDOG_USEC", "1000000", 1);
  setenv("WATCHDOG_PID", "1", 1);
  EXPECT_FALSE(SystemdNotifier().interval());
}

TEST_F(SystemdNotifierTest, TakesNonsenseForNoWatchdog) {
  for (const auto* nonsense : {"", "x", "-5", "0"}) {
    setenv("WATCHDOG_USEC", nonsense, 1);
    EXPECT_FALSE(SystemdNotifier().interval()) << nonsense;
  }
}

TEST_F(SystemdNotifierTest, DoesNothingWithoutSystemd) {
  unsetenv("NOTIFY_SOCKET");
  SystemdNotifier systemd;
  systemd.ready("ready");
  systemd.alive(start);
  systemd.stopping("stopping");
  EXPECT_EQ(received(), "nothing");
}

TEST_F(SystemdNotifierTest, SurvivesThatSystemdDoesNotListen) {
  setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
  SystemdNotifier systemd;
  systemd.ready("ready");
  EXPECT_EQ(received(), "nothing");
}

}  // namespace
}  // namespace fulfilld
