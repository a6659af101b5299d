// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/answer_parser.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <boost/system/error_code.hpp>
#include <charconv>
#include <string_view>
#include <utility>

namespace fulfilld {

namespace http = boost::beast::http;

namespace {

/// A length that is only announced must not take more memory than this.
constexpr std::uint64_t most_reserved_ahead = 65536;

/// A coded body may be a little longer than what it holds: 5 bytes for each block of 64 KiB, and what is around it.
constexpr std::size_t longest_coded(std::size_t decoded) noexcept { return decoded + decoded / 1024 + 1024; }

/// `timeout` of a Keep-Alive field, however it is written: `Timeout = "5"`.
std::optional<std::chrono::seconds> timeout_parameter(std::string_view value) {
  constexpr std::string_view name = "timeout";
  const auto same = [](char a, char b) { return (a | 0x20) == b; };
  const auto* at = std::search(value.begin(), value.end(), name.begin(), name.end(), same);
  if (at == value.end()) return std::nullopt;
  at = std::find_if_not(at + name.size(), value.end(), [](char c) { return c == ' ' || c == '=' || c == '"'; });
  std::uint32_t seconds = 0;
  if (std::from_chars(at, value.end(), seconds).ec != std::errc{}) return std::nullopt;
  return std::chrono::seconds{seconds};
}

bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

bool is_hex(char c) noexcept {
  const char lower = static_cast<char>(c | 0x20);
  return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f');
}

/// The line of a chunk's size at the front, behind the end of the chunk before it: blanks that end it become zeros
/// before it, which mean nothing either. False if there are none.
bool mend_chunk_size(char* begin, char* end) noexcept {
  if (end - begin >= 2 && begin[0] == '\r' && begin[1] == '\n') begin += 2;
  char* const size_end = std::find_if_not(begin, end, is_hex);
  char* const blanks_end = std::find_if_not(size_end, end, is_blank);
  if (size_end == begin || blanks_end == size_end || blanks_end == end || *blanks_end != '\r') return false;
  std::fill(begin, std::copy_backward(begin, size_end, blanks_end), '0');
  return true;
}

}  // namespace

AnswerParser::AnswerParser(HttpAnswer& answer, std::size_t body_limit, bool no_body)
    : answer_(answer), limit_(body_limit), no_body_(no_body) {
  answer_.status = 0;
  answer_.fields.clear();
  eager(true);
  basic_parser::header_limit(header_limit);
  basic_parser::body_limit(body_limit);
  skip(no_body);
}

void AnswerParser::read(boost::beast::flat_buffer& input, Error& error) {
  if (!careful_) {
    input.consume(take(input, input.size(), error));
    if (!error || is_header_done()) return;
    // Most heads are well written and come in one piece: only now is it looked at line by line. Nothing of the line at
    // which the parser stopped has been taken.
    careful_ = true;
    if (answer_.status != 0) head_.begin_with_fields();
  }
  const std::size_t size = head_.ready(input);
  if (size == 0) {
    error = head_.is_hopeless() ? http::error::bad_version : http::error::need_more;
    return;
  }
  const std::size_t taken = take(input, size, error);
  input.consume(taken);
  head_.taken(taken);
}

std::size_t AnswerParser::take(boost::beast::flat_buffer& input, std::size_t size, Error& error) {
  char* const bytes = static_cast<char*>(input.data().data());
  std::size_t taken = put(boost::asio::const_buffer(bytes, size), error);
  // Servers that reserve room for the size pad it with blanks. Nothing of the line at which the parser stopped has been
  // taken, but it counts as body already: from here on we count.
  while (error == http::error::bad_chunk_extension && mend_chunk_size(bytes + taken, bytes + size)) {
    basic_parser::body_limit(boost::none);
    taken += put(boost::asio::const_buffer(bytes + taken, size - taken), error);
  }
  return taken;
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
    ContentCoding named;
    named.add({value.data(), value.size()});
    problem_ = "it has the Transfer-Encoding \"" + named.names() + "\": only chunked is understood";
    error = http::error::bad_transfer_encoding;
    return;
  }
  if (field == http::field::keep_alive)
    if (const auto told = timeout_parameter({value.data(), value.size()}))
      keep_alive_timeout_ = std::min(*told, keep_alive_timeout_.value_or(*told));
  if (field == http::field::content_encoding) {
    coding_.add({value.data(), value.size()});
    basic_parser::body_limit(longest_coded(limit_));  // what it makes is measured as it is made
  }
  answer_.fields.push_back({std::string(name), std::string(value)});
}

void AnswerParser::on_header_impl(Error&) {}

void AnswerParser::on_body_init_impl(const boost::optional<std::uint64_t>& content_length, Error&) {
  in_trailer_ = true;
  if (content_length) answer_.body.reserve(std::min(*content_length, most_reserved_ahead));
}

std::size_t AnswerParser::on_body_impl(Text body, Error& error) {
  if (coding_.none()) {
    if (body.size() > limit_ - answer_.body.size()) {
      error = http::error::body_limit;
      return 0;
    }
    answer_.body.append(body.data(), body.size());
  } else if (problem_.empty()) {
    decode({body.data(), body.size()}, error);
  }
  return body.size();
}

void AnswerParser::decode(std::string_view piece, Error& error) {
  if (!decoder_) {
    if (!coding_.is_gzip() && !coding_.is_deflate())
      return give_up("is encoded as \"" + coding_.names() + "\": only gzip and deflate are understood", error);
    decoder_ = std::make_unique<ContentDecoder>(coding_.is_deflate());
  }
  switch (decoder_->decode(piece, answer_.body, limit_)) {
    case ContentDecoder::Result::good:
      return;
    case ContentDecoder::Result::too_large:
      error = http::error::body_limit;
      return;
    case ContentDecoder::Result::damaged:
      return give_up("is not the " + coding_.names() + " that its Content-Encoding says", error);
  }
}

void AnswerParser::give_up(std::string problem, Error& error) {
  problem_ = "the body " + std::move(problem);
  answer_.body.clear();
  decoder_.reset();
  if (answer_.status >= 200 && answer_.status < 300)
    error = make_error_code(boost::system::errc::illegal_byte_sequence);
}

void AnswerParser::on_chunk_header_impl(std::uint64_t, Text, Error&) {}

std::size_t AnswerParser::on_chunk_body_impl(std::uint64_t, Text body, Error& error) {
  return on_body_impl(body, error);
}

void AnswerParser::on_finish_impl(Error& error) {
  // Without a body, the fields of a HEAD and a 304 tell of what there would be.
  if (coding_.none() || no_body_ || answer_.status == 304) return;
  if (decoder_ && !decoder_->complete()) give_up("is " + coding_.names() + " that ends too soon", error);
  decoder_.reset();
  // They tell of what came, not of what is handed on.
  std::erase_if(answer_.fields, [](const HttpField& field) {
    return boost::beast::iequals(field.name, "Content-Encoding") || boost::beast::iequals(field.name, "Content-Length");
  });
}

}  // namespace fulfilld
