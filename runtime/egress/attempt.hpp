// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "actors/ports/clock.hpp"
#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// An exchange on its way through the engine.
struct Attempt {
  std::shared_ptr<HttpExchange> exchange;
  MonotonicTime started;
  MonotonicTime deadline;
  bool second_time = false;  ///< the first went over a connection that turned out to be dead

  /// Hands the exchange back. `detail` is for a person; of a failure it is told with the origin.
  void finish(HttpFailure failure, std::string detail, MonotonicTime now) noexcept;
};

}  // namespace fulfilld
