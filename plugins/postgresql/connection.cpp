// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"

#include <linux/tcp.h>  // the C library's own lacks tcpi_bytes_received
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <new>
#include <optional>
#include <stop_token>
#include <string_view>

#include "server_message.hpp"

namespace postgresql {
namespace {

// libpq makes room for so much at least before it reads.
constexpr std::uint64_t kLeastRead = 8192;

void drop_notice(void*, const PGresult*) {}

/// The server has ended the session, whatever else it says. PgBouncer says so in the older field only.
bool ends_session(const PGresult* error) {
  const char* severity = PQresultErrorField(error, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity == nullptr) severity = PQresultErrorField(error, PG_DIAG_SEVERITY);
  return severity != nullptr && (std::string_view(severity) == "FATAL" || std::string_view(severity) == "PANIC");
}

std::uint64_t bytes_unread(int socket) {
  int bytes = 0;
  return ::ioctl(socket, FIONREAD, &bytes) == 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

/// All that have ever come, read or not. Nothing for a socket of the machine's own, which does not count.
std::optional<std::uint64_t> bytes_received(int socket) {
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  return info.tcpi_bytes_received;
}

std::string field(const PGresult* error, int name) {
  const char* text = PQresultErrorField(error, name);
  return text == nullptr ? std::string() : std::string(text);
}

}  // namespace

Connection::Connection(const ConnectionTarget& target, const std::string& password, const Patience& patience,
                       Time until)
    : session_(target.new_session_name()) {
  // What comes later in the list overrides what is in the connection string.
  const std::array<const char*, 5> names = {"dbname", "client_encoding", "application_name",
                                            password.empty() ? nullptr : "password", nullptr};
  const std::array<const char*, 5> values = {target.text().c_str(), "UTF8", session_.c_str(), password.c_str(),
                                             nullptr};
  connection_.reset(PQconnectStartParams(names.data(), values.data(), /*expand_dbname=*/1));
  if (!connection_) throw std::bad_alloc();
  PQsetNoticeReceiver(connection_.get(), drop_notice, nullptr);  // libpq would write them to our standard error
  PQsetErrorVerbosity(connection_.get(), PQERRORS_VERBOSE);      // while connecting, only that shows an SQLSTATE
  connect(patience, until);
  if (PQsetnonblocking(connection_.get(), 1) != 0 || PQenterPipelineMode(connection_.get()) != 1) throw_broken();
}

void Connection::connect(const Patience& patience, Time until) {
  if (PQstatus(connection_.get()) == CONNECTION_BAD) throw_connect_error();
  auto wanted = PGRES_POLLING_WRITING;
  while (wanted != PGRES_POLLING_OK) {
    if (wanted == PGRES_POLLING_FAILED) throw_connect_error();
    const int socket = PQsocket(connection_.get());  // another one for each address that is tried
    if (socket < 0) throw_connect_error();
    patience.wait(socket, wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT, until);
    wanted = PQconnectPoll(connection_.get());
  }
}

void Connection::throw_connect_error() const {
  if (PQconnectionNeedsPassword(connection_.get()) != 0)
    throw ServerError("28P01", "the server wants a password, which is the secret \"password\"");
  const ConnectMessage message(PQerrorMessage(connection_.get()));
  if (message.state().empty()) throw ConnectionBroken(message.text());
  throw ServerError(message.state(), message.text());
}

void Connection::throw_broken() const {
  throw ConnectionBroken(ConnectMessage(PQerrorMessage(connection_.get())).text());
}

void Connection::queue(const std::string& sql, const Values& values) {
  at_rest_ = false;
  std::vector<const char*> texts;
  texts.reserve(values.size());
  for (const auto& value : values) texts.push_back(value ? value->c_str() : nullptr);
  if (PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(texts.size()), nullptr, texts.data(), nullptr,
                        nullptr, /*resultFormat=*/0) != 1)
    throw_broken();
}

void Connection::send(const Patience& patience, Time until) {
  at_rest_ = false;
  if (PQpipelineSync(connection_.get()) != 1) throw_broken();
  while (true) {
    const int left = PQflush(connection_.get());
    if (left == 0) return;
    if (left < 0) throw_broken();
    // A server that has something to say first takes no more before it is heard.
    patience.wait(PQsocket(connection_.get()), POLLIN | POLLOUT, until);
    consume();
  }
}

void Connection::consume() {
  // libpq makes room for a whole row, however long, before it tells that there is one.
  const int socket = PQsocket(connection_.get());
  const std::uint64_t before = bytes_unread(socket);
  const bool is_well = PQconsumeInput(connection_.get()) == 1;
  const auto received = bytes_received(socket);
  const std::uint64_t unread = bytes_unread(socket);
  // What comes while libpq reads hides what it has read: where nobody counts, that is at least so much.
  if (received)
    read_ = *received - std::min(*received, unread);
  else
    read_ += std::max(before - std::min(before, unread), std::min(before, kLeastRead));
  if (read_ - std::min(read_, read_at_result_) > most_pending_) throw AnswerTooLarge();
  if (!is_well && PQisBusy(connection_.get()) != 0) throw_broken();  // else it could still tell why
}

Connection::Result Connection::next_result(const Patience& patience, Time until) {
  while (PQisBusy(connection_.get()) != 0) {
    patience.wait(PQsocket(connection_.get()), POLLIN, until);
    consume();
  }
  read_at_result_ = read_;
  return Result(PQgetResult(connection_.get()));
}

Connection::Completed Connection::read(const Patience& patience, Time until, const OnRow& on_row) {
  if (on_row) PQsetSingleRowMode(connection_.get());
  std::optional<Completed> completed;
  while (const Result result = next_result(patience, until)) {
    switch (PQresultStatus(result.get())) {
      case PGRES_SINGLE_TUPLE:
        on_row(result.get());
        break;
      case PGRES_TUPLES_OK:
      case PGRES_COMMAND_OK:
      case PGRES_EMPTY_QUERY:
        completed.emplace(result.get());
        break;
      case PGRES_FATAL_ERROR: {
        ServerError error(field(result.get(), PG_DIAG_SQLSTATE), shown(field(result.get(), PG_DIAG_MESSAGE_PRIMARY)));
        if (error.state().empty()) throw_broken();
        if (ends_session(result.get())) throw ConnectionBroken(error.what(), error.state());
        skip_to_end(patience, until);
        throw error;
      }
      default:
        throw ServerError("0A000", "COPY and the like cannot be used here");
    }
  }
  if (!completed) throw_broken();
  return *completed;
}

void Connection::read_end(const Patience& patience, Time until) {
  const Result result = next_result(patience, until);
  if (PQresultStatus(result.get()) != PGRES_PIPELINE_SYNC) throw_broken();
  at_rest_ = true;
}

/// Past a statement that failed, all others up to the end of the piece are passed over by the server.
void Connection::skip_to_end(const Patience& patience, Time until) {
  int results_in_a_row_missing = 0;
  while (true) {
    const Result result = next_result(patience, until);
    if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) break;
    results_in_a_row_missing = result ? 0 : results_in_a_row_missing + 1;
    if (results_in_a_row_missing > 1 || PQstatus(connection_.get()) == CONNECTION_BAD) throw_broken();
  }
  at_rest_ = true;
}

bool Connection::is_idle() const {
  if (!at_rest_ || PQstatus(connection_.get()) != CONNECTION_OK) return false;
  if (PQtransactionStatus(connection_.get()) != PQTRANS_IDLE) return false;
  // What an idle server says is a farewell, or so rare that a new connection costs nothing.
  pollfd polled{PQsocket(connection_.get()), POLLIN, 0};
  return ::poll(&polled, 1, 0) == 0;
}

bool Connection::is_in_transaction() const noexcept {
  const auto status = PQtransactionStatus(connection_.get());
  return at_rest_ && (status == PQTRANS_INTRANS || status == PQTRANS_INERROR);
}

void Connection::terminate_session(const ConnectionTarget& target, const std::string& password,
                                   Time until) const noexcept {
  // Not PQcancel: it blocks for as long as a server that hangs likes, goes without TLS, and would end nothing if it
  // came between two statements. A session may always end another one of its own role.
  try {
    const Patience patience{std::stop_token()};
    Connection other(target, password, patience, until);
    other.queue("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", {{session_}});
    other.send(patience, until);
    other.read(patience, until);
    other.read_end(patience, until);
  } catch (...) {
  }
}

}  // namespace postgresql
