// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/reported_reason.hpp"

namespace fulfilld {

Reason reported_reason(std::string_view wire_name) noexcept {
  const Reason reason = reason_from_code(wire_name);
  const bool of_an_outcome = reason >= Reason::deadline && reason < Reason::callback_refused;
  if (!of_an_outcome || reason == Reason::internal_error || reason == Reason::parked) return Reason::adapter_failed;
  return reason;
}

}  // namespace fulfilld
