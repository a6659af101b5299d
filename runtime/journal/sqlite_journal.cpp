// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/sqlite_journal.hpp"

#include <pthread.h>

#include <chrono>
#include <exception>
#include <utility>

#include "actors/fault_point.hpp"
#include "runtime/journal/damage.hpp"
#include "runtime/journal/journal_store.hpp"
#include "runtime/journal/owner_lock.hpp"

namespace fulfilld {
namespace {

using namespace std::chrono_literals;
using journal::AcceptTicketPtr;

constexpr auto idle_upkeep = 60s;
constexpr auto retry_interval = 250ms;
// With fewer who wait, waiting for more costs them more than it saves.
constexpr std::size_t gather_from = 4;
// Opening anew reads all that is open, so it is not done at each try: the 4th, 8th, 16th ...
constexpr bool is_time_to_reopen(unsigned attempt) { return attempt >= 4 && (attempt & (attempt - 1)) == 0; }

bool speaks_of_damage(const std::exception& problem) noexcept {
  const auto* error = dynamic_cast<const SQLite::Exception*>(&problem);
  return error != nullptr && journal::speaks_of_damage(*error);
}

}  // namespace

SqliteJournal::SqliteJournal(SqliteJournalOptions options, JournalEvents& events)
    : options_(std::move(options)),
      events_(events),
      lock_(std::make_unique<journal::OwnerLock>(options_.directory)),
      store_(std::make_unique<journal::JournalStore>(options_)) {}

SqliteJournal::~SqliteJournal() {
  queue_.stop();
  if (writer_.joinable()) writer_.join();
}

void SqliteJournal::start() {
  writer_ = std::thread([this] { run(); });
}

AcceptAnswer SqliteJournal::accept(std::shared_ptr<Execution> execution) {
  if (!writable()) return {};
  const auto ticket = std::make_shared<journal::AcceptTicket>(std::move(execution));
  queue_.push(ticket);
  if (ticket->wait_for(options_.accept_timeout)) return ticket->take_answer();
  stalled_ = true;
  // Given up before the writer took it: it will never be written. Otherwise it is part of a commit that hangs.
  if (ticket->claim() || !ticket->wait_for(0ms)) return {};
  stalled_ = false;
  return ticket->take_answer();
}

void SqliteJournal::decide(ExecutionPtr execution, Outcome outcome) {
  queue_.push(Delivery{std::move(execution), std::make_shared<const Outcome>(std::move(outcome))});
}

void SqliteJournal::end(ExecutionPtr execution, Ending ending) {
  queue_.push(journal::QueuedEnding{execution->sequence, ending});
}

void SqliteJournal::note_failed_attempt(ExecutionPtr execution, Reason why) {
  queue_.push(journal::QueuedAttempt{execution->sequence, why});
}

void SqliteJournal::note_sending(ExecutionPtr execution, std::function<void()> then) {
  queue_.push(journal::QueuedSending{execution->sequence, std::move(then)});
}

void SqliteJournal::take_pulse(PulsePtr pulse) { queue_.push(std::move(pulse)); }

void SqliteJournal::recover(const Blame& blame, const std::function<void(std::vector<Unfinished>)>& each_slice) {
  try {
    store_->recover(blame, each_slice);
  } catch (const SQLite::Exception& error) {
    if (journal::speaks_of_damage(error)) journal::request_full_check(store_->file());
    throw JournalError("the journal in " + options_.directory.string() + " cannot be read (" + error.what() +
                       "): check the disk, then start again");
  }
}

bool SqliteJournal::writable() const { return disk_ok_ && !stalled_; }

void SqliteJournal::flush() { queue_.flush(options_.accept_timeout); }

void SqliteJournal::run() {
  pthread_setname_np(pthread_self(), "fulfilld-jrnl");
  bool more_upkeep = true;
  for (;;) {
    auto work = queue_.take(more_upkeep ? 0ms : std::chrono::milliseconds(idle_upkeep), last_group_ >= gather_from);
    if (work.empty() && queue_.stopped()) return;
    if (!work.empty()) write(std::move(work));
    try {
      if (disk_ok_) more_upkeep = store_->upkeep();
    } catch (const std::exception& problem) {
      disk_failed(problem.what(), speaks_of_damage(problem));
    }
    if (disk_ok_ || wait_for_the_disk()) continue;
    notice(LogLevel::error, "the journal is closed while its disk refuses: " + std::to_string(queue_.unwritten()) +
                                " outcomes and endings are not recorded, their executions will run again");
    return;
  }
}

void SqliteJournal::write(journal::JournalWork work) {
  const auto amounts = work.amounts();
  std::erase_if(work.accepts, [](const AcceptTicketPtr& ticket) { return !ticket->claim(); });
  std::vector<AcceptAnswer> answers;
  std::vector<ExecutionPtr> accepted;
  std::vector<Delivery> decided;
  answers.reserve(work.accepts.size());
  if (!work.accepts.empty()) FULFILLD_FAULT_POINT("accept.before_write");
  if (!work.sendings.empty()) FULFILLD_FAULT_POINT("sending.before_write");
  if (!work.outcomes.empty()) FULFILLD_FAULT_POINT("outcome.before_write");
  if (!work.endings.empty()) FULFILLD_FAULT_POINT("ending.before_write");
  try {
    store_->begin_group();
    for (const auto& ticket : work.accepts) {
      answers.push_back(store_->accept(*ticket->execution()));
      if (answers.back().status == AcceptAnswer::Status::accepted) accepted.push_back(ticket->execution());
    }
    for (const auto& outcome : work.outcomes)
      if (store_->decide(outcome.execution->sequence, *outcome.outcome)) decided.push_back(outcome);
    for (const auto& ending : work.endings) store_->end(ending.sequence, ending.ending);
    // After the outcomes: what is decided needs no notes.
    for (const auto& attempt : work.attempts) store_->note_failed_attempt(attempt.sequence, attempt.why);
    for (const auto& sending : work.sendings) store_->note_sending(sending.sequence);
    store_->commit_group();
  } catch (const std::exception& problem) {
    store_->rollback_group();
    disk_failed(problem.what(), speaks_of_damage(problem));
    refuse(work.accepts);
    queue_.put_back(std::move(work));
    queue_.done({.accepts = amounts.accepts});
    return;
  }
  if (!work.accepts.empty()) FULFILLD_FAULT_POINT("accept.after_write");
  if (!work.sendings.empty()) FULFILLD_FAULT_POINT("sending.after_write");
  if (!work.outcomes.empty()) FULFILLD_FAULT_POINT("outcome.after_write");
  if (!work.endings.empty()) FULFILLD_FAULT_POINT("ending.after_write");
  // Cheap messages first: those who are woken take the processor away from this thread.
  if (!accepted.empty()) events_.accepted(std::move(accepted));
  if (!decided.empty()) events_.decided(std::move(decided));
  for (const auto& sending : work.sendings) sending.then();
  for (std::size_t i = 0; i < answers.size(); ++i) work.accepts[i]->answer(std::move(answers[i]));
  stalled_ = false;
  last_group_ = work.accepts.size();
  queue_.done(amounts);
}

bool SqliteJournal::wait_for_the_disk() {
  last_group_ = 0;
  for (unsigned attempt = 1;; ++attempt) {
    const bool stopping = queue_.pause(retry_interval);
    const auto accepts = queue_.take_accepts();
    refuse(accepts);
    queue_.done({.accepts = accepts.size()});
    try {
      if (!store_ || damaged_ || is_time_to_reopen(attempt)) reopen();
      store_->probe();
      damaged_ = false;
      disk_ok_ = true;
      stalled_ = false;
      notice(LogLevel::info, "the journal can be written again");
      return true;
    } catch (const std::exception&) {
      // Said once already, by disk_failed; the next try follows.
      if (stopping) return false;
    }
  }
}

void SqliteJournal::disk_failed(const std::string& problem, bool damaged) {
  disk_ok_ = false;
  damaged_ = damaged;
  committed_end_ = store_->committed_end();
  next_sequence_ = store_->next_sequence();
  if (damaged) journal::request_full_check(store_->file());
  notice(LogLevel::error, "the journal in " + options_.directory.string() + " cannot be written (" + problem +
                              "): nothing is accepted until it can; free space or check the disk");
}

void SqliteJournal::reopen() {
  store_.reset();
  auto store = std::make_unique<journal::JournalStore>(options_);
  store->resume_at(committed_end_, next_sequence_);
  store_ = std::move(store);
}

void SqliteJournal::refuse(const std::vector<AcceptTicketPtr>& accepts) {
  for (const auto& ticket : accepts) ticket->answer({});
}

void SqliteJournal::notice(LogLevel level, std::string text) const {
  if (options_.notice) options_.notice(level, std::move(text));
}

}  // namespace fulfilld
