// SPDX-License-Identifier: Apache-2.0
#include "database.hpp"

#include <chrono>
#include <cstddef>
#include <fulfill/error.hpp>
#include <utility>

namespace postgresql {
namespace {

using namespace std::chrono_literals;
using fulfill::Failed;

constexpr auto kTimeToTerminate = 2s;

/// A server, too, may repeat what it was told.
Failed without(const std::string& password, const Failed& failed) {
  std::string message = failed.message();
  if (password.empty()) return failed;
  for (auto at = message.find(password); at != std::string::npos; at = message.find(password, at + 3))
    message.replace(at, password.size(), "***");
  return {failed.code(), message};
}

}  // namespace

Database::Database(const fulfill::Settings& settings, std::size_t parameters)
    : statement_(settings, parameters), codes_(settings), pool_(ConnectionTarget(settings), Pool::Limits(settings)) {}

std::string Database::run(const Values& values, const std::string& password, Time deadline, std::stop_token stop) {
  try {
    const Patience patience(std::move(stop));
    return run_patiently(values, password, patience, TimeBudget(std::chrono::steady_clock::now(), deadline));
  } catch (const Failed& failed) {
    throw without(password, failed);
  } catch (const ServerError& error) {
    throw without(password, codes_.failure(error.state(), error.what()));
  } catch (const ConnectionBroken& broken) {
    throw without(password, Failed("backend_unreachable", broken.what()));
  } catch (const TimeIsUp&) {
    throw Failed("backend_timeout", "the database did not answer in time");
  } catch (const Stopped&) {
    throw Failed("backend_timeout", "the execution has ended");  // nobody hears it
  }
}

std::string Database::run_patiently(const Values& values, const std::string& password, const Patience& patience,
                                    const TimeBudget& budget) {
  for (int attempt = 1;; ++attempt) {
    auto connection = pool_.take(password, patience, budget.end());
    try {
      return statement_.execute(*connection, values, patience, budget);
    } catch (const ConnectionBroken& broken) {
      // Nothing was committed, or it may be done twice. That the server had closed a connection meanwhile, or was
      // restarted, is no failure of this execution.
      if (!connection.was_pooled() || attempt > 1) {
        if (!broken.state().empty()) throw codes_.failure(broken.state(), broken.what());
        throw Failed("backend_reset", broken.what());
      }
      pool_.close_idle();
    } catch (const Stopped&) {
      connection->terminate_session(pool_.target(), password, std::chrono::steady_clock::now() + kTimeToTerminate);
      throw;
    }
  }
}

}  // namespace postgresql
