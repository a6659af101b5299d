// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <chrono>
#include <exception>
#include <string_view>
#include <utility>

#include "runtime/egress/connection.hpp"
#include "runtime/egress/connection_pool.hpp"

namespace fulfilld {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto longest_look = 500ms;
constexpr auto between_looks = 1min;

}  // namespace

/// A port that speaks TLS hangs up on plain HTTP, mostly without a word. Where nothing has ever answered, one greeting
/// tells; once in a while, as the answer changes only when somebody changes the port.
void Connection::look_for_tls(std::string problem) {
  const auto now = std::chrono::steady_clock::now();
  if (now < origin_.look_again)
    return origin_.speaks_tls ? end_as_tls_port() : end(HttpFailure::reset, std::move(problem));
  origin_.look_again = now + between_looks;
  origin_.speaks_tls = false;
  problem_ = std::move(problem);
  phase_ = Phase::probing;
  Wire::Socket socket(context_);
  if (Wire::open(socket, peer_.protocol())) return end(HttpFailure::reset, problem_);
  due_at(std::min(attempt_.deadline, now + longest_look));
  wire_.take(std::move(socket));
  wire_.socket().async_connect(peer_, [self = shared_from_this()](const Error& error) {
    if (self->phase_ != Phase::probing) return;
    if (error) return self->end(HttpFailure::reset, self->problem_);
    self->ask_for_tls();
  });
}

void Connection::ask_for_tls() {
  input_.clear();
  try {
    const std::string hello = pool_.tls().client_hello(origin_.host);
    Error error;
    const Wire::Buffers buffers{asio::buffer(hello), asio::const_buffer{}};
    wire_.write_some(buffers, error);  // far less than a new socket takes
    if (error) return end(HttpFailure::reset, problem_);
  } catch (const std::exception&) {
    return end(HttpFailure::reset, problem_);
  }
  wire_.read(input_.prepare(2), [self = shared_from_this()](const Error&, std::size_t size) {
    if (self->phase_ != Phase::probing) return;
    if (!self->is_tls_port(size)) return self->end(HttpFailure::reset, self->problem_);
    self->origin_.speaks_tls = true;
    self->end_as_tls_port();
  });
}

/// Looks at input that is not committed yet.
bool Connection::is_tls_port(std::size_t size) noexcept {
  if (origin_.tls) return false;
  const auto space = input_.prepare(size);
  const std::string_view bytes(static_cast<const char*>(space.data()), space.size());
  // Whoever hears plain HTTP where TLS should be can only raise an alert.
  return phase_ == Phase::probing ? begins_tls_record(bytes) : begins_tls_alert(bytes);
}

/// What does not understand HTTP has carried nothing out.
void Connection::end_as_tls_port() {
  answer().request_sent = false;
  answer().lasting = true;
  end(HttpFailure::tls, std::string(port_speaks_tls));
}

}  // namespace fulfilld
