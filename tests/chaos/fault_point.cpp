// SPDX-License-Identifier: Apache-2.0
#include "actors/fault_point.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace fulfilld {
namespace {

struct Fault {
  std::string_view point;
  long hit = 0;
  bool throws = false;
};

Fault wanted_fault() {
  const char* text = std::getenv("FULFILLD_FAULT");
  const std::string_view wanted = text == nullptr ? "" : text;
  const auto colon = wanted.find(':');
  if (colon == std::string_view::npos) return {};
  return {wanted.substr(0, colon), std::atol(text + colon + 1), wanted.ends_with(":throw")};
}

}  // namespace

void pass_fault_point(const char* name) {
  static const Fault fault = wanted_fault();
  static std::atomic<long> hits{0};
  if (fault.point != name) return;
  const auto hit = ++hits;
  if (fault.throws && hit % fault.hit == 0) throw std::runtime_error("a fault point threw");
  if (!fault.throws && hit == fault.hit) std::raise(SIGKILL);
}

}  // namespace fulfilld
