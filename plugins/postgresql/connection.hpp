// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connection_target.hpp"
#include "patience.hpp"

namespace postgresql {

/// The server says no: its SQLSTATE (PostgreSQL, appendix A) and its primary message. Detail, hint and context are left
/// out on purpose, they repeat rows.
class ServerError final : public std::exception {
 public:
  ServerError(std::string state, std::string message) : state_(std::move(state)), message_(std::move(message)) {}
  [[nodiscard]] const std::string& state() const noexcept { return state_; }
  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::string state_;
  std::string message_;
};

/// The connection is gone. What it had not committed has been, or will be, rolled back by the server.
class ConnectionBroken final : public std::exception {
 public:
  explicit ConnectionBroken(std::string message, std::string state = {})
      : state_(std::move(state)), message_(std::move(message)) {}
  /// The SQLSTATE with which the server has ended the session; empty if it said none.
  [[nodiscard]] const std::string& state() const noexcept { return state_; }
  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::string state_;
  std::string message_;
};

/// The server sends more at once than is wanted.
class AnswerTooLarge {};

/// The value of a placeholder as text; nothing is NULL.
using Values = std::vector<std::optional<std::string>>;

/// One session with a server, in libpq's pipeline mode (PostgreSQL, 34.5). Nothing here blocks longer than its Patience
/// allows, other than the look-up of a host's name. One thread at a time.
class Connection {
 public:
  /// Connects. Throws ServerError, ConnectionBroken, TimeIsUp, Stopped.
  Connection(const ConnectionTarget& target, const std::string& password, const Patience& patience, Time until);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// What is read until the next result must not be longer than that; about, and never less.
  void limit_answer(std::size_t bytes) noexcept { most_pending_ = bytes; }

  /// Puts a statement at the end of the pipeline. Its values are sent beside it, never inside.
  void queue(const std::string& sql, const Values& values = {});
  /// Sends all that is queued, and ends that piece of the pipeline.
  void send(const Patience& patience, Time until);

  /// What a statement that changed or gave rows tells at its end.
  class Completed {
   public:
    explicit Completed(const PGresult* result)
        : tag_(PQcmdStatus(const_cast<PGresult*>(result))), rows_(PQcmdTuples(const_cast<PGresult*>(result))) {}
    /// "COMMIT", "UPDATE 3"
    [[nodiscard]] const std::string& tag() const noexcept { return tag_; }
    /// As digits; empty for a statement that has no such number.
    [[nodiscard]] const std::string& rows() const noexcept { return rows_; }

   private:
    std::string tag_;
    std::string rows_;
  };
  using OnRow = std::function<void(const PGresult* one_row)>;

  /// Reads the result of the next statement in the pipeline, one row at a time. ServerError only once the whole piece
  /// has been read, so that the connection can go on; what `on_row` throws leaves it unusable.
  Completed read(const Patience& patience, Time until, const OnRow& on_row = {});
  /// Reads the end of a piece.
  void read_end(const Patience& patience, Time until);

  /// True if it waits for a statement, outside of a transaction, and the server has said nothing since.
  [[nodiscard]] bool is_idle() const;
  /// True if it waits for a statement inside of a transaction, one that has failed or has not.
  [[nodiscard]] bool is_in_transaction() const noexcept;

  /// Has the server end this session, whatever it does, by way of another connection. Up to `until`; a failure is not
  /// told: then the server's own time limits end it.
  void terminate_session(const ConnectionTarget& target, const std::string& password, Time until) const noexcept;

 private:
  struct Finish {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    void operator()(PGresult* result) const noexcept { PQclear(result); }
  };
  using Result = std::unique_ptr<PGresult, Finish>;

  void connect(const Patience& patience, Time until);
  [[noreturn]] void throw_connect_error() const;
  [[noreturn]] void throw_broken() const;
  Result next_result(const Patience& patience, Time until);
  void consume();
  void skip_to_end(const Patience& patience, Time until);

  std::string session_;
  std::unique_ptr<PGconn, Finish> connection_;
  std::uint64_t read_ = 0;            ///< bytes, by libpq
  std::uint64_t read_at_result_ = 0;  ///< as many at the latest result
  std::size_t most_pending_ = kMostPending;
  bool at_rest_ = true;  ///< nothing is queued, sent or to be read

  static constexpr std::size_t kMostPending = 1 << 20;
};

}  // namespace postgresql
