// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/execution_id.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>

namespace fulfilld {
namespace {

constexpr std::size_t longest_id = 128;

bool fits_an_id(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

void append_hex(std::string& text, std::uint64_t value) {
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[value >> shift & 0xf];
}

}  // namespace

std::string ExecutionIds::id_for(std::string_view target) {
  const auto path = target.substr(0, target.find('?'));
  const auto segment = path.substr(path.rfind('/') + 1);
  const bool usable = !segment.empty() && segment.size() <= longest_id && segment != "." && segment != ".." &&
                      std::all_of(segment.begin(), segment.end(), fits_an_id);
  return usable ? std::string(segment) : random_id();
}

std::string ExecutionIds::random_id() {
  if (!random_) {
    std::random_device device;
    std::array<std::uint32_t, 8> entropy{};
    std::generate(entropy.begin(), entropy.end(), std::ref(device));
    std::seed_seq seed(entropy.begin(), entropy.end());
    random_.emplace(seed);
  }
  std::string id;
  id.reserve(32);
  append_hex(id, (*random_)());
  append_hex(id, (*random_)());
  return id;
}

}  // namespace fulfilld
