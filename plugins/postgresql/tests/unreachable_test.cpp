// SPDX-License-Identifier: Apache-2.0
// Servers that are not there, or not well.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
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

  /// Answers the first bytes of one client, which it gives, with these, and hangs up.
  std::string answer_once(std::string_view bytes) {
    const int client = ::accept(socket_, nullptr, nullptr);
    char buffer[1024];
    const auto size = ::read(client, buffer, sizeof buffer);
    EXPECT_GT(size, 0);
    EXPECT_EQ(::write(client, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    ::close(client);
    return std::string(buffer, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  }
  [[nodiscard]] std::string place() const { return directory_ + ":5432/d"; }
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
  EXPECT_EQ(outcome.message(),
            "connection to server at \"127.0.0.1\", port 1 failed: Connection refused "
            "(127.0.0.1:1/d)");
  EXPECT_EQ(bench.work_attempts(), 3U) << "nothing was done";
}

TEST_F(AServer, ThatNeverAnswersIsGivenUpAfterTheConnectTimeout) {
  bench.setting("connect_timeout", "50ms");
  const auto outcome = run(listener.connection());
  EXPECT_EQ(outcome.code(), "backend_unreachable");
  EXPECT_EQ(outcome.message(), "there was no connection to " + listener.place() + " within connect_timeout");
  EXPECT_EQ(bench.work_attempts(), 3U);
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
    bench.attempts(1);
    EXPECT_EQ(run(listener.connection()).code(), "backend_unreachable");
  }
}

TEST_F(AServer, ThatRepeatsThePasswordDoesNotSpreadIt) {
  std::jthread server(
      [&] { listener.answer_once(std::string_view("E\0\0\0\x2cSFATAL\0VFATAL\0C28000\0Mno: hunter2 here\0\0", 45)); });
  const auto outcome = run(listener.connection());
  EXPECT_EQ(outcome.code(), "login_refused");
  EXPECT_EQ(outcome.message(), "SQLSTATE 28000: no: *** here (" + listener.place() + ")");
  EXPECT_EQ(bench.work_attempts(), 1U) << "another attempt would end as this one";
}

/// An ErrorResponse at the login, as PgBouncer 1.18 sends it: without the field V.
std::string fatal(const std::string& state, const std::string& message) {
  const std::string fields =
      "SFATAL" + std::string(1, '\0') + "C" + state + std::string(1, '\0') + "M" + message + std::string(2, '\0');
  return std::string("E\0\0\0", 4) + static_cast<char>(fields.size() + 4) + fields;
}

TEST_F(AServer, ThatIsFullOrAwayIsTriedAgainWhoeverSaysSo) {
  using State = std::pair<const char*, const char*>;
  for (const auto& [state, message] :
       {State("53300", "sorry, too many clients already"), State("57P03", "the database system is starting up"),
        State("57P01", "terminating connection due to administrator command"),
        State("08P01", "pgbouncer cannot connect to server"), State("08P01", "query_wait_timeout"),
        State("08P01", "no more connections allowed (max_client_conn)"),
        State("08P01", "server login has been failing, try again later (server_login_retry)")}) {
    std::jthread server([&, words = fatal(state, message)] {
      for (int i = 0; i < 3; ++i) listener.answer_once(words);
    });
    const auto outcome = run(listener.connection());
    EXPECT_EQ(outcome.code(), "backend_unreachable") << message;
    EXPECT_EQ(outcome.message(), std::string("SQLSTATE ") + state + ": " + message + " (" + listener.place() + ")");
    EXPECT_EQ(bench.work_attempts(), 3U) << message;
  }
}

TEST_F(AServer, ThatHangsUpAtOnceIsTriedAgain) {
  std::jthread server([&] {
    for (int i = 0; i < 3; ++i) listener.answer_once("");
  });
  const auto outcome = run(listener.connection());
  EXPECT_EQ(outcome.code(), "backend_unreachable");
  EXPECT_EQ(bench.work_attempts(), 3U) << outcome.message();
}

TEST_F(AServer, ThatWillNeverTakeUsIsNotTriedAgain) {
  for (const char* message : {"unsupported startup parameter: options", "no such database: d"}) {
    std::jthread server([&, words = fatal("08P01", message)] { listener.answer_once(words); });
    EXPECT_EQ(run(listener.connection()).code(), "backend_unreachable");
    EXPECT_EQ(bench.work_attempts(), 1U) << message;
  }
}

TEST_F(AServer, IsToldNoOptionsThatCanBeSetInATransaction) {
  std::string said;
  {
    std::jthread server([&] { said = listener.answer_once(fatal("28000", "no")); });
    (void)run(listener.connection() + " options='-c TimeZone=UTC --search-path=crm,public'");
  }
  EXPECT_EQ(said.find("options"), std::string::npos);
  EXPECT_NE(said.find("application_name"), std::string::npos);
  {
    std::jthread server([&] { said = listener.answer_once(fatal("08P01", "unsupported startup parameter: options")); });
    const auto outcome = run(listener.connection() + " options='-c default_transaction_isolation=serializable'");
    EXPECT_NE(outcome.message().find("; use the setting \"set\" instead"), std::string::npos) << outcome.message();
  }
  EXPECT_NE(said.find("options"), std::string::npos) << "this cannot be set in a transaction";
}

}  // namespace
