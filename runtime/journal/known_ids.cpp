// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/known_ids.hpp"

#include <cstdint>

#include "runtime/journal/sip_hash.hpp"

namespace fulfilld::journal {

std::string chained_id(std::string_view id, std::string_view url, unsigned link) {
  constexpr std::size_t longest_id = 128;
  constexpr std::size_t suffix = 9;
  std::string chained(id.substr(0, longest_id - suffix));
  chained += '-';
  const auto hash = static_cast<std::uint32_t>(sip_hash({link, 0}, url));
  for (int shift = 28; shift >= 0; shift -= 4)
    chained += "0123456789abcdef"[(hash >> static_cast<unsigned>(shift)) & 0xfU];
  return chained;
}

}  // namespace fulfilld::journal
