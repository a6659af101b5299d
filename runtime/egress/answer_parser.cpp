// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/answer_parser.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <charconv>
#include <string_view>

namespace fulfilld {

namespace http = boost::beast::http;

namespace {

/// A length that is only announced must not take more memory than this.
constexpr std::uint64_t most_reserved_ahead = 65536;

std::optional<std::chrono::seconds> timeout_parameter(std::string_view value) {
  constexpr std::string_view name = "timeout=";
  const auto at = value.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  std::uint32_t seconds = 0;
  const char* const digits = value.data() + at + name.size();
  if (std::from_chars(digits, value.data() + value.size(), seconds).ec != std::errc{}) return std::nullopt;
  return std::chrono::seconds{seconds};
}

}  // namespace

AnswerParser::AnswerParser(HttpAnswer& answer, std::size_t body_limit, bool no_body) : answer_(answer) {
  answer_.status = 0;
  answer_.fields.clear();
  eager(true);
  basic_parser::header_limit(header_limit);
  basic_parser::body_limit(body_limit);
  skip(no_body);
}

void AnswerParser::on_request_impl(http::verb, Text, Text, int, Error&) {}

void AnswerParser::on_response_impl(int status, Text reason, int, Error& error) {
  // 101 ends HTTP on this connection; nobody asked for that.
  if (status < 100 || status == 101) {
    error = http::error::bad_status;
    return;
  }
  answer_.status = status;
  header_bytes_ = reason.size();
}

void AnswerParser::on_field_impl(http::field field, Text name, Text value, Error& error) {
  header_bytes_ += name.size() + value.size() + 4;
  if (header_bytes_ > header_limit || answer_.fields.size() >= max_fields) {
    error = http::error::header_limit;
    return;
  }
  if (in_trailer_) return;  // RFC 9110 section 6.5.1: not to be merged into the header unseen
  if (field == http::field::transfer_encoding && !boost::beast::iequals(value, "chunked")) {
    error = http::error::bad_transfer_encoding;
    return;
  }
  if (field == http::field::keep_alive) keep_alive_timeout_ = timeout_parameter({value.data(), value.size()});
  answer_.fields.push_back({std::string(name), std::string(value)});
}

void AnswerParser::on_header_impl(Error&) {}

void AnswerParser::on_body_init_impl(const boost::optional<std::uint64_t>& content_length, Error&) {
  in_trailer_ = true;
  if (content_length) answer_.body.reserve(std::min(*content_length, most_reserved_ahead));
}

std::size_t AnswerParser::on_body_impl(Text body, Error&) {
  answer_.body.append(body.data(), body.size());
  return body.size();
}

void AnswerParser::on_chunk_header_impl(std::uint64_t, Text, Error&) {}

std::size_t AnswerParser::on_chunk_body_impl(std::uint64_t, Text body, Error& error) {
  return on_body_impl(body, error);
}

void AnswerParser::on_finish_impl(Error&) {}

}  // namespace fulfilld
