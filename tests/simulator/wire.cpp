// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/wire.hpp"

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <string_view>
#include <utility>

namespace fulfilld::simulator {
namespace {

using Wire = Fault::Wire;

/// Body and header fields as the fault wants them.
void alter(Reply& reply, const Fault& fault) {
  if (fault.status) reply.status = *fault.status;
  if (!fault.retry_after.empty()) reply.fields.emplace_back("Retry-After", fault.retry_after);
  if (fault.retry_after_date) reply.fields.emplace_back("Retry-After", http_date_in(*fault.retry_after_date));
  if (!fault.location.empty()) reply.fields.emplace_back("Location", fault.location);
  reply.fields.insert(reply.fields.end(), fault.fields.begin(), fault.fields.end());
  if (fault.wire == Wire::huge_header) reply.fields.emplace_back("X-Huge", std::string(fault.size, 'h'));

  switch (fault.body) {
    case Fault::Body::real:
      if (fault.status && *fault.status >= 300)
        reply.body = error_reply(*fault.status, "simulated", "the simulator was asked for this").body;
      break;
    case Fault::Body::empty:
      reply.body.clear();
      reply.content_type.clear();
      break;
    case Fault::Body::bad_json:
      reply.body = R"({"ok":true,"echo":)";
      break;
    case Fault::Body::html:
      reply.body = "<!doctype html><title>Sign in</title><p>Please sign in.</p>";
      reply.content_type = "text/html";
      break;
    case Fault::Body::huge: {
      reply.body = R"({"ok":true,"huge":")";
      reply.body.resize(std::max(reply.body.size(), fault.size), 'x');
      reply.body += "\"}";
      break;
    }
    case Fault::Body::text:
      reply.body = fault.text;
      break;
  }
}

std::string hex(std::size_t number) {
  char digits[16];
  return {digits, std::to_chars(digits, digits + sizeof digits, number, 16).ptr};
}

std::string chunk(std::string_view data) { return hex(data.size()) + "\r\n" + std::string(data) + "\r\n"; }

/// The header section; `length` is what it says of the body.
std::string head_of(const Reply& reply, std::string_view version, std::string_view length, bool keep_alive) {
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(reply.status));
  std::string head = std::string(version) + " " + std::to_string(reply.status) + " ";
  head.append(reason.data(), reason.size()).append("\r\n");
  if (!reply.content_type.empty()) head.append("Content-Type: ").append(reply.content_type).append("\r\n");
  for (const auto& [name, value] : reply.fields) head.append(name).append(": ").append(value).append("\r\n");
  head.append(length);
  if (!keep_alive) head.append("Connection: close\r\n");
  return head.append("\r\n");
}

std::size_t cut_position(const WireImage& image, const Fault& fault) {
  if (fault.cut == Fault::Cut::none) return WireImage::no_cut;
  switch (fault.after) {
    case Fault::After::nothing:
      return 0;
    case Fault::After::head:
      return image.head;
    case Fault::After::half:
      return image.head + (image.bytes.size() - image.head) / 2;
    case Fault::After::all:
      return image.bytes.size();
    case Fault::After::bytes:
      return std::min(fault.after_bytes, image.bytes.size());
  }
  return 0;
}

}  // namespace

WireImage render(Reply reply, const Fault& fault, bool keep_alive, bool head_request) {
  alter(reply, fault);
  const auto content_length = [](std::size_t length) { return "Content-Length: " + std::to_string(length) + "\r\n"; };
  const std::string chunked = "Transfer-Encoding: chunked\r\n";

  WireImage image;
  image.status = reply.status;
  image.keep_alive = keep_alive && fault.cut == Fault::Cut::none;
  std::string_view version = "HTTP/1.1";
  std::string length = content_length(reply.body.size());
  std::string body = reply.body;
  switch (fault.wire) {
    case Wire::plain:
    case Wire::huge_header:
      break;
    case Wire::chunked:
      length = chunked;
      body = (reply.body.empty() ? "" : chunk(reply.body)) + chunk("");
      break;
    case Wire::http10:
      version = "HTTP/1.0";
      length.clear();
      image.keep_alive = false;
      break;
    case Wire::long_length:
      length = content_length(reply.body.size() + 10);
      image.keep_alive = false;
      break;
    case Wire::short_length:
      length = content_length(reply.body.size() / 2);
      break;
    case Wire::bad_chunk:
      length = chunked;
      body = "no-number\r\n" + reply.body;
      image.keep_alive = false;
      break;
    case Wire::endless_body:
      length = chunked;
      body = chunk(reply.body);
      image.endless = chunk(std::string(4096, ' '));
      break;
    case Wire::endless_continue:
      image.endless = "HTTP/1.1 100 Continue\r\n\r\n";
      break;
    case Wire::garbage:
      image.bytes = "\x16\x03\x01 this is no HTTP\r\n";
      image.keep_alive = false;
      break;
  }
  // 1xx, 204, 304 and answers to HEAD have no body; a 204 has no length either (RFC 9110, 8.6).
  if (reply.status == 204) length.clear();
  if (reply.status < 200 || reply.status == 204 || reply.status == 304 || head_request) body.clear();
  if (fault.wire == Wire::garbage) {
    image.head = image.bytes.size();
  } else if (fault.wire != Wire::endless_continue) {
    // A close that is announced is polite; the impolite one is a cut.
    image.bytes = head_of(reply, version, length, keep_alive);
    image.head = image.bytes.size();
    image.bytes += body;
  }
  image.cut = cut_position(image, fault);
  return image;
}

}  // namespace fulfilld::simulator
