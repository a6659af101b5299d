// SPDX-License-Identifier: Apache-2.0
// Servers that are not there, or not well.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fulfill/testing.hpp>
#include <thread>

namespace {

using namespace std::chrono_literals;
using fulfill::testing::Bench;

/// Listens where libpq looks for port 5432 of `directory()`.
class Listener {
 public:
  Listener() {
    std::string name = (std::filesystem::temp_directory_path() / "fulfilld-listener-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, (directory_ + "/.s.PGSQL.5432").c_str(), sizeof address.sun_path - 1);
    socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(socket_, 8), 0);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() {
    ::close(socket_);
    std::filesystem::remove_all(directory_);
  }

  /// Answers the first bytes of one client with these, and hangs up.
  void answer_once(std::string_view bytes) {
    const int client = ::accept(socket_, nullptr, nullptr);
    char buffer[1024];
    EXPECT_GT(::read(client, buffer, sizeof buffer), 0);
    EXPECT_EQ(::write(client, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    ::close(client);
  }
  [[nodiscard]] std::string connection() const { return "host=" + directory_ + " port=5432 user=u dbname=d"; }

 private:
  std::string directory_;
  int socket_ = -1;
};

class AServer : public testing::Test {
 protected:
  auto run(const std::string& connection) {
    bench.setting("query", "SELECT 1").setting("connection", connection).secret("password", "hunter2");
    const auto outcome = bench.run("{}");
    EXPECT_EQ(outcome.message().find("hunter2"), std::string::npos) << outcome.message();
    return outcome;
  }
  Bench bench;
  Listener listener;
};

TEST_F(AServer, ThatIsNotThereIsUnreachable) {
  const auto outcome = run("host=127.0.0.1 port=1 user=u dbname=d");
  EXPECT_EQ(outcome.code(), "backend_unreachable");
  EXPECT_EQ(outcome.message(), "connection to server at \"127.0.0.1\", port 1 failed: Connection refused");
}

TEST_F(AServer, ThatNeverAnswersIsGivenUpAfterTheConnectTimeout) {
  bench.setting("connect_timeout", "50ms");
  const auto outcome = run(listener.connection());
  EXPECT_EQ(outcome.code(), "backend_unreachable");
  EXPECT_EQ(outcome.message(), "there was no connection within connect_timeout");
}

TEST_F(AServer, ThatNeverAnswersIsGivenUpBeforeTheDeadline) {
  bench.deadline(100ms);
  EXPECT_EQ(run(listener.connection()).code(), "backend_timeout");
}

TEST_F(AServer, ThatIsNoPostgresqlIsUnreachable) {
  for (const std::string_view words :
       {std::string_view("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string_view("\0\0\0", 3),
        std::string_view("E\xff\xff\xff\xff", 5), std::string_view("R\0\0\0\x08\0\0\0\x63", 9)}) {
    std::jthread server([&] { listener.answer_once(words); });
    EXPECT_EQ(run(listener.connection()).code(), "backend_unreachable");
  }
}

TEST_F(AServer, ThatRepeatsThePasswordDoesNotSpreadIt) {
  std::jthread server(
      [&] { listener.answer_once(std::string_view("E\0\0\0\x2cSFATAL\0VFATAL\0C28000\0Mno: hunter2 here\0\0", 45)); });
  const auto outcome = run(listener.connection());
  EXPECT_EQ(outcome.code(), "login_refused");
  EXPECT_EQ(outcome.message(), "SQLSTATE 28000: no: *** here");
}

}  // namespace
