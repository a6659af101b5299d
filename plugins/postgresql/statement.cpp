// SPDX-License-Identifier: Apache-2.0
#include "statement.hpp"

#include <algorithm>
#include <cstddef>
#include <fulfill/error.hpp>
#include <utility>

#include "duration_setting.hpp"
#include "error_codes.hpp"
#include "sql_outline.hpp"

namespace postgresql {
namespace {

using namespace std::chrono_literals;
using fulfill::Failed;
using fulfill::Operation;
using fulfill::SettingError;
using std::chrono::milliseconds;

constexpr auto kLongestReserve = 500ms;
constexpr auto kPatienceWithServer = 500ms;
constexpr std::size_t kReadAhead = 1 << 20;

std::string checked_query(const fulfill::Settings& settings, std::size_t parameters) {
  std::string query = settings.text("query");
  const SqlOutline outline(query);
  if (query.find('\0') != std::string::npos) throw SettingError("setting \"query\" holds a NUL");
  if (!outline.complete()) throw SettingError("setting \"query\" holds a quote or a comment without an end");
  if (outline.statements() != 1)
    throw SettingError("setting \"query\" must be one statement, not " + std::to_string(outline.statements()));
  std::size_t number = 0;
  for (const auto placeholder : outline.placeholders()) {
    if (placeholder == 0) throw SettingError("setting \"query\" has a placeholder $0; they begin with $1");
    if (placeholder != ++number)
      throw SettingError("setting \"query\" has a placeholder $" + std::to_string(placeholder) + ", but no $" +
                         std::to_string(number));
  }
  if (number != parameters)
    throw SettingError("setting \"query\" has " + std::to_string(number) +
                       " different placeholders, but \"parameters\" has " + std::to_string(parameters) + " entries");
  return query;
}

}  // namespace

TimeBudget::TimeBudget(Time now, Time deadline) noexcept {
  const auto reserve = std::clamp<Time::duration>((deadline - now) / 10, 0ms, kLongestReserve);
  last_statement_end_ = deadline - reserve;
  end_ = deadline - reserve / 2;
}

Time TimeBudget::statement_end(Time now, milliseconds longest) const {
  const Time end = std::min(last_statement_end_, now + longest);
  if (end < now + 1ms) throw TimeIsUp();  // to PostgreSQL 0 ms are no limit at all
  return end;
}

Time TimeBudget::answer_end(Time statement_end) const noexcept {
  return std::min(end_, statement_end + kPatienceWithServer);
}

Statement::Statement(const fulfill::Settings& settings, std::size_t parameters)
    : query_(checked_query(settings, parameters)),
      operation_(settings.operation("operation", Operation::safe)),
      timeout_(duration_setting(settings, "statement_timeout", "1ms", "7d", "30s")),
      local_(settings),
      shape_(settings) {}

std::string Statement::execute(Connection& connection, const Values& values, const Patience& patience,
                               const TimeBudget& budget, bool& in_doubt) const {
  const Time now = std::chrono::steady_clock::now();
  const Time statement_end = budget.statement_end(now, timeout_);
  const Time until = budget.answer_end(statement_end);
  const auto milliseconds_left = std::chrono::floor<milliseconds>(statement_end - now).count();
  const bool is_safe = operation_ == Operation::safe;

  connection.limit_answer(shape_.most_bytes() + kReadAhead);
  if (!is_safe) connection.queue("BEGIN");
  connection.queue(local_.sql(is_safe), local_.values(std::to_string(milliseconds_left)));
  connection.queue(query_, values);
  connection.send(patience, until);  // without a BEGIN, that is where the transaction ends

  try {
    Answer answer(shape_);
    if (!is_safe) connection.read(patience, until);
    connection.read(patience, until);
    const auto completed = connection.read(patience, until, [&](const PGresult* row) { answer.add(row); });
    connection.read_end(patience, until);
    std::string json = std::move(answer).finish(completed.rows());
    if (!is_safe) commit(connection, patience, budget, in_doubt);
    return json;
  } catch (const AnswerTooLarge&) {
    throw Failed("answer_too_large", "a row is longer than " + std::to_string(shape_.most_bytes()) + " bytes");
  } catch (const Failed&) {
    roll_back(connection, patience, budget);
    throw;
  } catch (const ServerError&) {
    roll_back(connection, patience, budget);
    throw;
  }
}

void Statement::commit(Connection& connection, const Patience& patience, const TimeBudget& budget,
                       bool& in_doubt) const {
  const auto throw_if_idempotent = [&] {
    if (operation_ != Operation::idempotent) return;
    in_doubt = true;  // it may be done again, but if that fails it may have been done all the same
    throw;
  };
  std::string why;
  try {
    connection.queue("COMMIT");
    connection.send(patience, budget.end());
    const auto completed = connection.read(patience, budget.end());
    connection.read_end(patience, budget.end());
    if (completed.tag() == "COMMIT") return;
    throw Failed("sql_error", "the transaction was rolled back by the server");
  } catch (const ConnectionBroken& broken) {
    throw_if_idempotent();
    why = broken.what();
  } catch (const TimeIsUp&) {
    throw_if_idempotent();
    why = "the server did not answer in time";
  } catch (const ServerError& error) {
    // All else that is said of a COMMIT says that there was none.
    if (!leaves_outcome_open(error.state())) throw;
    throw_if_idempotent();
    why = error.what();
  }
  throw Failed("outcome_unknown", "COMMIT was sent, and then: " + why);
}

/// So that the connection can be used again. If it cannot, the server rolls back when it is closed.
void Statement::roll_back(Connection& connection, const Patience& patience, const TimeBudget& budget) {
  if (!connection.is_in_transaction()) return;
  try {
    connection.queue("ROLLBACK");
    connection.send(patience, budget.end());
    connection.read(patience, budget.end());
    connection.read_end(patience, budget.end());
  } catch (...) {
  }
}

}  // namespace postgresql
