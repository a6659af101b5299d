// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>

#include "runtime/egress/connection.hpp"
#include "runtime/egress/connection_pool.hpp"
#include "runtime/egress/request_head.hpp"

namespace fulfilld {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t smallest_read = 4096;
constexpr std::size_t largest_read = 65536;
constexpr unsigned max_interim_answers = 16;

}  // namespace

void Connection::exchange(bool reused) {
  phase_ = Phase::exchanging;
  reused_ = reused;
  answer_begun_ = false;
  interim_answers_ = 0;
  parser_.emplace(answer(), request().answer_limit, request().method == "HEAD");
  if (!reused) {
    read_size_ = smallest_read;
    receive();
  }
  send();
}

void Connection::send() {
  write_request_head(request(), pool_.user_agent(), head_);
  Wire::Buffers buffers{asio::buffer(head_), asio::const_buffer{}};
  if (request().body) buffers[1] = asio::buffer(*request().body);
  if (wire_.tls() == nullptr) {
    Error error;
    const std::size_t sent = wire_.write_some(buffers, error);
    if (sent > 0) answer().request_sent = true;
    if (sent == asio::buffer_size(buffers)) return;
    if (error && error != asio::error::would_block && error != asio::error::try_again) {
      write_problem_ = error.message();  // an answer may have come all the same: what is read decides
      return;
    }
    const std::size_t of_head = std::min(sent, buffers[0].size());
    buffers[0] += of_head;
    buffers[1] += sent - of_head;
  }
  answer().request_sent = true;
  body_ = request().body;
  writing_ = true;
  wire_.write(buffers, [self = shared_from_this()](const Error& error, std::size_t) {
    self->writing_ = false;
    self->body_.reset();
    if (error) self->write_problem_ = error.message();
  });
}

void Connection::receive() {
  wire_.read(input_.prepare(read_size_),
             [self = shared_from_this()](const Error& error, std::size_t size) { self->on_input(error, size); });
}

void Connection::on_input(const Error& error, std::size_t size) {
  if (phase_ == Phase::closed) return;
  if (phase_ == Phase::idle) return close();  // the peer has closed it, or speaks out of turn
  if (size > 0) {
    if (!answer_begun_ && !reused_ && is_tls_port(size)) return end_as_tls_port();
    answer_begun_ = true;
    if (size == read_size_) read_size_ = std::min(read_size_ * 2, largest_read);
    input_.commit(size);
    if (!parse()) return;
  }
  if (error) return on_input_end(error);
  receive();
}

/// Returns false when the attempt has ended.
bool Connection::parse() {
  while (input_.size() > 0) {
    Error error;
    parser_->read(input_, error);
    if (error == http::error::need_more) break;
    if (error == http::error::body_limit) {
      end(HttpFailure::too_large, "answer: the body has more than " + std::to_string(request().answer_limit) +
                                      " bytes" + (parser_->is_decoding() ? " when it is decoded" : ""));
      return false;
    }
    if (error) {
      end(HttpFailure::bad_answer, "answer: " + (parser_->problem().empty() ? error.message() : parser_->problem()));
      return false;
    }
    if (!parser_->is_done()) continue;
    if (!parser_->is_interim()) {
      completed();
      return false;
    }
    if (++interim_answers_ > max_interim_answers) {
      end(HttpFailure::bad_answer, "answer: too many interim answers");
      return false;
    }
    parser_.emplace(answer(), request().answer_limit, request().method == "HEAD");
  }
  if (input_.size() > AnswerParser::header_limit) {
    end(HttpFailure::bad_answer, "answer: a line has no end");
    return false;
  }
  return true;
}

void Connection::on_input_end(const Error& error) {
  const bool farewell = error == asio::error::eof;
  if (!answer_begun_) {
    const bool unharmed = !answer().request_sent || may_be_sent_twice(request());
    if (reused_ && unharmed && !attempt_.second_time) {
      Attempt attempt = std::move(attempt_);
      attempt.second_time = true;
      const auto self = shared_from_this();
      close();
      return pool_.start_on_new(std::move(attempt));
    }
    if (is_refusal(error)) return end_as_refused(error);
    const std::string why = !write_problem_.empty() ? write_problem_
                            : farewell              ? "closed by the peer"
                                                    : error.message();
    std::string problem = "connection broke before an answer: " + why;
    if (wire_.tls() != nullptr && TlsClient::handshake_of(wire_.tls()->native_handle(), {}).wanted_our_certificate)
      problem += "; the peer had asked for a client certificate, and fulfilld has none";
    if (!reused_ && wire_.tls() == nullptr && !origin_.speaks_http) return look_for_tls(problem);
    return end(HttpFailure::reset, problem);
  }
  if (farewell && parser_->got_some()) {
    Error incomplete;
    parser_->put_eof(incomplete);
    if (!incomplete) return completed();
  }
  const std::string why = !parser_->problem().empty() ? parser_->problem()
                          : farewell                  ? "closed by the peer"
                                                      : error.message();
  end(HttpFailure::reset, "connection broke before the answer was complete: " + why);
}

/// In TLS 1.3 we may have written our request before the peer lets us know that it does not want us; it has read none
/// of it (`is_refusal_of_handshake`).
bool Connection::is_refusal(const Error& error) {
  return !reused_ && wire_.tls() != nullptr && SSL_version(wire_.tls()->native_handle()) == TLS1_3_VERSION &&
         is_refusal_of_handshake(error);
}

void Connection::end_as_refused(const Error& error) {
  answer().request_sent = false;
  answer().lasting = true;
  end(HttpFailure::tls, "tls: " + fault_of(error).text);
}

void Connection::completed() {
  if (!origin_.tls && says_tls_was_expected(answer().status, answer().body)) return end_as_tls_port();
  origin_.speaks_http = true;
  const auto now = std::chrono::steady_clock::now();
  const auto idle_time = ConnectionPool::idle_time(request().idle_limit, parser_->keep_alive_timeout());
  // After 421 the request may be repeated, but over another connection (RFC 9110, 15.5.20).
  const bool reusable = parser_->keep_alive() && idle_time.count() > 0 && !writing_ && write_problem_.empty() &&
                        input_.size() == 0 && answer().status != 421;
  if (wire_.tls() != nullptr && !reused_) origin_.session = TlsClient::session_of(wire_.tls()->native_handle());
  std::string problem = parser_->problem();
  Attempt attempt = std::move(attempt_);
  const auto self = shared_from_this();
  if (reusable && pool_.keep(*this)) {
    phase_ = Phase::idle;
    due_at(now + idle_time);
    if (input_.capacity() > smallest_read) input_.shrink_to_fit();
    read_size_ = smallest_read;
    receive();
  } else {
    close();
  }
  attempt.finish(HttpFailure::none, std::move(problem), now);
}

}  // namespace fulfilld
