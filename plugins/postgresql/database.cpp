// SPDX-License-Identifier: Apache-2.0
#include "database.hpp"

#include <chrono>
#include <cstddef>
#include <fulfill/error.hpp>
#include <utility>

namespace postgresql {
namespace {

using namespace std::chrono_literals;
using fulfill::BackendBusy;
using fulfill::Failed;
using fulfill::TryAgain;

constexpr auto kTimeToTerminate = 2s;

/// A server, too, may repeat what it was told.
std::string without(const std::string& password, std::string message) {
  if (password.empty()) return message;
  for (auto at = message.find(password); at != std::string::npos; at = message.find(password, at + 3))
    message.replace(at, password.size(), "***");
  return message;
}

}  // namespace

Database::Database(const fulfill::Settings& settings, std::size_t parameters)
    : statement_(settings, parameters), codes_(settings), pool_(ConnectionTarget(settings), Pool::Limits(settings)) {}

std::string Database::run(const Values& values, const std::string& password, Time deadline, std::stop_token stop,
                          bool& in_doubt) {
  constexpr auto kUnknown = "outcome_unknown";
  const auto doubtful = [](const Failed& failed) {
    return failed.code() + " after a COMMIT whose outcome nobody knows: " + failed.message();
  };
  try {
    return run_once(values, password, deadline, std::move(stop), in_doubt);
  } catch (const BackendBusy& busy) {
    if (!in_doubt) throw;
    throw BackendBusy(kUnknown, doubtful(busy), busy.after());
  } catch (const TryAgain& again) {
    if (!in_doubt) throw;
    throw TryAgain(kUnknown, doubtful(again), again.after());
  } catch (const Failed& failed) {
    if (!in_doubt) throw;
    throw Failed(kUnknown, doubtful(failed));
  }
}

std::string Database::run_once(const Values& values, const std::string& password, Time deadline, std::stop_token stop,
                               bool& in_doubt) {
  try {
    const Patience patience(std::move(stop));
    return run_patiently(values, password, patience, TimeBudget(std::chrono::steady_clock::now(), deadline), in_doubt);
  } catch (const BackendBusy& busy) {
    throw BackendBusy(busy.code(), without(password, busy.message()), busy.after());
  } catch (const Failed& failed) {
    const bool needs_place = failed.code() == "outcome_unknown";  // somebody will want to look there
    throw Failed(failed.code(), without(password, failed.message() + (needs_place ? at() : "")));
  } catch (const ServerError& error) {
    fail(error.state(), without(password, error.what()));
  } catch (const ConnectionBroken& broken) {
    throw BackendBusy("backend_unreachable", without(password, broken.what()));
  } catch (const TimeIsUp&) {
    throw Failed("backend_timeout", "the database did not answer in time" + at());
  } catch (const Stopped&) {
    throw Failed("backend_timeout", "the execution has ended");  // nobody hears it
  }
}

std::string Database::run_patiently(const Values& values, const std::string& password, const Patience& patience,
                                    const TimeBudget& budget, bool& in_doubt) {
  for (int attempt = 1;; ++attempt) {
    auto connection = pool_.take(password, patience, budget.end());
    try {
      return statement_.execute(*connection, values, patience, budget, in_doubt);
    } catch (const ConnectionBroken& broken) {
      // Nothing was committed, or it may be done twice. That the server had closed a connection meanwhile, or was
      // restarted, is no failure of this execution.
      if (!connection.was_pooled() || attempt > 1) {
        const auto message = broken.what() + at();
        const auto failure =
            broken.state().empty() ? Failed("backend_reset", message) : codes_.failure(broken.state(), message);
        throw BackendBusy(failure.code(), failure.message());
      }
      pool_.close_idle();
    } catch (const Stopped&) {
      connection->terminate_session(pool_.target(), password, std::chrono::steady_clock::now() + kTimeToTerminate);
      throw;
    }
  }
}

void Database::fail(const std::string& state, const std::string& message) const {
  const Failed failure = codes_.failure(state, message);
  switch (remedy_for(state, message)) {
    case Remedy::again:
      throw TryAgain(failure.code(), failure.message());
    case Remedy::later:
      throw BackendBusy(failure.code(), failure.message());
    case Remedy::none:
      break;
  }
  throw failure;
}

}  // namespace postgresql
