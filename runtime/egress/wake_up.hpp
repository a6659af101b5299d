// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "actors/ports/clock.hpp"

namespace fulfilld {

/// Calls one function at the earliest moment asked for since it was last called. Asking for a later moment than the
/// one that is set costs nothing, so the caller asks anew from within the function. Loop thread only.
class WakeUp {
 public:
  WakeUp(boost::asio::io_context& context, std::function<void()> on_wake);
  ~WakeUp();
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;

  void at(MonotonicTime when);

  /// The function is not called any more.
  void cancel() noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace fulfilld
