// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// Beast's HTTP/1 parser, writing straight into an answer. It is stricter than its base: the whole header is bounded
/// in bytes and fields, however it arrives (Beast forgets what it has consumed), and a Transfer-Encoding other than
/// `chunked`, which was not asked for, is an error. One parser reads one message, also an interim (1xx) one.
class AnswerParser final : public boost::beast::http::basic_parser<false> {
 public:
  static constexpr std::size_t header_limit = 65536;  ///< bytes of status line and fields, and of a trailer
  static constexpr std::size_t max_fields = 256;

  /// `no_body`: the request was a HEAD. `answer` outlives the parser.
  AnswerParser(HttpAnswer& answer, std::size_t body_limit, bool no_body);

  /// True once an interim answer has been read: it is to be forgotten, and the next message parsed.
  [[nodiscard]] bool is_interim() const noexcept { return answer_.status >= 100 && answer_.status < 200; }

  /// For how long the peer says that it keeps the connection (`Keep-Alive: timeout=N`), if it says so.
  [[nodiscard]] std::optional<std::chrono::seconds> keep_alive_timeout() const noexcept { return keep_alive_timeout_; }

 private:
  using Error = boost::beast::error_code;
  using Text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb method, Text method_text, Text target, int version,
                       Error& error) override;
  void on_response_impl(int status, Text reason, int version, Error& error) override;
  void on_field_impl(boost::beast::http::field field, Text name, Text value, Error& error) override;
  void on_header_impl(Error& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& content_length, Error& error) override;
  std::size_t on_body_impl(Text body, Error& error) override;
  void on_chunk_header_impl(std::uint64_t size, Text extensions, Error& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remaining, Text body, Error& error) override;
  void on_finish_impl(Error& error) override;

  HttpAnswer& answer_;
  std::size_t header_bytes_ = 0;
  std::optional<std::chrono::seconds> keep_alive_timeout_;
  bool in_trailer_ = false;
};

}  // namespace fulfilld
