// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fulfilld {

/// An HTTP answer as it came over the wire; status 0 if the connection ended before one was complete.
struct RawAnswer {
  int status = 0;
  std::string head;  ///< status line and headers
  std::string body;

  /// Value of a header, or empty. `name` as the server writes it.
  [[nodiscard]] std::string header(std::string_view name) const;
  /// Member of the JSON body as text, or empty.
  [[nodiscard]] std::string member(std::string_view name) const;
  [[nodiscard]] bool is_json_error() const;
};

/// A client on loopback that sends any bytes. Every wait is limited to 20 seconds.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient();

  /// False if the server has closed.
  bool send(std::string_view bytes);
  void finish_sending();

  /// The next answer. `with_body` false after HEAD.
  [[nodiscard]] RawAnswer receive(bool with_body = true);
  /// Everything up to the next "\r\n\r\n".
  [[nodiscard]] std::string receive_head();
  /// True if the server closes without sending anything more.
  [[nodiscard]] bool ends();
  /// True if it ends by a reset (RST) instead of an orderly end.
  [[nodiscard]] bool was_reset() const noexcept { return reset_; }

 private:
  bool fill();

  int socket_;
  std::string buffer_;
  bool reset_ = false;
};

/// `POST path` with a JSON body and its length. `headers`: further header lines, each with CRLF.
[[nodiscard]] std::string post(std::string_view body, std::string_view path = "/execute",
                               std::string_view headers = {});

/// A request without a body.
[[nodiscard]] std::string request(std::string_view method, std::string_view path);

/// A valid body of /execute.
[[nodiscard]] std::string execute_body(std::string_view id = "f-1", std::string_view data = R"({"a":1})");

}  // namespace fulfilld
