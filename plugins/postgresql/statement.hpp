// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <fulfill/operation.hpp>
#include <fulfill/settings.hpp>
#include <string>

#include "answer.hpp"
#include "connection.hpp"
#include "local_settings.hpp"
#include "patience.hpp"

namespace postgresql {

/// How much time one execution's work has. The end is kept free for telling what has happened.
class TimeBudget {
 public:
  /// `deadline`: the execution's, at which the host ends it.
  TimeBudget(Time now, Time deadline) noexcept;

  /// When the server itself ends a statement that begins now. Throws TimeIsUp if there is no time left.
  [[nodiscard]] Time statement_end(Time now, std::chrono::milliseconds longest) const;
  /// How long its word is waited for, somewhat longer than that.
  [[nodiscard]] Time answer_end(Time statement_end) const noexcept;
  /// How long anything is waited for.
  [[nodiscard]] Time end() const noexcept { return end_; }

 private:
  Time last_statement_end_;
  Time end_;
};

/// The settings `query`, `operation`, `statement_timeout`, `set`, and what becomes of the rows. Immutable.
///
/// A safe statement runs in a read-only transaction, in one round trip. Any other one runs in a transaction that is
/// committed only after its rows have been read and found good: what fails before has changed nothing.
class Statement {
 public:
  /// `parameters`: how many values it will be given. Throws SettingError.
  Statement(const fulfill::Settings& settings, std::size_t parameters);

  /// May it be done twice?
  [[nodiscard]] fulfill::Operation operation() const noexcept { return operation_; }

  /// Executes it once; the JSON text of its answer. Throws what Connection throws (then it has changed nothing, but an
  /// idempotent one may have: `in_doubt` is set), Failed of Answer (it has changed nothing), or
  /// Failed("outcome_unknown").
  [[nodiscard]] std::string execute(Connection& connection, const Values& values, const Patience& patience,
                                    const TimeBudget& budget, bool& in_doubt) const;

 private:
  void commit(Connection& connection, const Patience& patience, const TimeBudget& budget, bool& in_doubt) const;
  static void roll_back(Connection& connection, const Patience& patience, const TimeBudget& budget);

  std::string query_;
  fulfill::Operation operation_;
  std::chrono::milliseconds timeout_;
  LocalSettings local_;
  AnswerShape shape_;
};

}  // namespace postgresql
