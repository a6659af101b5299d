// SPDX-License-Identifier: Apache-2.0
#include "actors/call.hpp"

#include <caf/send.hpp>

namespace fulfilld {

CallPtr Call::again() const {
  auto copy = std::make_shared<Call>();
  copy->request = request;
  copy->requester = requester;
  copy->tag = tag;
  copy->lane = lane;
  copy->credential = credential;
  copy->last_end = last_end;
  copy->retry = retry;
  copy->background = background;
  copy->patient = patient;
  return copy;
}

void Call::finished(std::shared_ptr<HttpExchange> self) noexcept {
  caf::anon_send(pool, answered_atom_v, std::static_pointer_cast<Call>(std::move(self)));
}

}  // namespace fulfilld
