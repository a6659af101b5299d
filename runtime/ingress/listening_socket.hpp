// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/ServerSocketImpl.h>
#include <Poco/Net/SocketAddress.h>

#include <cstdint>
#include <string>

#include "runtime/ingress/connection_socket.hpp"
#include "runtime/ingress/descriptor.hpp"
#include "runtime/ingress/own_certificate.hpp"
#include "runtime/ingress/probe_watch.hpp"
#include "runtime/ingress/waiting_line.hpp"

namespace fulfilld {

/// Wakes the accept thread: a place is free.
class Bell {
 public:
  /// Throws std::system_error.
  Bell();
  void ring() const noexcept;
  void quiet() const noexcept;
  [[nodiscard]] int descriptor() const noexcept { return event_.get(); }

 private:
  const Descriptor event_;
};

/// Accepts connections as watched sockets (`ConnectionSocket`), no more at once than there are places. The others wait
/// in a line, accepted and unread. Who waits for too long, or comes when the line is full, is answered 503; by TLS
/// nothing can be answered without a thread: there the line waits on, and the kernel's backlog behind it. Probes do not
/// wait in that line (but by TLS, where they cannot be told from others). Used by Poco's accept thread only, but for
/// what says otherwise.
class ListeningSocketImpl final : public Poco::Net::ServerSocketImpl {
 public:
  /// Who has come.
  struct Guest {
    Descriptor connection;
    Poco::Net::SocketAddress address;
  };
  using Line = WaitingLine<Guest>;

  /// `send_timeout` bounds each wait for a client that does not read its answers; `bell` rings when a place has become
  /// free while somebody waits.
  ListeningSocketImpl(const ConnectionServices& services, const OwnCertificate& certificate, const Bell& bell,
                      const WaitingLimits& line, Poco::Timespan send_timeout)
      : services_(services),
        certificate_(certificate),
        bell_(bell),
        line_(line),
        probes_(line),
        send_timeout_(send_timeout) {}

  Poco::Net::SocketImpl* acceptConnection(Poco::Net::SocketAddress& client) override;
  bool poll(const Poco::Timespan& timeout, int mode) override;

  /// Answers 503 to all who wait, and closes the door. Once the accept thread has ended.
  void dismiss();

 private:
  [[nodiscard]] bool may_serve_next() const noexcept;
  [[nodiscard]] bool may_serve_probe() const noexcept;
  [[nodiscard]] Guest next_guest();
  [[nodiscard]] Guest accept_one();
  void line_up();
  void let_probes_pass(MonotonicTime now);
  void tell_how_many_wait();
  void turn_overdue_away(MonotonicTime now);
  void turn_away(Descriptor connection, const char* bound);
  [[nodiscard]] int milliseconds_to_wait(MonotonicTime until) const;

  const ConnectionServices services_;
  const OwnCertificate& certificate_;
  const Bell& bell_;
  Line line_;
  Line probes_;       ///< known to be such
  ProbeWatch watch_;  ///< of those in `line_`
  const Poco::Timespan send_timeout_;
};

/// The handle that Poco's server takes.
class ListeningSocket final : public Poco::Net::ServerSocket {
 public:
  /// Takes over `implementation`, binds and listens. Throws Poco::Exception. SO_REUSEPORT stays off, so that a second
  /// process cannot take half of the connections unnoticed.
  ListeningSocket(ListeningSocketImpl* implementation, const std::string& address, std::uint16_t port);
};

}  // namespace fulfilld
