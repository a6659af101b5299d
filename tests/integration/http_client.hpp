// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "tests/integration/process.hpp"

namespace fulfilld::integration {

/// A request of a test. The URL is `http://127.0.0.1:PORT/...`, written by the test itself.
struct HttpCall {
  std::string method = "GET";
  std::string url;
  std::string body;
  std::map<std::string, std::string> fields;  ///< Content-Type and the like
  std::chrono::milliseconds limit = patience;
};

/// What came back.
struct HttpReply {
  int status = 0;
  std::map<std::string, std::string> fields;  ///< names in lower case
  std::string body;
};

/// One request on a connection of its own. Throws boost::system::system_error when there is no answer in time.
[[nodiscard]] HttpReply call(const HttpCall& request);

/// Sends the bytes as they are and returns all that comes until the other side closes, or `limit` is over.
[[nodiscard]] std::string exchange_bytes(std::uint16_t port, std::string_view bytes,
                                         std::chrono::milliseconds limit = patience);

/// The port of such a URL.
[[nodiscard]] std::uint16_t port_of(std::string_view url);

}  // namespace fulfilld::integration
