// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/blame.hpp"

#include <algorithm>

namespace fulfilld {

bool Blame::names(std::uint64_t sequence) const noexcept {
  switch (on) {
    case On::nobody:
      return false;
    case On::named:
      return std::find(sequences.begin(), sequences.end(), sequence) != sequences.end();
    case On::everybody:
      return true;
  }
  return false;
}

Blame blame_for(const LastProcess& last) {
  if (!last.known || last.orderly || !last.same_boot) return {};
  if (!last.culprits.empty()) return {Blame::On::named, last.culprits};
  if (last.in_adapter_code.empty()) return {Blame::On::everybody, {}};
  return {Blame::On::named, last.in_adapter_code};
}

}  // namespace fulfilld
