// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/policy/reason.hpp"
#include "actors/url.hpp"

namespace fulfilld {

/// One header field of an answer. Names keep the case in which they arrived; compare without regard to it.
struct HttpField {
  std::string name;
  std::string value;
};

/// A request as the engine puts it on the wire. The engine adds Host, Connection, Content-Length and Authorization,
/// Accept-Encoding and User-Agent where `header_lines` has none of its own, and nothing else.
struct HttpRequest {
  std::string method = "GET";
  Url url;
  std::string header_lines;                     ///< zero or more `Name: value\r\n`, already checked for CR, LF and NUL
  std::string authorization;                    ///< the whole value of Authorization, or empty for none
  std::shared_ptr<const std::string> body;      ///< null: no body and no Content-Length
  std::chrono::milliseconds time_limit{5000};   ///< hard limit of the whole attempt, connect to last byte
  std::size_t answer_limit = 1 << 20;           ///< bytes of answer body, decoded, above which the attempt ends
  std::chrono::milliseconds idle_limit{30000};  ///< how long its connection may be kept unused afterwards
};

/// How an attempt ended below HTTP.
enum class HttpFailure : std::uint8_t {
  none,         ///< an answer was read completely
  resolve,      ///< the name has no address, or the resolver gave none in time
  connect,      ///< refused, unreachable, or not connected in time
  tls,          ///< handshake or certificate check failed, or not finished in time; or only one side speaks TLS
  timeout,      ///< the time limit passed, and not while name, connection or handshake were waited for
  reset,        ///< the connection broke before the answer was complete
  bad_answer,   ///< what came is not HTTP, or a body that is encoded as nobody asked for
  too_large,    ///< the body exceeds `answer_limit`
  no_socket,    ///< this machine lacked a descriptor, a port or memory for a connection: says nothing of the peer
  cancelled,    ///< the engine was stopped
  turned_away,  ///< never given to the engine; `HttpAnswer::refusal` says why
};

/// Why a final answer does not tell whether the call was carried out.
enum class Doubt : std::uint8_t {
  none,             ///< it does tell, or nobody has to know
  of_this_attempt,  ///< there is none that tells
  of_an_earlier,    ///< it tells of the last attempt, but one before may have been carried out
};

/// What came back. Valid once the exchange has finished.
struct HttpAnswer {
  HttpFailure failure = HttpFailure::none;
  Reason refusal = Reason::none;  ///< why the call was turned away
  bool request_sent = false;      ///< at least one byte of the request may have reached the peer
  Doubt doubt = Doubt::none;      ///< set by who made the call
  bool lasting = false;           ///< of `tls`: another attempt cannot help, somebody has to change something first
  int status = 0;                 ///< 0 unless a status line was read
  std::vector<HttpField> fields;
  std::string body;
  std::chrono::microseconds elapsed{0};  ///< from the start of the attempt to its end
  /// For a person, e.g. "http://a.test: connect: Connection refused"; may be empty. Also of an answer other than 2xx
  /// whose body could not be decoded, and is empty for that.
  std::string detail;

  /// The value of the first field of that name (case-insensitive), or an empty view.
  [[nodiscard]] std::string_view field(std::string_view name) const noexcept {
    const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    for (const auto& f : fields)
      if (std::equal(f.name.begin(), f.name.end(), name.begin(), name.end(), same)) return f.value;
    return {};
  }
};

/// One attempt. Made by whoever wants it, handed to the engine, handed back by `finished()`.
class HttpExchange {
 public:
  HttpExchange() = default;
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;
  virtual ~HttpExchange() = default;

  HttpRequest request;  ///< not touched by its maker between `start` and `finished`
  HttpAnswer answer;    ///< written by the engine, not read by its maker before `finished`

  /// Called exactly once for each `HttpEngine::start`, on the engine's own thread; must not block.
  virtual void finished(std::shared_ptr<HttpExchange> self) noexcept = 0;
};

/// Makes HTTP calls: persistent connections, one hard limit for each attempt, redirects never followed. It has
/// no queue and no cap of its own: the http_pool actor before it bounds what is in flight.
class HttpEngine {
 public:
  virtual ~HttpEngine() = default;

  /// Starts the attempt now. Any thread; never blocks. `answer` must be as default-constructed.
  virtual void start(std::shared_ptr<HttpExchange> exchange) = 0;
};

}  // namespace fulfilld
