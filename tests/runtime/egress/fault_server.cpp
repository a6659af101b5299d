// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/egress/fault_server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <utility>

#include "runtime/egress/alarm_queue.hpp"
#include "tests/runtime/egress/test_exchange.hpp"

namespace fulfilld::testing {
namespace {

constexpr std::uint64_t most_at_once = 256 << 10;  ///< bytes for one connection before the others have their turn
constexpr std::chrono::seconds patience{30};

/// The server's side of TLS, between bytes in memory.
class TlsEnd {
 public:
  explicit TlsEnd(SSL_CTX* context) : tls_(SSL_new(context), &SSL_free) {
    SSL_set_bio(tls_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(tls_.get());
  }

  /// What `received` means. What has to be sent for it is in `take_output`.
  std::string open(const char* received, std::size_t size) {
    BIO_write(SSL_get_rbio(tls_.get()), received, static_cast<int>(size));
    std::string plain;
    std::array<char, 16384> buffer;
    for (int got = 0; (got = SSL_read(tls_.get(), buffer.data(), buffer.size())) > 0;)
      plain.append(buffer.data(), static_cast<std::size_t>(got));
    return plain;
  }

  void seal(const std::string& plain) { SSL_write(tls_.get(), plain.data(), static_cast<int>(plain.size())); }

  std::string take_output() {
    std::string output(BIO_ctrl_pending(SSL_get_wbio(tls_.get())), '\0');
    BIO_read(SSL_get_wbio(tls_.get()), output.data(), static_cast<int>(output.size()));
    return output;
  }

 private:
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
};

struct Connection {
  explicit Connection(Conduct its_conduct) : conduct(std::move(its_conduct)) {}

  const Conduct conduct;
  std::unique_ptr<TlsEnd> tls;
  std::string request;   ///< what has come of it
  std::string output;    ///< what is to be sent
  std::size_t gone = 0;  ///< of output
  std::uint64_t sent = 0;
  std::uint64_t endless_left = 0;
  bool answered = false;
  bool hangs = false;
  std::chrono::steady_clock::time_point next_piece{};
  std::uint64_t alarm = 0;
  bool waits_for_room = false;
};

}  // namespace

class FaultServer::Loop {
 public:
  Loop(ConductOf conduct_of, SSL_CTX* tls) : conduct_of_(std::move(conduct_of)), tls_(tls) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 4096) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("no port for the test server");
    port_ = ntohs(address.sin_port);
    watch(listener_, EPOLL_CTL_ADD, EPOLLIN);
    watch(wake_, EPOLL_CTL_ADD, EPOLLIN);
    thread_ = std::thread([this] { run(); });
  }

  ~Loop() {
    eventfd_write(wake_, 1);
    thread_.join();
    for (const auto& connection : connections_) close(connection.first);
    for (const int descriptor : {listener_, wake_, epoll_}) close(descriptor);
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  template <typename Condition>
  bool wait_for(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return condition(*this); });
  }

  std::uint64_t accepted = 0;  ///< under the mutex, as the next two
  std::uint64_t open = 0;
  std::uint64_t requests = 0;

 private:
  void count(std::uint64_t Loop::*counter, int by) {
    const std::lock_guard lock(mutex_);
    this->*counter += static_cast<std::uint64_t>(by);
    changed_.notify_all();
  }

  void watch(int descriptor, int operation, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    epoll_ctl(epoll_, operation, descriptor, &event);
  }

  void run() {
    std::array<epoll_event, 256> events{};
    for (;;) {
      const int ready = epoll_wait(epoll_, events.data(), events.size(), until_next_piece());
      for (int i = 0; i < ready; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        if (event.data.fd == wake_) return;
        if (event.data.fd == listener_)
          accept_one();
        else if ((event.events & EPOLLOUT) == 0 || (event.events & EPOLLIN) != 0)
          read(event.data.fd);
        else
          pump(event.data.fd);
      }
      const auto now = std::chrono::steady_clock::now();
      while (const auto due = pieces_.pop_due(now)) {
        connections_.at(*due).alarm = 0;
        pump(*due);
      }
    }
  }

  [[nodiscard]] int until_next_piece() const {
    if (pieces_.empty()) return -1;
    const auto left = pieces_.earliest() - std::chrono::steady_clock::now();
    return static_cast<int>(std::max(std::chrono::ceil<std::chrono::milliseconds>(left).count(), std::int64_t{0}));
  }

  void accept_one() {
    const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return;
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto& connection = connections_.try_emplace(descriptor, conduct_of_(accepted)).first->second;
    if (tls_ != nullptr) connection.tls = std::make_unique<TlsEnd>(tls_);
    watch(descriptor, EPOLL_CTL_ADD, EPOLLIN);
    count(&Loop::open, 1);
    count(&Loop::accepted, 1);
    if (!connection.conduct.unasked) return;
    begin_answer(connection);
    pump(descriptor);
  }

  static void begin_answer(Connection& connection) {
    connection.answered = true;
    connection.endless_left = connection.conduct.endless_size;
    put(connection, connection.conduct.answer);
  }

  void end(int descriptor, Conduct::End how) {
    const auto found = connections_.find(descriptor);
    if (how == Conduct::End::hang) {
      found->second.hangs = true;
      return wait_for_room(descriptor, found->second, false);
    }
    if (how == Conduct::End::reset) {
      const linger now{1, 0};
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    if (found->second.alarm != 0) pieces_.remove(found->second.alarm);
    connections_.erase(found);
    close(descriptor);
    count(&Loop::open, -1);
  }

  void read(int descriptor) {
    std::array<char, 16384> buffer;
    const auto size = recv(descriptor, buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) return end(descriptor, Conduct::End::close);
    Connection& connection = connections_.at(descriptor);
    if (connection.hangs) return;
    if (connection.tls) {
      connection.request += connection.tls->open(buffer.data(), static_cast<std::size_t>(size));
      connection.output += connection.tls->take_output();
    } else {
      connection.request.append(buffer.data(), static_cast<std::size_t>(size));
    }
    while (take_request(connection.request)) {
      count(&Loop::requests, 1);
      begin_answer(connection);
    }
    pump(descriptor);
  }

  /// Removes one whole request from the front.
  static bool take_request(std::string& input) {
    const auto end = input.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const auto length = input.find("Content-Length: ");
    const std::size_t body = length < end ? std::strtoul(&input[length + 16], nullptr, 10) : 0;
    if (input.size() < end + 4 + body) return false;
    input.erase(0, end + 4 + body);
    return true;
  }

  static void put(Connection& connection, const std::string& bytes) {
    if (bytes.empty()) return;
    if (!connection.tls) {
      connection.output += bytes;
      return;
    }
    connection.tls->seal(bytes);
    connection.output += connection.tls->take_output();
  }

  /// Sends what may go now.
  void pump(int descriptor) {
    Connection& connection = connections_.at(descriptor);
    const Conduct& conduct = connection.conduct;
    for (std::uint64_t done = 0; !connection.hangs && done < most_at_once;) {
      if (connection.gone == connection.output.size() && !refill(connection)) {
        wait_for_room(descriptor, connection, false);
        if (conduct.closes && connection.answered) end(descriptor, Conduct::End::close);
        return;
      }
      if (connection.sent == conduct.cut) return end(descriptor, conduct.end);
      std::uint64_t size =
          std::min<std::uint64_t>(connection.output.size() - connection.gone, conduct.cut - connection.sent);
      if (conduct.pace.count() > 0) {
        if (connection.sent < conduct.paced_from) {
          size = std::min(size, conduct.paced_from - connection.sent);
        } else {
          const auto now = std::chrono::steady_clock::now();
          if (now < connection.next_piece) return wait_for_piece(descriptor, connection);
          size = std::min<std::uint64_t>(size, conduct.piece);
          connection.next_piece = now + conduct.pace;
        }
      }
      const auto sent = send(descriptor, connection.output.data() + connection.gone, size, MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN) return wait_for_room(descriptor, connection, true);
      if (sent < 0) return end(descriptor, Conduct::End::close);
      connection.gone += static_cast<std::size_t>(sent);
      connection.sent += static_cast<std::uint64_t>(sent);
      done += static_cast<std::uint64_t>(sent);
    }
    wait_for_room(descriptor, connection, !connection.hangs);
  }

  /// Makes more output of what is endless. False if there is none.
  static bool refill(Connection& connection) {
    connection.output.clear();
    connection.gone = 0;
    if (connection.endless_left == 0) return false;
    const auto size = std::min<std::uint64_t>(connection.endless_left, connection.conduct.endless.size());
    connection.endless_left -= connection.endless_left == Conduct::never ? 0 : size;
    put(connection, connection.conduct.endless.substr(0, size));
    return true;
  }

  void wait_for_room(int descriptor, Connection& connection, bool wanted) const {
    if (connection.waits_for_room == wanted) return;
    connection.waits_for_room = wanted;
    watch(descriptor, EPOLL_CTL_MOD, wanted ? EPOLLIN | EPOLLOUT : EPOLLIN);
  }

  void wait_for_piece(int descriptor, Connection& connection) {
    wait_for_room(descriptor, connection, false);
    if (connection.alarm == 0) connection.alarm = pieces_.add(connection.next_piece, descriptor);
  }

  const ConductOf conduct_of_;
  SSL_CTX* const tls_;
  std::uint16_t port_ = 0;
  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  int wake_ = eventfd(0, EFD_CLOEXEC);
  int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  std::unordered_map<int, Connection> connections_;
  AlarmQueue<int> pieces_;  ///< connections whose next piece is due
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
};

FaultServer::FaultServer(ConductOf conduct_of, SSL_CTX* tls)
    : loop_(std::make_unique<Loop>(std::move(conduct_of), tls)) {}

FaultServer::~FaultServer() = default;

Url FaultServer::url(const std::string& scheme) const { return make_url(scheme, "127.0.0.1", loop_->port(), "/"); }

std::uint64_t FaultServer::connections() const {
  std::uint64_t connections = 0;
  loop_->wait_for([&](const Loop& loop) {
    connections = loop.accepted;
    return true;
  });
  return connections;
}

std::uint64_t FaultServer::requests() const {
  std::uint64_t requests = 0;
  loop_->wait_for([&](const Loop& loop) {
    requests = loop.requests;
    return true;
  });
  return requests;
}

bool FaultServer::wait_for_requests(std::uint64_t count) const {
  return loop_->wait_for([count](const Loop& loop) { return loop.requests >= count; });
}

bool FaultServer::wait_until_all_are_gone() const {
  return loop_->wait_for([](const Loop& loop) { return loop.open == 0; });
}

}  // namespace fulfilld::testing
