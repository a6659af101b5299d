// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "actors/ports/http_engine.hpp"
#include "runtime/egress/asio_http_engine.hpp"
#include "tests/runtime/egress/fault_server.hpp"
#include "tests/runtime/egress/full_queue.hpp"
#include "tests/runtime/egress/test_certificates.hpp"

namespace fulfilld::testing {

/// Something that a peer, the way to it or its name does to an attempt.
struct Fault {
  /// Where the attempts go.
  enum class Target : std::uint8_t {
    server,           ///< behaves as `conduct` says
    tls_server,       ///< the same under TLS
    no_tls_server,    ///< asked for https, and knows only http
    closed_port,      ///< refuses
    full_queue,       ///< never takes a connection: SYNs are dropped
    hanging_names,    ///< the resolver does not come back
    names_that_fail,  ///< the resolver says no
  };

  std::string name;
  std::set<HttpFailure> ends;  ///< how its attempts may end
  FaultServer::ConductOf conduct{};
  Target target = Target::server;
  bool takes_all_time = false;  ///< its attempts end at their limit, and not before
  std::size_t at_a_time = 100;  ///< so many that a slow machine can still keep up
  std::size_t answer_limit = 1 << 20;
  std::string method{"POST"};

  [[nodiscard]] bool with_names() const noexcept {
    return target == Target::hanging_names || target == Target::names_that_fail;
  }
};
inline void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

[[nodiscard]] const std::vector<Fault>& all_faults();

/// A fault that is there to be met. Outlives the engine that meets it.
class FaultyTarget {
 public:
  explicit FaultyTarget(const Fault& fault);
  ~FaultyTarget();
  FaultyTarget(const FaultyTarget&) = delete;
  FaultyTarget& operator=(const FaultyTarget&) = delete;

  /// What the engine has to trust, and how it finds names.
  [[nodiscard]] EgressSettings settings() const;

  /// Makes `request` one that meets the fault. Any thread.
  void prepare(std::size_t number, HttpRequest& request) const;

  /// Waits until the peer has seen all connections end. False if that takes too long.
  [[nodiscard]] bool wait_until_all_are_gone() const;

 private:
  class Names;
  const Fault& fault_;
  std::unique_ptr<TestAuthority> authority_;
  TlsContextPtr tls_{nullptr, &SSL_CTX_free};
  std::unique_ptr<FaultServer> server_;
  std::unique_ptr<FullQueue> full_queue_;
  std::shared_ptr<Names> names_;
  Url url_;
};

}  // namespace fulfilld::testing
