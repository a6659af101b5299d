// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/http_client.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/system/system_error.hpp>
#include <charconv>
#include <limits>
#include <stdexcept>

namespace fulfilld::integration {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::string_view origin_prefix = "http://127.0.0.1:";

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

asio::ip::tcp::endpoint loopback(std::uint16_t port) { return {asio::ip::address_v4::loopback(), port}; }

/// Runs one asynchronous operation to its end: only those obey the stream's time limit.
template <class Start>
void run(asio::io_context& io, const Start& start) {
  error_code result;
  start([&result](const error_code& error, auto&&...) { result = error; });
  io.restart();
  io.run();
  if (result) throw boost::system::system_error(result);
}

}  // namespace

HttpReply call(const HttpCall& request) {
  const auto port = port_of(request.url);
  const auto path = request.url.find('/', origin_prefix.size());
  http::request<http::string_body> message;
  message.version(11);
  message.method_string(request.method);
  message.target(path == std::string::npos ? "/" : request.url.substr(path));
  message.set(http::field::host, "127.0.0.1:" + std::to_string(port));
  for (const auto& [name, value] : request.fields) message.set(name, value);
  message.body() = request.body;
  if (!request.body.empty() || request.method == "POST") message.prepare_payload();

  asio::io_context io(1);
  beast::tcp_stream stream(io);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());
  stream.expires_after(request.limit);
  run(io, [&](auto done) { stream.async_connect(loopback(port), done); });
  run(io, [&](auto done) { http::async_write(stream, message, done); });
  run(io, [&](auto done) { http::async_read(stream, buffer, parser, done); });

  HttpReply reply;
  reply.status = static_cast<int>(parser.get().result_int());
  for (const auto& field : parser.get()) {
    const auto name = field.name_string();
    const auto value = field.value();
    reply.fields[lower({name.data(), name.size()})] = std::string(value.data(), value.size());
  }
  reply.body = std::move(parser.get().body());
  return reply;
}

std::string exchange_bytes(std::uint16_t port, std::string_view bytes, std::chrono::milliseconds limit) {
  asio::io_context io(1);
  beast::tcp_stream stream(io);
  stream.expires_after(limit);
  run(io, [&](auto done) { stream.async_connect(loopback(port), done); });
  std::string received;
  // Both at once: who refuses a large body answers before it has read it all, and may close then.
  asio::async_write(stream, asio::buffer(bytes.data(), bytes.size()), [](const error_code&, std::size_t) {});
  asio::async_read(stream, asio::dynamic_buffer(received), [&io](const error_code&, std::size_t) { io.stop(); });
  io.restart();
  io.run();
  return received;
}

std::uint16_t port_of(std::string_view url) {
  std::uint16_t port = 0;
  if (url.starts_with(origin_prefix)) std::from_chars(url.data() + origin_prefix.size(), url.data() + url.size(), port);
  if (port == 0) throw std::invalid_argument("not http://127.0.0.1:PORT: " + std::string(url));
  return port;
}

}  // namespace fulfilld::integration
