// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "actors/ports/http_engine.hpp"
#include "runtime/egress/content_decoder.hpp"
#include "runtime/egress/lenient_head.hpp"

namespace fulfilld {

/// Beast's HTTP/1 parser, writing straight into an answer. It is stricter than its base where it is about bounds: the
/// whole header in bytes and fields, however it arrives (Beast forgets what it has consumed); and a Transfer-Encoding
/// other than `chunked`, which was not asked for, is an error. It takes more than its base in how a head is written
/// (LenientHead) and blanks behind the size of a chunk, as all usual clients do, and undoes a Content-Encoding of gzip
/// or deflate. One parser reads one message, also an interim (1xx) one.
///
/// A body that cannot be decoded is an error of a 2xx. Of any other answer the status says what matters: its body is
/// left out, and `problem` tells why.
class AnswerParser final : public boost::beast::http::basic_parser<false> {
 public:
  static constexpr std::size_t header_limit = 65536;  ///< bytes of status line and fields, and of a trailer
  static constexpr std::size_t max_fields = 256;

  /// `body_limit`: bytes of body, after decoding. `no_body`: the request was a HEAD. `answer` outlives the parser.
  AnswerParser(HttpAnswer& answer, std::size_t body_limit, bool no_body);

  /// Parses what is at the front of `input`, and removes it. `need_more`: as far as it goes.
  void read(boost::beast::flat_buffer& input, boost::beast::error_code& error);

  /// What is wrong, where an error code cannot say it: for a person, empty if nothing is.
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

  /// True once a body that is encoded has begun, until it ends.
  [[nodiscard]] bool is_decoding() const noexcept { return decoder_ != nullptr; }

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

  /// Shows the parser `size` bytes of the front. Returns how many it has taken.
  std::size_t take(boost::beast::flat_buffer& input, std::size_t size, Error& error);
  void decode(std::string_view piece, Error& error);
  void give_up(std::string problem, Error& error);

  HttpAnswer& answer_;
  const std::size_t limit_;
  LenientHead head_;
  bool careful_ = false;  ///< what comes goes through head_
  ContentCoding coding_;
  std::unique_ptr<ContentDecoder> decoder_;
  std::string problem_;
  const bool no_body_;
  std::size_t header_bytes_ = 0;
  std::optional<std::chrono::seconds> keep_alive_timeout_;
  bool in_trailer_ = false;
};

}  // namespace fulfilld
