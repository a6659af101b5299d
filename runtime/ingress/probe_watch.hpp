// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "runtime/ingress/descriptor.hpp"

namespace fulfilld {

/// Tells who of those that wait for a place has sent a probe: a request for `/healthz` or `/readyz`. Behind a crowd of
/// executions it would be answered too late, and a balancer would take a busy service for a dead one. One thread.
class ProbeWatch {
 public:
  /// Throws std::system_error.
  ProbeWatch();

  /// Looks once at what this connection sends first, without taking it.
  void add(int connection) noexcept;
  /// No longer. Before its descriptor is closed or handed on.
  void remove(int connection) noexcept;

  /// Readable (poll) when somebody has sent something.
  [[nodiscard]] int descriptor() const noexcept { return poll_.get(); }
  /// Those that have sent a probe since the last time. Never blocks.
  [[nodiscard]] std::vector<int> take() noexcept;

 private:
  const Descriptor poll_;
};

}  // namespace fulfilld
