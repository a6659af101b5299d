// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/egress/answer_parser.hpp"
#include "runtime/egress/attempt.hpp"
#include "runtime/egress/name_lookup.hpp"
#include "runtime/egress/tls_fault.hpp"
#include "runtime/egress/wire.hpp"

namespace fulfilld {

class ConnectionPool;
struct Origin;

/// A connection to one origin and, most of the time, the attempt on it. Loop thread only. The pool holds it while it
/// is open; what is under way on it holds it until it has come back.
///
/// A read is always under way, also between two attempts: this is how the end of an unused connection is noticed,
/// and it costs no call that the next answer would not need anyway.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::io_context& context, ConnectionPool& pool, Origin& origin)
      : context_(context), pool_(pool), origin_(origin), wire_(context) {}

  /// Connects, then makes the attempt. Once.
  void open(Attempt attempt);

  /// Makes the attempt over an idle connection.
  void reuse(Attempt attempt);

  /// The time asked for by `ConnectionPool::watch` has come.
  void on_alarm(MonotonicTime now);

  /// Ends the attempt, if there is one, and the connection.
  void end(HttpFailure failure, std::string detail);

  /// For an idle connection: the peer has closed it, or speaks out of turn, and the loop has not got to it yet.
  [[nodiscard]] bool is_stale() noexcept { return wire_.has_input(); }

  [[nodiscard]] Origin& origin() noexcept { return origin_; }

  std::size_t place = 0;    ///< the pool's: index into its list
  std::uint64_t alarm = 0;  ///< the pool's
  MonotonicTime alarm_at;   ///< the pool's

 private:
  enum class Phase : std::uint8_t { resolving, connecting, handshaking, exchanging, probing, idle, closed };
  using Error = Wire::Error;

  /// An attempt to connect to one of the addresses.
  struct Racer {
    Racer(boost::asio::io_context& context, const Wire::Tcp::endpoint& to) : socket(context), peer(to) {}
    Wire::Socket socket;
    Wire::Tcp::endpoint peer;
  };
  using RacerPtr = std::shared_ptr<Racer>;

  // connection_dial.cpp: from a name to a connection that is ready.
  void resolve();
  void resolved(const Resolution& resolution);
  void connect_next();
  void arrived(const RacerPtr& racer, const Error& error);
  void stop_racing() noexcept;
  void connected();
  void handshake();
  [[nodiscard]] TlsFault fault_of(const Error& error);

  // connection_probe.cpp: whether the port speaks TLS, where nobody answers plain HTTP.
  void look_for_tls(std::string problem);
  void ask_for_tls();
  [[nodiscard]] bool is_tls_port(std::size_t size) noexcept;
  void end_as_tls_port();

  // connection_exchange.cpp: the request out, the answer in.
  void exchange(bool reused);
  void send();
  void receive();
  void on_input(const Error& error, std::size_t size);
  bool parse();
  void on_input_end(const Error& error);
  [[nodiscard]] bool is_refusal(const Error& error);
  void end_as_refused(const Error& error);
  void completed();

  // connection.cpp: its life.
  void begin(Attempt attempt);
  void due_at(MonotonicTime when);
  void end_at_limit();
  void close();
  [[nodiscard]] const HttpRequest& request() const noexcept { return attempt_.exchange->request; }
  [[nodiscard]] HttpAnswer& answer() noexcept { return attempt_.exchange->answer; }

  boost::asio::io_context& context_;
  ConnectionPool& pool_;  ///< not to be used when closed
  Origin& origin_;        ///< as pool_
  Wire wire_;
  Attempt attempt_;  ///< without an exchange between attempts
  Phase phase_ = Phase::resolving;
  MonotonicTime due_;  ///< when this phase must be over

  std::uint64_t lookup_ = 0;  ///< ticket
  std::vector<boost::asio::ip::address> addresses_;
  std::size_t tried_ = 0;      ///< of addresses_
  bool only_own_lack_ = true;  ///< of those tried, none failed for another reason
  std::vector<RacerPtr> racers_;
  Wire::Tcp::endpoint peer_;  ///< the one that is connected
  std::string problem_;       ///< of the last that could not be connected, or why the port was looked at

  std::string head_;                         ///< being written, as is
  std::shared_ptr<const std::string> body_;  ///< being written
  bool writing_ = false;
  std::string write_problem_;

  boost::beast::flat_buffer input_;
  std::size_t read_size_ = 0;
  std::optional<AnswerParser> parser_;
  bool reused_ = false;
  bool answer_begun_ = false;
  unsigned interim_answers_ = 0;
};

}  // namespace fulfilld
