// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "actors/policy/occasional_report.hpp"
#include "actors/ports/observer.hpp"

namespace fulfilld {

/// Tells the log and the metrics of connections that came to nothing. What happens again and again is one line for the
/// first, then one a minute with their number. Any thread.
class DoorReport {
 public:
  /// `observer` outlives this.
  explicit DoorReport(Observer& observer);

  /// `peer` is an address without its port, `detail` what the library said, or nothing.
  void handshake_failed(HandshakeFailure why, std::string_view peer, std::string_view detail);
  /// `bound` says what is full, as a clause.
  void turned_away(std::string_view bound);
  void cannot_accept(std::string_view problem);

  /// To be called about once a second: writes the lines that are due.
  void tick(MonotonicTime now);
  /// Nothing more will come: writes what has not been told.
  void end(MonotonicTime now);

 private:
  /// One kind of trouble.
  struct Subject {
    const char* many;    ///< as in "7 more TLS handshakes failed"
    std::string latest;  ///< about the last one
    OccasionalReport report;
  };

  void happened(Subject& subject, std::string first, std::string_view latest);
  void summarize(Subject& subject, std::optional<std::uint64_t> number);

  Observer& observer_;
  std::mutex mutex_;
  Subject handshakes_;
  Subject turned_away_;
  Subject not_accepted_;
};

}  // namespace fulfilld
