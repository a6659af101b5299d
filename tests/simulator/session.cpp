// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/session.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulator/wire.hpp"

namespace fulfilld::simulator {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::size_t header_limit = 64 << 10;
constexpr std::uint64_t body_limit = 64 << 20;
constexpr std::size_t read_size = 16 << 10;

/// How sending went.
enum class Sent : std::uint8_t { whole, cut, client_left };

std::string string_of(beast::string_view text) { return {text.data(), text.size()}; }

Request to_request(http::request<http::string_body> message) {
  Request request;
  request.method = string_of(message.method_string());
  request.target = string_of(message.target());
  const auto question = request.target.find('?');
  request.path = request.target.substr(0, question);
  if (question != std::string::npos) request.query = parse_form(std::string_view(request.target).substr(question + 1));
  for (const auto& field : message)
    request.fields.emplace_back(string_of(field.name_string()), string_of(field.value()));
  request.body = std::move(message.body());
  request.keep_alive = message.keep_alive();
  return request;
}

/// The next request of the connection; empty at its end, or when what comes is not HTTP.
asio::awaitable<std::optional<Request>> read_request(Peer& peer, beast::flat_buffer& buffer) {
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  parser.header_limit(header_limit);
  parser.body_limit(body_limit);
  error_code error;
  while (true) {
    while (buffer.size() > 0 && !parser.is_done()) {
      buffer.consume(parser.put(buffer.data(), error));
      if (error == http::error::need_more) break;
      if (error) co_return std::nullopt;
    }
    if (parser.is_done()) co_return to_request(parser.release());
    buffer.commit(co_await peer.read_some(buffer.prepare(read_size), error));
    if (error) co_return std::nullopt;
  }
}

/// Waits as the fault wants before the first byte of the answer. True: the client left.
asio::awaitable<bool> client_leaves_early(Peer& peer, const Fault& fault, Signal& release) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  if (fault.delay.count() > 0) {
    timer.expires_after(fault.delay);
    if (co_await peer.leaves_before(timer)) co_return true;
  }
  if (fault.hold) {
    timer.expires_at(asio::steady_timer::time_point::max());
    const Signal::Listener listener(release, timer);
    if (co_await peer.leaves_before(timer)) co_return true;
  }
  co_return false;
}

/// Writes, at the pace of `drip` for each byte if that is not 0. True: the client left.
asio::awaitable<bool> client_leaves_during(Peer& peer, std::string_view bytes, std::chrono::milliseconds drip) {
  error_code error;
  if (drip.count() == 0) {
    co_await peer.write(asio::buffer(bytes.data(), bytes.size()), error);
    co_return static_cast<bool>(error);
  }
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (const char& byte : bytes) {
    co_await peer.write(asio::buffer(&byte, 1), error);
    if (error) co_return true;
    timer.expires_after(drip);
    if (co_await peer.leaves_before(timer)) co_return true;
  }
  co_return false;
}

asio::awaitable<Sent> send(Peer& peer, const WireImage& image, const Fault& fault) {
  const auto all = std::string_view(image.bytes).substr(0, image.cut);
  const auto head = all.substr(0, image.head);
  const auto body = all.substr(head.size());
  const auto drip_of = [&fault](Fault::Drip part) {
    return fault.drip_part == Fault::Drip::all || fault.drip_part == part ? fault.drip : std::chrono::milliseconds{0};
  };
  if (fault.drip.count() == 0) {
    if (co_await client_leaves_during(peer, all, fault.drip)) co_return Sent::client_left;
  } else {
    if (co_await client_leaves_during(peer, head, drip_of(Fault::Drip::head))) co_return Sent::client_left;
    if (co_await client_leaves_during(peer, body, drip_of(Fault::Drip::body))) co_return Sent::client_left;
  }
  if (image.cut != WireImage::no_cut) co_return Sent::cut;
  while (!image.endless.empty())
    if (co_await client_leaves_during(peer, image.endless, drip_of(Fault::Drip::body))) co_return Sent::client_left;
  co_return Sent::whole;
}

/// Makes the fault's cut. True: the client left before we did.
asio::awaitable<bool> client_leaves_at_cut(Peer& peer, Fault::Cut cut) {
  if (cut == Fault::Cut::reset) peer.reset();
  if (cut == Fault::Cut::close) peer.close();
  if (cut != Fault::Cut::hang) co_return false;
  asio::steady_timer timer(co_await asio::this_coro::executor);
  timer.expires_at(asio::steady_timer::time_point::max());
  co_return co_await peer.leaves_before(timer);
}

/// Answers one exchange. True: the connection can serve another one.
asio::awaitable<bool> answer(Peer& peer, const Exchange& exchange, const Request& request, Record& record,
                             Signal& release) {
  const auto& fault = exchange.fault;
  const auto image = render(exchange.reply, fault, request.keep_alive, request.method == "HEAD");
  const bool success = image.status / 100 == 2;
  if (fault.taken && success && exchange.accepted) exchange.accepted();

  bool left = co_await client_leaves_early(peer, fault, release);
  bool whole = false;
  if (!left) {
    if (!fault.silent()) {
      if (exchange.entry) record.answered(*exchange.entry, image.status);
      if (success && exchange.accepted) exchange.accepted();
    }
    const auto sent = co_await send(peer, image, fault);
    whole = sent == Sent::whole;
    left = sent == Sent::client_left || (sent == Sent::cut && co_await client_leaves_at_cut(peer, fault.cut));
  }
  if (left && exchange.entry) record.abandoned(*exchange.entry);
  co_return whole&& image.keep_alive;
}

}  // namespace

asio::awaitable<void> serve(Peer& peer, const Handler& handler, std::uint64_t connection, Record& record,
                            Signal& release) {
  beast::flat_buffer buffer;
  bool more = true;
  while (more) {
    const auto request = co_await read_request(peer, buffer);
    if (!request) break;
    const auto exchange = co_await handler(*request, connection);
    more = co_await answer(peer, exchange, *request, record, release);
    if (exchange.entry) record.closed(*exchange.entry);
  }
  peer.close();
}

}  // namespace fulfilld::simulator
