// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "actors/url.hpp"

namespace fulfilld::testing {

/// How a server treats one connection. Bytes are counted as they leave: under TLS those of its records, from the
/// first of the handshake on.
struct Conduct {
  enum class End : std::uint8_t { hang, close, reset };
  static constexpr std::uint64_t never = UINT64_MAX;

  std::string answer{};            ///< to each request; may be empty
  bool unasked = false;            ///< the first answer does not wait for a request
  std::string endless{};           ///< follows the answer, again and again
  std::uint64_t endless_size = 0;  ///< so many bytes of it
  bool closes = false;             ///< when all of that has been sent

  std::chrono::milliseconds pace{0};  ///< between two pieces; 0: as fast as it goes
  std::size_t piece = 1;              ///< bytes
  std::uint64_t paced_from = 0;       ///< what comes before this byte goes out at once

  std::uint64_t cut = never;  ///< instead of sending this byte it does what `end` says
  End end = End::hang;
};

/// A server on a loopback port for very many connections that go wrong, on one thread, without growing.
class FaultServer {
 public:
  /// The conduct on each connection, by its number from 0; called on the server's thread.
  using ConductOf = std::function<Conduct(std::uint64_t connection)>;

  /// With `tls`, which it does not own, it speaks https.
  explicit FaultServer(ConductOf conduct_of, SSL_CTX* tls = nullptr);
  ~FaultServer();
  FaultServer(const FaultServer&) = delete;
  FaultServer& operator=(const FaultServer&) = delete;

  [[nodiscard]] Url url(const std::string& scheme = "http") const;

  [[nodiscard]] std::uint64_t connections() const;  ///< accepted so far
  [[nodiscard]] std::uint64_t requests() const;     ///< read so far

  /// Waits until it has read so many requests, or until no connection is open. False if that takes too long.
  [[nodiscard]] bool wait_for_requests(std::uint64_t count) const;
  [[nodiscard]] bool wait_until_all_are_gone() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace fulfilld::testing
