// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <caf/actor_clock.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>
#include <cstdint>

namespace fulfilld {

/// CAF's own clock as it is, but for one thing: an actor that ends cancels its timeouts, which wakes CAF's clock
/// thread even though no actor here has any (alarms are the `Clock` port's). This one wakes it only after a timeout
/// has been set.
class QuietActorClock final : public caf::detail::thread_safe_actor_clock {
 public:
  explicit QuietActorClock(caf::actor_clock& inner) noexcept : inner_(inner) {}

  void set_ordinary_timeout(time_point when, caf::abstract_actor* self, caf::atom_value type,
                            std::uint64_t id) override;
  void set_multi_timeout(time_point when, caf::abstract_actor* self, caf::atom_value type, std::uint64_t id) override;
  void set_request_timeout(time_point when, caf::abstract_actor* self, caf::message_id id) override;
  void cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) override;
  void cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) override;
  void cancel_timeouts(caf::abstract_actor* self) override;
  void schedule_message(time_point when, caf::strong_actor_ptr receiver, caf::mailbox_element_ptr content) override;
  void schedule_message(time_point when, caf::group target, caf::strong_actor_ptr sender,
                        caf::message content) override;
  void cancel_all() override;

 private:
  caf::actor_clock& inner_;
  std::atomic<bool> used_{false};
};

}  // namespace fulfilld
