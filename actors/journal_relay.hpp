// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "actors/interfaces.hpp"
#include "actors/ports/journal.hpp"

namespace fulfilld {

/// Turns what the journal's thread tells into messages to the supervisor. Made before both; connected once, before the
/// journal accepts anything; disconnected after the journal's thread has ended.
class JournalRelay final : public JournalEvents {
 public:
  void connect(supervisor_actor supervisor);
  void disconnect();

  void accepted(std::vector<ExecutionPtr> executions) override;
  void decided(std::vector<Delivery> deliveries) override;

 private:
  supervisor_actor supervisor_;
};

}  // namespace fulfilld
