// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/execution.hpp"
#include "actors/policy/blame.hpp"

namespace fulfilld {

/// What became of a request to accept an execution.
struct AcceptAnswer {
  enum class Status {
    accepted,     ///< durable; it will run
    repeated,     ///< known already (same fulfillmentUrl): nothing was written, nothing runs
    conflict,     ///< known already, with other `data` or another action
    unavailable,  ///< not durable: nothing may be promised
  };
  Status status = Status::unavailable;
  std::string execution_id;  ///< the id under which it is (or was) accepted; empty when unavailable
};

/// What the journal tells the rest. All calls come on the journal's own thread, in batches, and must not block.
class JournalEvents {
 public:
  virtual ~JournalEvents() = default;
  /// These are on stable storage and are to be run.
  virtual void accepted(std::vector<ExecutionPtr> executions) = 0;
  /// These outcomes are on stable storage and are to be delivered.
  virtual void decided(std::vector<Delivery> deliveries) = 0;
};

/// An execution that the journal holds without an ending.
struct Unfinished {
  std::shared_ptr<Execution> execution;    ///< nobody else knows it yet
  std::shared_ptr<const Outcome> outcome;  ///< null: it has yet to run
  History history;
};

/// The durable record of executions, from accept to delivered. Writers wait together for one fsync.
class Journal {
 public:
  virtual ~Journal() = default;

  /// Makes `execution` durable; blocks the calling thread until it is, or until the journal's own time limit has
  /// passed. Sets `sequence`, and replaces `id` where that id belongs to another fulfillmentUrl. On `accepted`,
  /// `JournalEvents::accepted` has been or will be called; on `unavailable` the journal may still hold the execution,
  /// so it must not be looked at again. Any thread that may block.
  virtual AcceptAnswer accept(std::shared_ptr<Execution> execution) = 0;

  /// Queues the outcome; `JournalEvents::decided` follows once it is durable. The first outcome of an execution
  /// counts, a later one is ignored. Any thread, never blocks; kept and tried again while the disk refuses.
  virtual void decide(ExecutionPtr execution, Outcome outcome) = 0;

  /// Queues the ending; it rides with the next commit, soon. Any thread, never blocks.
  virtual void end(ExecutionPtr execution, Ending ending) = 0;

  /// Queues the record of a backend attempt that failed; it rides with the next commit. Any thread, never blocks.
  virtual void note_failed_attempt(ExecutionPtr execution, Reason why) = 0;

  /// Records that an unsafe call is about to be sent, and calls `then` on the journal's thread once that is on stable
  /// storage; it must not block. Tried again while the disk refuses; never called if the process ends before. Any
  /// thread, never blocks.
  virtual void note_sending(ExecutionPtr execution, std::function<void()> then) = 0;

  /// Hands out what an earlier process left unfinished, in slices, oldest first. Once, before the first accept.
  /// Before the first slice one death is on stable storage for each execution that `blame` names and that has no
  /// outcome, or that it names itself.
  virtual void recover(const Blame& blame, const std::function<void(std::vector<Unfinished>)>& each_slice) = 0;

  /// True while commits succeed.
  [[nodiscard]] virtual bool writable() const = 0;

  /// Commits all that is queued and returns. Any thread that may block.
  virtual void flush() = 0;
};

}  // namespace fulfilld
