// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>
#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

/// A real PostgreSQL, in a temporary directory, reached by a Unix socket there. Started when it is first asked for,
/// gone with the test program, however that ends. Role `fulfilld` may do everything without a password, role `guarded`
/// nothing, and has the password `kGuardedPassword`.
class PostgresServer {
 public:
  static constexpr const char* kGuardedPassword = "correct horse";

  /// The one of this program.
  static PostgresServer& instance();

  ~PostgresServer();

  /// As libpq calls it: the directory of its socket.
  [[nodiscard]] std::string host() const { return directory_.string(); }
  /// For the setting `connection`.
  [[nodiscard]] std::string connection(const std::string& user = "fulfilld") const;

  /// Stops it as an administrator would, which ends all sessions, and starts it again.
  void restart();

  /// Carries out a statement in a session of the test's own; the first column of the first row, or "".
  std::string query(const std::string& sql);
  /// Returns once that query gives `true`.
  void wait_for(const std::string& condition);

  /// Signals the process of the server's session that executes such a statement.
  void signal_session(const std::string& statement_pattern, int signal);
  /// Signals the process that takes new connections.
  void signal_listener(int signal) const;

 private:
  PostgresServer();
  void start();
  void stop(int signal);
  [[nodiscard]] pid_t spawn(const std::vector<std::string>& command, int output) const;

  std::filesystem::path directory_;
  std::filesystem::path programs_;
  uid_t owner_;
  gid_t group_;
  pid_t server_ = 0;
  std::string log_;
  std::thread log_reader_;
  std::unique_ptr<PGconn, void (*)(PGconn*)> session_{nullptr, PQfinish};
};
