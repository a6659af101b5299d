// SPDX-License-Identifier: Apache-2.0
#include "actors/journal_relay.hpp"

#include <caf/send.hpp>
#include <utility>

namespace fulfilld {

void JournalRelay::connect(supervisor_actor supervisor) { supervisor_ = std::move(supervisor); }

void JournalRelay::disconnect() { supervisor_ = nullptr; }

void JournalRelay::accepted(std::vector<ExecutionPtr> executions) {
  caf::anon_send(supervisor_, run_atom_v, AcceptedBatch{std::move(executions)});
}

void JournalRelay::decided(std::vector<Delivery> deliveries) {
  caf::anon_send(supervisor_, run_atom_v, DecidedBatch{std::move(deliveries)});
}

}  // namespace fulfilld
