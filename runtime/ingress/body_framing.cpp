// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/body_framing.hpp"

#include <Poco/Net/HTTPRequest.h>
#include <Poco/String.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace fulfilld {
namespace {

BodyFraming broken(std::string problem) { return {BodyFraming::Kind::broken, 0, std::move(problem)}; }

bool is_token_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), is_token_character);
}

BodyFraming by_length(const std::string& text) {
  BodyFraming framing{BodyFraming::Kind::length, 0, {}};
  const auto* const end = text.data() + text.size();
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const auto parsed = std::from_chars(text.data(), end, framing.length);
  if (!digits || parsed.ec != std::errc{} || parsed.ptr != end) return broken("Content-Length is not a number");
  return framing;
}

}  // namespace

BodyFraming body_framing(const Poco::Net::HTTPRequest& request) {
  const auto& version = request.getVersion();
  if (version != Poco::Net::HTTPRequest::HTTP_1_1 && version != Poco::Net::HTTPRequest::HTTP_1_0)
    return broken("Only HTTP/1.1 and HTTP/1.0 are spoken here");

  const std::string* length = nullptr;
  const std::string* encoding = nullptr;
  for (const auto& [name, value] : request) {
    if (!is_token(name)) return broken("A header name has a character that is not allowed");
    if (name.size() == 14 && Poco::icompare(name, Poco::Net::HTTPRequest::CONTENT_LENGTH) == 0) {
      if (length != nullptr) return broken("Content-Length is given more than once");
      length = &value;
    } else if (name.size() == 17 && Poco::icompare(name, Poco::Net::HTTPRequest::TRANSFER_ENCODING) == 0) {
      if (encoding != nullptr) return broken("Transfer-Encoding is given more than once");
      encoding = &value;
    }
  }
  if (encoding == nullptr) return length == nullptr ? BodyFraming{} : by_length(*length);
  if (length != nullptr) return broken("Content-Length and Transfer-Encoding exclude each other");
  if (version == Poco::Net::HTTPRequest::HTTP_1_0) return broken("HTTP/1.0 has no Transfer-Encoding");
  if (Poco::icompare(*encoding, Poco::Net::HTTPRequest::CHUNKED_TRANSFER_ENCODING) != 0)
    return broken("The only Transfer-Encoding taken is chunked");
  return {BodyFraming::Kind::chunked, 0, {}};
}

}  // namespace fulfilld
