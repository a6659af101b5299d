// SPDX-License-Identifier: Apache-2.0
#include "tests/chaos/chaos_run.hpp"

#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string_view>

namespace fulfilld::chaos {

int times(int short_one, int long_one) {
  const char* wanted = std::getenv("FULFILLD_CHAOS");
  return wanted != nullptr && std::string_view(wanted) == "long" ? long_one : short_one;
}

std::uint64_t seed() {
  const char* wanted = std::getenv("FULFILLD_CHAOS_SEED");
  return wanted == nullptr ? 1 : std::stoull(wanted);
}

int below(Chance& chance, int end) { return std::uniform_int_distribution<int>(0, end - 1)(chance); }

void Figures::add(std::uint64_t number, const std::string& of_what) {
  add_words(std::to_string(number) + " " + of_what);
}

void Figures::add_decimal(double number, const std::string& of_what) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << number;
  add_words(text.str() + " " + of_what);
}

void Figures::add_words(const std::string& words) { line_ += " " + words + ","; }

void Figures::print() {
  const auto passed = std::chrono::steady_clock::now() - start_;
  add(static_cast<std::uint64_t>(std::chrono::round<std::chrono::seconds>(passed).count()), "s");
  std::cout << line_ << " seed " << seed() << std::endl;
}

}  // namespace fulfilld::chaos
