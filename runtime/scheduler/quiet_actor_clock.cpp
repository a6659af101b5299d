// SPDX-License-Identifier: Apache-2.0
#include "runtime/scheduler/quiet_actor_clock.hpp"

#include <caf/group.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>
#include <utility>

namespace fulfilld {

void QuietActorClock::set_ordinary_timeout(time_point when, caf::abstract_actor* self, caf::atom_value type,
                                           std::uint64_t id) {
  used_ = true;
  inner_.set_ordinary_timeout(when, self, type, id);
}

void QuietActorClock::set_multi_timeout(time_point when, caf::abstract_actor* self, caf::atom_value type,
                                        std::uint64_t id) {
  used_ = true;
  inner_.set_multi_timeout(when, self, type, id);
}

void QuietActorClock::set_request_timeout(time_point when, caf::abstract_actor* self, caf::message_id id) {
  used_ = true;
  inner_.set_request_timeout(when, self, id);
}

void QuietActorClock::cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) {
  if (used_) inner_.cancel_ordinary_timeout(self, type);
}

void QuietActorClock::cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) {
  if (used_) inner_.cancel_request_timeout(self, id);
}

void QuietActorClock::cancel_timeouts(caf::abstract_actor* self) {
  if (used_) inner_.cancel_timeouts(self);
}

void QuietActorClock::schedule_message(time_point when, caf::strong_actor_ptr receiver,
                                       caf::mailbox_element_ptr content) {
  used_ = true;
  inner_.schedule_message(when, std::move(receiver), std::move(content));
}

void QuietActorClock::schedule_message(time_point when, caf::group target, caf::strong_actor_ptr sender,
                                       caf::message content) {
  used_ = true;
  inner_.schedule_message(when, std::move(target), std::move(sender), std::move(content));
}

void QuietActorClock::cancel_all() {
  if (used_) inner_.cancel_all();
}

}  // namespace fulfilld
