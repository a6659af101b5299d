// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/session_buffer.hpp"

#include <Poco/Net/HTTPServerSession.h>

namespace fulfilld {
namespace {

/// Poco keeps these for its own streams; they are members of every session all the same.
struct Buffer : Poco::Net::HTTPServerSession {
  using HTTPServerSession::buffered;
  using HTTPServerSession::get;
  using HTTPServerSession::peek;
};

}  // namespace

void drop_empty_lines(Poco::Net::HTTPServerSession& session) {
  constexpr auto buffered = &Buffer::buffered;
  constexpr auto peek = &Buffer::peek;
  constexpr auto get = &Buffer::get;
  while ((session.*buffered)() > 0 && ((session.*peek)() == '\r' || (session.*peek)() == '\n')) (session.*get)();
}

}  // namespace fulfilld
