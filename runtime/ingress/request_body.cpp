// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/request_body.hpp"

#include <Poco/Buffer.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <array>
#include <streambuf>

#include "runtime/ingress/chunked_body.hpp"

namespace fulfilld {
namespace {

constexpr std::uint64_t piece = 64 * 1024;

}  // namespace

bool read_body(Poco::Net::HTTPServerRequestImpl& request, std::uint64_t length, std::size_t padding,
               std::string& body) {
  auto& source = *request.stream().rdbuf();
  body.clear();
  while (body.size() < length) {
    const auto wanted = static_cast<std::size_t>(std::min(piece, length - body.size()));
    const auto had = body.size();
    body.reserve(had + wanted + padding);
    body.resize(had + wanted);
    const auto received = source.sgetn(body.data() + had, static_cast<std::streamsize>(wanted));
    if (received != static_cast<std::streamsize>(wanted)) return false;
  }
  return true;
}

Reason read_chunked_body(Poco::Net::HTTPServerRequestImpl& request, std::size_t limit, std::size_t padding,
                         std::string& body) {
  body.clear();
  ChunkedBody chunks(body, limit);
  Poco::Buffer<char> buffered(0);
  request.session().drainBuffer(buffered);
  auto state = chunks.feed({buffered.begin(), buffered.size()});
  std::array<char, 4096> buffer;
  while (state == ChunkedBody::State::more) {
    const int received = request.socket().receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
    if (received <= 0) return Reason::bad_request;
    state = chunks.feed({buffer.data(), static_cast<std::size_t>(received)});
  }
  if (state == ChunkedBody::State::too_large) return Reason::body_too_large;
  if (state == ChunkedBody::State::broken) return Reason::bad_request;
  body.reserve(body.size() + padding);
  return Reason::none;
}

bool skip_body(Poco::Net::HTTPServerRequestImpl& request, std::uint64_t length) {
  auto& source = *request.stream().rdbuf();
  std::array<char, 4096> waste;
  while (length > 0) {
    const auto wanted = static_cast<std::streamsize>(std::min<std::uint64_t>(waste.size(), length));
    if (source.sgetn(waste.data(), wanted) != wanted) return false;
    length -= static_cast<std::uint64_t>(wanted);
  }
  return true;
}

}  // namespace fulfilld
