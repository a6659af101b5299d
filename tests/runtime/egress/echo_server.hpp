// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "actors/url.hpp"

namespace fulfilld::testing {

/// A fast HTTP server on one thread that answers every request with the same small JSON: a peer for measurements and
/// for very many connections. It holds its answers back until `hold_until` requests have come.
class EchoServer {
 public:
  explicit EchoServer(std::size_t hold_until = 0);
  ~EchoServer();
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;

  [[nodiscard]] Url url(std::string_view target = "/") const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace fulfilld::testing
