// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor_addr.hpp>
#include <caf/actor_control_block.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "actors/interfaces.hpp"

namespace fulfilld {

/// A service actor under the name by which it is configured and spoken of. Those of one kind share their policy.
struct ServiceActor {
  std::string name;  ///< `http_pool`, `rate_limiter`, `callback_lane`, or `token NAME`
  std::string kind;  ///< the same, without the credential's NAME
  caf::strong_actor_ptr actor;
};

/// The service actors that calls and results go through. They hold each other's handles, so they are made together,
/// and replaced together when one of them dies.
struct Routes {
  http_pool_actor pool;
  rate_limiter_actor limiter;
  std::map<std::string, token_actor> tokens;  ///< by credential
  callback_lane_actor callbacks;
  std::function<void()> push_fixed_tokens;  ///< gives the limiter those that nobody fetches, as they are now; or empty

  /// All of them, callers first.
  [[nodiscard]] std::vector<ServiceActor> all() const;

  /// The names of all of them, also of those that are not made yet.
  [[nodiscard]] std::vector<std::string> names() const;

  /// Secrets may have changed: has all tokens fetched, or pushed, anew.
  void renew_tokens() const;

  /// Hands the question to the service actor of that name; one that does not exist leaves it unanswered.
  void ask(const std::string& name, const PulsePtr& pulse) const;

 private:
  /// The one list of them: `visit(name, kind, handle)` for each.
  template <class Visit>
  void for_each(Visit visit) const;
};

}  // namespace fulfilld
