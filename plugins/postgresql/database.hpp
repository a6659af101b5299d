// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/operation.hpp>
#include <fulfill/settings.hpp>
#include <stop_token>
#include <string>
#include <utility>

#include "error_codes.hpp"
#include "patience.hpp"
#include "pool.hpp"
#include "statement.hpp"

namespace postgresql {

/// The one statement of an action, and the database that it goes to. Any thread, many at once.
class Database {
 public:
  /// Connects to nothing yet. Throws SettingError.
  Database(const fulfill::Settings& settings, std::size_t parameters);

  /// Executes the statement; the JSON text of its answer. Blocks, up to a moment before the deadline, or until a stop
  /// is requested; the server then ends the statement, too. Throws Failed, whose message never holds the password;
  /// TryAgain or BackendBusy if nothing was changed, or it may be done twice, and another attempt may succeed.
  /// `in_doubt`, false at first, is kept for the next attempt: an earlier one may have been committed. What this one
  /// fails for is `outcome_unknown` then.
  [[nodiscard]] std::string run(const Values& values, const std::string& password, Time deadline, std::stop_token stop,
                                bool& in_doubt);
  /// The same, where there is only one attempt.
  [[nodiscard]] std::string run(const Values& values, const std::string& password, Time deadline,
                                std::stop_token stop) {
    bool in_doubt = false;
    return run(values, password, deadline, std::move(stop), in_doubt);
  }

  /// Of the statement.
  [[nodiscard]] fulfill::Operation operation() const noexcept { return statement_.operation(); }
  [[nodiscard]] const Pool& pool() const noexcept { return pool_; }

 private:
  std::string run_once(const Values& values, const std::string& password, Time deadline, std::stop_token stop,
                       bool& in_doubt);
  std::string run_patiently(const Values& values, const std::string& password, const Patience& patience,
                            const TimeBudget& budget, bool& in_doubt);
  /// Where it is, for the end of a message.
  [[nodiscard]] std::string at() const { return " (" + pool_.target().place() + ")"; }
  [[noreturn]] void fail(const std::string& state, const std::string& message) const;

  Statement statement_;
  ErrorCodes codes_;
  Pool pool_;
};

}  // namespace postgresql
